import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { chain, get, send, useKnownNodes } from './testing/checked';
import { keepMakingKeys } from './testing/key-maker';
import { anOrganisation, performSigned, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const BOB = '0x00000000000000000000000000000000000000bb';
const transfer = { kind: 'Native', to: BOB, amount: '5' };
type Caller = Pick<TestPerson, 'key' | 'token'>;
type EndUser = Caller & { readonly userId: string; readonly username: string; readonly walletId: string };

let platform: TestPlatform;
let admin: TestPerson;
let bot: Caller;
let end: EndUser;
let other: EndUser;
let stop: () => Promise<void> = async () => {};

const serviceAccount = async (operations: readonly string[]): Promise<Caller> => {
  const key = softwareKey();
  const made = await send(platform, admin, 'POST', '/auth/service-accounts', {
    name: `bot for ${operations.join(' ')}`,
    publicKey: key.publicKey,
  });
  const [token] = made.body.accessTokens;
  const role = await send(platform, admin, 'POST', '/permissions', { name: `of ${token.tokenId}`, operations });
  await send(platform, admin, 'POST', `/permissions/${role.body.id}/assignments`, {
    identityId: made.body.userInfo.userId,
  });
  const assert: SoftwareCredential['assert'] = (challenge) => ({ ...key.assert(challenge), credId: token.credId });
  return { key: { ...key, credId: token.credId, assert }, token: token.accessToken };
};
let count = 0;
const begin = (by: Caller, email = `end-${count++}@example.com`) =>
  performSigned(platform, by, 'POST', '/auth/registration/delegated', { email, kind: 'EndUser' });
const register = async (wallets: readonly object[] = [{ network: 'EthereumSepolia', name: 'mine' }]) => {
  const key = softwareKey();
  const begun = await begin(bot);
  const done = await platform.call('POST', '/auth/registration/enduser', {
    token: begun.body.temporaryAuthenticationToken,
    body: { firstFactorCredential: key.attest(begun.body.challenge), wallets },
  });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  const { user, authentication, wallets: made } = done.body;
  const person: EndUser = {
    key,
    token: authentication.token,
    userId: user.id,
    username: user.username,
    walletId: made[0]?.id,
  };
  return { person, body: done.body };
};

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stop = keepMakingKeys(platform, admin.orgId);
  bot = await serviceAccount(['Auth:Register:Delegated', 'Auth:Login:Delegated', 'Wallets:Read', 'Wallets:Sign']);
  end = (await register()).person;
  other = (await register()).person;
});
afterAll(async () => {
  await stop();
  await platform.close();
});

describe('registration by a service account', () => {
  test('gives a challenge at once, without a mail', async () => {
    const begun = await begin(bot);
    expect(begun).toMatchObject({ status: 200, body: { temporaryAuthenticationToken: expect.any(String) } });
  });
  test('gives a fresh challenge as long as the person has not registered, and keeps who they are', async () => {
    const first = await begin(bot, 'again@example.com');
    const second = await begin(bot, 'again@example.com');
    expect(second.body.user.id).toBe(first.body.user.id);
    expect(second.body.challenge).not.toBe(first.body.challenge);
  });
  test('is refused once they have, and for the name of an employee', async () => {
    for (const email of [end.username, admin.username])
      expect(await begin(bot, email)).toMatchObject({ status: 401, body: { message: 'User already exists.' } });
  });
  test('is for service accounts, by permission', async () => {
    expect((await begin(admin)).status).toBe(403);
    const reader = await serviceAccount(['Wallets:Read']);
    expect((await begin(reader)).body.message).toContain('Auth:Register:Delegated');
  });
  test('answers credential, user, token and wallets, and binds the managed permission', async () => {
    const { person, body } = await register();
    expect(body).toMatchObject({
      credential: { kind: 'Key' },
      user: { orgId: admin.orgId },
      wallets: [{ status: 'Active', custodial: false, name: 'mine', signingKey: { delegatedTo: person.userId } }],
    });
    const me = await get(platform, person, `/auth/users/${person.userId}`);
    expect(me.body).toMatchObject({
      kind: 'EndUser',
      isRegistered: true,
      permissionAssignments: [{ permissionName: 'DfnsDefaultEndUserAccess' }],
    });
  });
  test('is completed without wallets by the ordinary call too', async () => {
    const begun = await begin(bot);
    const key = softwareKey();
    const reply = await platform.call('POST', '/auth/registration', {
      token: begun.body.temporaryAuthenticationToken,
      body: { firstFactorCredential: key.attest(begun.body.challenge) },
    });
    expect(reply.status).toBe(200);
  });
  test('of an end user with a network that is not enabled leaves nothing', async () => {
    const begun = await begin(bot);
    const reply = await platform.call('POST', '/auth/registration/enduser', {
      token: begun.body.temporaryAuthenticationToken,
      body: {
        firstFactorCredential: softwareKey().attest(begun.body.challenge),
        wallets: [{ network: 'Ethereum' }],
      },
    });
    expect(reply.status).toBe(400);
    const user = await platform.services.getRecord(admin.orgId, 'user', begun.body.user.id);
    expect(user?.isRegistered).toBe(false);
  });
});

