import { beforeAll, expect, test } from 'vitest';
import { attest, type KeyCredential, newKeyCredential } from '../support/key-credential';
import { clientFor, type Person } from '../support/person';
import { fund, until } from '../support/system';
import { newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETHER = 10n ** 18n;

let admin: Person;
let robot: Person['client'];
let robotId: string;
beforeAll(async () => {
  admin = await newOrganisation(system);
  const credential = newKeyCredential();
  const account = await admin.client.auth.createServiceAccount({
    body: { name: 'onboarding', publicKey: credential.publicKey },
  });
  robotId = account.userInfo.userId;
  const [token] = account.accessTokens;
  const role = await admin.client.permissions.createPermission({
    body: {
      name: 'onboarding',
      operations: [
        'Auth:Register:Delegated',
        'Auth:Login:Delegated',
        'Wallets:Read',
        'Wallets:Transfers:Create',
        'Wallets:Transfers:Read',
      ],
    },
  });
  await admin.client.permissions.createAssignment({ permissionId: role.id, body: { identityId: robotId } });
  robot = clientFor(system.baseUrl, {
    orgId: admin.orgId,
    token: token?.accessToken ?? '',
    credential: { ...credential, credId: token?.credId ?? '' },
  });
});

/** An end user registers through the integrator's back end: the service account asks, the person's own key answers. */
const register = async (email: string) => {
  const challenge = await robot.auth.createDelegatedRegistrationChallenge({ body: { email, kind: 'EndUser' } });
  const credential = newKeyCredential();
  const anyone = clientFor(system.baseUrl, {
    orgId: admin.orgId,
    token: challenge.temporaryAuthenticationToken,
    credential,
  });
  const registered = await anyone.auth.registerEndUser({
    body: {
      firstFactorCredential: attest(credential, challenge.challenge),
      wallets: [{ network: 'EthereumSepolia', name: 'Pocket' }],
    },
  });
  return { credential, registered };
};
const clientOf = (token: string, credential: KeyCredential) =>
  clientFor(system.baseUrl, { orgId: admin.orgId, token, credential });
const send = (client: Person['client'], walletId: string) =>
  client.wallets.transferAsset({ walletId, body: { kind: 'Native', to: RECIPIENT, amount: '1000' } });

test('an end user gets a wallet of their own, and only their key moves it', async () => {
  const { credential, registered } = await register(`pocket-${Date.now()}@example.org`);
  const [wallet] = registered.wallets;
  const token = (registered as unknown as { authentication: { token: string } }).authentication.token;
  expect(wallet).toMatchObject({
    network: 'EthereumSepolia',
    custodial: false,
    signingKey: { delegatedTo: registered.user.id },
  });
  const walletId = wallet?.id ?? '';
  await fund(system, wallet?.address ?? '', ETHER);
  const person = clientOf(token, credential);
  const transfer = await send(person, walletId);
  const final = await until(
    () => person.wallets.getTransfer({ walletId, transferId: transfer.id }),
    (value) => ['Confirmed', 'Failed', 'Rejected'].includes(value.status),
  );
  expect(final).toMatchObject({ status: 'Confirmed', txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
  for (const client of [robot, admin.client])
    await expect(send(client, walletId)).rejects.toMatchObject({ httpStatus: 403 });
});

test('a policy of the organisation does not stand between an end user and their wallet', async () => {
  const { credential, registered } = await register(`free-${Date.now()}@example.org`);
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'nothing leaves',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger' },
      action: { kind: 'Block' },
    } as never,
  });
  const token = (registered as unknown as { authentication: { token: string } }).authentication.token;
  const walletId = registered.wallets[0]?.id ?? '';
  const signed = await clientOf(token, credential).wallets.generateSignature({
    walletId,
    body: { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` },
  });
  expect(signed).toMatchObject({ status: 'Signed', signature: { r: expect.any(String) } });
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a service account signs an end user in, and still cannot act for them', async () => {
  const email = `again-${Date.now()}@example.org`;
  const { credential, registered } = await register(email);
  const { token } = await robot.auth.delegatedLogin({ body: { username: email } });
  const walletId = registered.wallets[0]?.id ?? '';
  const person = clientOf(token, credential);
  expect((await person.wallets.listWallets({})).items.map((item) => item.id)).toEqual([walletId]);
  const thief = clientOf(token, newKeyCredential());
  await expect(send(thief, walletId)).rejects.toBeDefined();
  expect((await send(person, walletId)).status).not.toBe('Rejected');
});

test('a registered end user is not begun anew', async () => {
  const email = `once-${Date.now()}@example.org`;
  await register(email);
  await expect(
    robot.auth.createDelegatedRegistrationChallenge({ body: { email, kind: 'EndUser' } }),
  ).rejects.toMatchObject({ httpStatus: 401, message: 'User already exists.' });
});

test('a wallet that never signed is handed to an end user, one that did stays', async () => {
  const { credential, registered } = await register(`later-${Date.now()}@example.org`);
  const token = (registered as unknown as { authentication: { token: string } }).authentication.token;
  const make = () => admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia', delayDelegation: true } });
  const fresh = await make();
  const used = await make();
  await admin.client.wallets.generateSignature({
    walletId: used.id,
    body: { kind: 'Hash', hash: `0x${'cd'.repeat(32)}` },
  });
  const userId = registered.user.id;
  expect(await admin.client.wallets.delegateWallet({ walletId: fresh.id, body: { userId } })).toEqual({
    walletId: fresh.id,
    status: 'Delegated',
  });
  await expect(
    admin.client.keys.delegateKey({ keyId: used.signingKey.id, body: { delegateTo: userId } }),
  ).rejects.toMatchObject({ httpStatus: 409 });
  const signed = await clientOf(token, credential).wallets.generateSignature({
    walletId: fresh.id,
    body: { kind: 'Hash', hash: `0x${'ef'.repeat(32)}` },
  });
  expect(signed.status).toBe('Signed');
});
