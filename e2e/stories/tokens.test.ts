import type { DfnsApiClient } from '@dfns/sdk';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyCredential, newKeyCredential } from '../support/key-credential';
import { clientFor, type Person, signIn } from '../support/person';
import { signedCall } from '../support/signed-call';
import { until } from '../support/system';
import { newPayer, type Payer, settled } from '../support/transfers';
import { call, invite, theSystem } from '../support/world';

const system = theSystem();
const SPENDS = ['Wallets:Read', 'Wallets:Transfers:Create', 'Wallets:Transfers:Read'] as const;
const RECIPIENT = `0x${'ab'.repeat(20)}`;
let payer: Payer;
let admin: Person;
beforeAll(async () => {
  payer = await newPayer(system);
  admin = payer.admin;
});

/** Somebody's personal access token, through the SDK like its owner. */
type Token = { readonly tokenId: string; readonly bearer: string; readonly client: DfnsApiClient };

const roleOf = async (operations: readonly string[]): Promise<string> =>
  (
    await admin.client.permissions.createPermission({
      body: { name: `Role ${Date.now()} ${Math.random()}`, operations: operations as never },
    })
  ).id;

const tokenOf = async (owner: Person, operations: readonly string[] = [], more: object = {}): Promise<Token> => {
  const key: KeyCredential = newKeyCredential('Ed25519');
  const made = await owner.client.auth.createPersonalAccessToken({
    body: { name: 'laptop', publicKey: key.publicKey, ...more },
  });
  expect(made).toMatchObject({
    kind: 'Pat',
    isActive: true,
    linkedUserId: owner.userId,
    publicKey: expect.any(String),
  });
  if (operations.length > 0)
    await admin.client.permissions.createAssignment({
      permissionId: await roleOf(operations),
      body: { identityId: made.tokenId },
    });
  const bearer = made.accessToken ?? '';
  const credential = { ...key, credId: made.credId };
  return {
    tokenId: made.tokenId,
    bearer,
    client: clientFor(system.baseUrl, { orgId: owner.orgId, token: bearer, credential }),
  };
};

const spend = (client: DfnsApiClient, amount = '1000') =>
  client.wallets.transferAsset({ walletId: payer.walletId, body: { kind: 'Native', to: RECIPIENT, amount } });
const refusal = (httpStatus: number) => ({ httpStatus });

describe('a personal access token', () => {
  test('moves value within what both it and its owner may', async () => {
    const owner = await invite(system, admin, ['Auth:Pats:Create', ...SPENDS]);
    const token = await tokenOf(owner, SPENDS);
    const { id: transferId } = await spend(token.client);
    const final = await settled(payer, { transferId, recipient: RECIPIENT, amount: 1000n });
    expect(final).toMatchObject({ status: 'Confirmed', requester: { userId: owner.userId, tokenId: token.tokenId } });
  });

  test('moves nothing that it was not given, and nothing that its owner may not move', async () => {
    const spender = await invite(system, admin, ['Auth:Pats:Create', ...SPENDS]);
    const reading = await tokenOf(spender, ['Wallets:Read']);
    expect((await reading.client.wallets.listWallets({})).items).toHaveLength(1);
    await expect(spend(reading.client)).rejects.toMatchObject(refusal(403));
    const reader = await invite(system, admin, ['Auth:Pats:Create', 'Wallets:Read']);
    const beyond = await tokenOf(reader, SPENDS);
    expect((await beyond.client.wallets.listWallets({})).items).toHaveLength(1);
    await expect(spend(beyond.client)).rejects.toMatchObject(refusal(403));
  });

  test('is listed, read, renamed, deactivated, activated and archived by its owner', async () => {
    const owner = await invite(system, admin, ['Auth:Pats:Create']);
    const { tokenId, client } = await tokenOf(owner);
    const own = owner.client.auth;
    expect((await own.listPersonalAccessTokens()).items.map((item) => item.tokenId)).toEqual([tokenId]);
    expect(await own.getPersonalAccessToken({ tokenId })).not.toHaveProperty('accessToken');
    const body = { name: 'desk', externalId: 'x-1' };
    expect(await own.updatePersonalAccessToken({ tokenId, body })).toMatchObject({ name: 'desk' });
    expect(await own.deactivatePersonalAccessToken({ tokenId })).toMatchObject({ isActive: false });
    await expect(client.auth.listPersonalAccessTokens()).rejects.toMatchObject(refusal(401));
    expect(await own.activatePersonalAccessToken({ tokenId })).toMatchObject({ isActive: true });
    expect((await client.auth.listPersonalAccessTokens()).items).toHaveLength(1);
    expect(await own.archivePersonalAccessToken({ tokenId })).toMatchObject({ isActive: false });
    await expect(client.auth.listPersonalAccessTokens()).rejects.toMatchObject(refusal(401));
    await expect(own.getPersonalAccessToken({ tokenId })).rejects.toMatchObject(refusal(404));
  });

  test('holds the permission it was made with, and ends after its seconds', async () => {
    const permissionId = await roleOf(['Wallets:Read']);
    const token = await tokenOf(admin, [], { permissionId, secondsValid: 3 });
    const read = await admin.client.auth.getPersonalAccessToken({ tokenId: token.tokenId });
    expect(read.permissionAssignments.map((held) => held.permissionId)).toEqual([permissionId]);
    const answer = () => call(system, 'GET', '/wallets', { token: token.bearer });
    await until(answer, ({ status }) => status === 401, 20_000);
  });

  test('makes no further tokens', async () => {
    const token = await tokenOf(admin, ['Auth:Pats:Create']);
    const body = { name: 'more', publicKey: newKeyCredential().publicKey };
    await expect(token.client.auth.createPersonalAccessToken({ body })).rejects.toMatchObject(refusal(403));
  });
});