describe('signing in by a service account', () => {
  test('opens a session that reads, and changes nothing without the end user’s key', async () => {
    const reply = await performSigned(platform, bot, 'POST', '/auth/login/delegated', { username: end.username });
    expect(reply.status).toBe(200);
    const session = { token: reply.body.token, key: bot.key };
    expect((await get(platform, session, '/wallets')).body.items).toHaveLength(1);
    await expect(send(platform, session, 'POST', `/wallets/${end.walletId}/transfers`, transfer)).rejects.toThrow(
      'Not Authorized.',
    );
  });
  test('is refused for anybody who is no registered end user', async () => {
    await begin(bot, 'unregistered@example.com');
    for (const username of ['unregistered@example.com', admin.username, 'nobody@example.com'])
      expect(await performSigned(platform, bot, 'POST', '/auth/login/delegated', { username })).toMatchObject({
        status: 401,
        body: { message: 'User not found' },
      });
  });
});

describe('an end user', () => {
  test('moves their own wallet, which an administrator and the service account cannot', async () => {
    const path = `/wallets/${end.walletId}/transfers`;
    expect((await send(platform, end, 'POST', path, transfer)).status).toBe(200);
    for (const signer of [admin, bot]) {
      const reply = await performSigned(platform, signer, 'POST', path, transfer);
      expect(reply).toMatchObject({ status: 403 });
      expect(reply.body.message).toContain(end.userId);
    }
  });
  test('sees their own wallets, keys and requests, and nobody else’s', async () => {
    const { id: foreign } = (await send(platform, admin, 'POST', '/wallets', { network: 'EthereumSepolia' })).body;
    const keyOf = async (walletId: string) => (await get(platform, admin, `/wallets/${walletId}`)).body.signingKey.id;
    expect((await get(platform, end, '/wallets')).body.items).toMatchObject([{ id: end.walletId }]);
    expect((await get(platform, end, '/keys')).body.items).toHaveLength(1);
    expect((await get(platform, end, `/wallets/${end.walletId}/transfers`)).body.items).toHaveLength(1);
    for (const walletId of [foreign, other.walletId]) {
      const keyId = await keyOf(walletId);
      for (const path of [
        `/wallets/${walletId}`,
        `/wallets/${walletId}/transfers`,
        `/wallets/${walletId}/signatures`,
        `/keys/${keyId}`,
        `/keys/${keyId}/signatures`,
      ])
        expect((await platform.call('GET', path, { token: end.token })).status, path).toBe(404);
      const moved = await performSigned(platform, end, 'POST', `/wallets/${walletId}/transfers`, transfer);
      expect(moved.status).toBe(404);
    }
  });
  test('learns nothing about another’s wallet from a challenge', async () => {
    const init = await platform.call('POST', '/auth/action/init', {
      token: end.token,
      body: {
        userActionPayload: JSON.stringify(transfer),
        userActionHttpMethod: 'POST',
        userActionHttpPath: `/wallets/${other.walletId}/transfers`,
      },
    });
    expect(init.body.statement.context).toEqual({});
  });
  test('finds requests of others neither in the list nor by id', async () => {
    const made = await send(platform, other, 'POST', `/wallets/${other.walletId}/transfers`, {
      kind: 'Native',
      to: `0x${'ab'.repeat(20)}`,
      amount: '1',
    });
    expect(made.status).toBe(200);
    const { items } = (await get(platform, end, '/x/activities')).body;
    expect(items.every((item: { walletId: string }) => item.walletId === end.walletId)).toBe(true);
    const [foreign] = (await get(platform, other, '/x/activities')).body.items;
    expect((await platform.call('GET', `/x/activities/${foreign.id}`, { token: end.token })).status).toBe(404);
  });
});

describe('owners', () => {
  test('wallets and keys are listed by the id or the name of their owner', async () => {
    for (const owner of [`owner=${end.userId}`, `owner=${end.username}`, `ownerId=${end.userId}`])
      expect((await get(platform, admin, `/wallets?${owner}`)).body.items).toMatchObject([{ id: end.walletId }]);
    expect((await get(platform, admin, `/wallets?ownerUsername=${end.username}`)).body.items).toHaveLength(1);
    expect((await get(platform, admin, `/keys?owner=${end.username}`)).body.items).toHaveLength(1);
    expect((await get(platform, admin, '/wallets?owner=nobody')).body.items).toEqual([]);
    expect((await get(platform, end, `/wallets?owner=${other.userId}`)).body.items).toEqual([]);
  });
  test('a wallet is made for an end user, or handed over later if it never signed', async () => {
    const made = await send(platform, admin, 'POST', '/wallets', {
      network: 'EthereumSepolia',
      delegateTo: end.userId,
    });
    expect(made.body).toMatchObject({ custodial: false, signingKey: { delegatedTo: end.userId } });
    const later = { network: 'EthereumSepolia', delayDelegation: true };
    const fresh = (await send(platform, admin, 'POST', '/wallets', later)).body;
    expect(fresh.custodial).toBe(true);
    const hand = (walletId: string) =>
      send(platform, admin, 'POST', `/wallets/${walletId}/delegate`, { userId: end.userId });
    expect((await hand(fresh.id)).body).toEqual({ walletId: fresh.id, status: 'Delegated' });
    expect((await get(platform, end, `/wallets/${fresh.id}`)).body.custodial).toBe(false);
    const used = (await send(platform, admin, 'POST', '/wallets', later)).body;
    await send(platform, admin, 'POST', `/wallets/${used.id}/transfers`, transfer);
    expect((await hand(used.id)).status).toBe(409);
  });
  test('a key is handed over with every wallet on it', async () => {
    const key = { scheme: 'ECDSA', curve: 'secp256k1', delayDelegation: true };
    const { id: keyId } = (await send(platform, admin, 'POST', '/keys', key)).body;
    const wallet = { network: 'EthereumSepolia', signingKey: { id: keyId } };
    const { id } = (await send(platform, admin, 'POST', '/wallets', wallet)).body;
    const handed = await send(platform, admin, 'POST', `/keys/${keyId}/delegate`, { delegateTo: end.userId });
    expect(handed.body).toEqual({ keyId, status: 'Delegated' });
    expect((await get(platform, end, `/wallets/${id}`)).body.signingKey.delegatedTo).toBe(end.userId);
  });
});

test('replay of the ledger comes to the same state as the database', async () => {
  await chain(platform);
  expect(await compareReplayWithDatabase(platform.services.db, admin.orgId)).toEqual([]);
});