describe('a person who is deactivated', () => {
  const askBoth = (ids: readonly string[], walletId: string) =>
    admin.client.policies.createPolicy({
      body: {
        name: `Both agree ${Date.now()}`,
        activityKind: 'Wallets:Sign',
        rule: { kind: 'AlwaysTrigger', configuration: {} },
        filters: { walletId: { in: [walletId] } },
        action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 2, approvers: { userId: { in: ids } } }] },
      } as never,
    });
  const approve = (who: Person, approvalId: string) =>
    who.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } });

  test('is 401 at once with sessions and tokens, and in again after activation and a new sign-in', async () => {
    const person = await invite(system, admin, ['Auth:Pats:Create']);
    const token = await tokenOf(person);
    expect(await admin.client.auth.deactivateUser({ userId: person.userId })).toMatchObject({ isActive: false });
    for (const client of [person.client, token.client])
      await expect(client.auth.listCredentials()).rejects.toMatchObject(refusal(401));
    await admin.client.auth.activateUser({ userId: person.userId });
    await expect(person.client.auth.listCredentials()).rejects.toMatchObject(refusal(401));
    const again = await signIn(system.baseUrl, person);
    expect((await again.client.auth.listCredentials()).items.length).toBeGreaterThan(0);
  });

  test('votes no more: the request waits until two who are there agree', async () => {
    const may = ['Policies:Approvals:Approve', 'Policies:Approvals:Read'];
    const [ann, ben, cat] = [
      await invite(system, admin, may),
      await invite(system, admin, may),
      await invite(system, admin, may),
    ];
    const policy = await askBoth([ann.userId, ben.userId, cat.userId], payer.walletId);
    const { id: transferId, approvalId = '' } = await spend(admin.client);
    await approve(ann, approvalId);
    await admin.client.auth.deactivateUser({ userId: ann.userId });
    await approve(ben, approvalId);
    expect(await admin.client.wallets.getTransfer({ walletId: payer.walletId, transferId })).toMatchObject({
      status: 'Pending',
    });
    await approve(cat, approvalId);
    expect(await settled(payer, { transferId, recipient: RECIPIENT, amount: 1000n })).toMatchObject({
      status: 'Confirmed',
    });
    await admin.client.policies.archivePolicy({ policyId: policy.id });
  });

  test('may not be the last administrator; an archived one is gone', async () => {
    await expect(admin.client.auth.deactivateUser({ userId: admin.userId })).rejects.toMatchObject(refusal(409));
    const person = await invite(system, admin);
    expect(await admin.client.auth.archiveUser({ userId: person.userId })).toMatchObject({ isActive: false });
    await expect(admin.client.auth.getUser({ userId: person.userId })).rejects.toMatchObject(refusal(404));
  });
});

test('a service account is renamed, deactivated, activated and archived', async () => {
  const key = newKeyCredential();
  const made = await admin.client.auth.createServiceAccount({ body: { name: 'robot', publicKey: key.publicKey } });
  const { userId: serviceAccountId } = made.userInfo;
  const token = made.accessTokens[0]?.accessToken ?? '';
  const status = async () => (await call(system, 'GET', '/auth/credentials', { token })).status;
  const { auth } = admin.client;
  const renamed = await auth.updateServiceAccount({ serviceAccountId, body: { name: 'android' } });
  expect(renamed.userInfo.username).toBe('android');
  await auth.deactivateServiceAccount({ serviceAccountId, body: {} });
  expect(await status()).toBe(401);
  await auth.activateServiceAccount({ serviceAccountId });
  expect(await status()).toBe(200);
  await auth.archiveServiceAccount({ serviceAccountId, query: { force: true } } as never);
  expect(await status()).toBe(401);
  await expect(auth.getServiceAccount({ serviceAccountId })).rejects.toMatchObject(refusal(404));
});

test('a lost session is found in the list and revoked', async () => {
  const lost = await signIn(system.baseUrl, admin);
  const list = async () => (await call(system, 'GET', '/x/sessions', { token: admin.token })).body.items;
  const items = (await list()) as { sessionId: string; isCurrent: boolean }[];
  const other = items.find((item) => !item.isCurrent);
  const revoked = await signedCall(system, admin, 'DELETE', `/x/sessions/${other?.sessionId}`, {});
  expect(revoked.status).toBe(200);
  await expect(lost.client.auth.listCredentials()).rejects.toMatchObject(refusal(401));
  expect(await list()).toHaveLength(items.length - 1);
});

test('there are no applications', async () => {
  expect(await admin.client.auth.listApplications()).toEqual({ items: [] });
});
