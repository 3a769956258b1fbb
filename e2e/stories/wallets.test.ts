import { verifyMessage } from 'viem';
import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { signedCall } from '../support/signed-call';
import { fund, until } from '../support/system';
import { invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETHER = 10n ** 18n;

let admin: Person;
let bob: Person;
let wallet: Awaited<ReturnType<Person['client']['wallets']['createWallet']>>;
beforeAll(async () => {
  admin = await newOrganisation(system);
  bob = await invite(system, admin, ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Wallets:Read']);
  wallet = await admin.client.wallets.createWallet({
    body: { network: 'EthereumSepolia', name: 'Treasury', tags: ['main'] },
  });
  await fund(system, wallet.address ?? '', 100n * ETHER);
});

const send = (body: Record<string, unknown> = {}) =>
  admin.client.wallets.transferAsset({
    walletId: wallet.id,
    body: { kind: 'Native', to: RECIPIENT, amount: '1000', ...body } as never,
  });
const settled = (transferId: string) =>
  until(
    () => admin.client.wallets.getTransfer({ walletId: wallet.id, transferId }),
    (value) => ['Confirmed', 'Failed', 'Rejected'].includes(value.status),
  );

test('a wallet has an address under a key that all nodes made', async () => {
  expect(wallet).toMatchObject({
    id: expect.stringMatching(/^wa-/),
    network: 'EthereumSepolia',
    status: 'Active',
    custodial: true,
    name: 'Treasury',
    tags: ['main'],
    address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
    signingKey: {
      id: expect.stringMatching(/^key-/),
      scheme: 'ECDSA',
      curve: 'secp256k1',
      publicKey: expect.stringMatching(/^0[23][0-9a-f]{64}$/),
    },
  });
  const key = await admin.client.keys.getKey({ keyId: wallet.signingKey.id });
  expect(key).toMatchObject({
    status: 'Active',
    wallets: [{ id: wallet.id, network: 'EthereumSepolia' }],
    store: { kind: 'Mpc' },
  });
  expect((await admin.client.keys.listKeys({})).items.map((item) => item.id)).toContain(wallet.signingKey.id);
});

test('a wallet is renamed, tagged and untagged', async () => {
  expect((await admin.client.wallets.updateWallet({ walletId: wallet.id, body: { name: 'Cold' } })).name).toBe('Cold');
  expect(await admin.client.wallets.tagWallet({ walletId: wallet.id, body: { tags: ['a', 'b'] } })).toEqual({});
  expect(await admin.client.wallets.untagWallet({ walletId: wallet.id, body: { tags: ['a'] } })).toEqual({});
  expect((await admin.client.wallets.getWallet({ walletId: wallet.id })).tags).toEqual(['main', 'b']);
});

test('assets show the native balance', async () => {
  const assets = await admin.client.wallets.getWalletAssets({ walletId: wallet.id });
  expect(assets.assets[0]).toMatchObject({ kind: 'Native', decimals: 18, balance: expect.stringMatching(/^\d+$/) });
});

test('an ungoverned transfer is confirmed with hash and fee', async () => {
  const transfer = await send();
  expect(transfer).toMatchObject({
    id: expect.stringMatching(/^xfr-/),
    walletId: wallet.id,
    requester: { userId: admin.userId },
    requestBody: { kind: 'Native', amount: '1000' },
  });
  expect(transfer.status).not.toBe('Pending');
  const final = await settled(transfer.id);
  expect(final).toMatchObject({
    status: 'Confirmed',
    txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    fee: expect.stringMatching(/^\d+$/),
    dateConfirmed: expect.any(String),
  });
});

test('the same externalId and body are the same transfer, another body is a conflict', async () => {
  const externalId = `invoice-${Date.now()}`;
  const first = await send({ externalId });
  const second = await send({ externalId });
  expect(second.id).toBe(first.id);
  await expect(send({ externalId, amount: '2000' })).rejects.toMatchObject({ httpStatus: 409 });
  await settled(first.id);
});

test('an approval policy holds a transfer until its approver agrees', async () => {
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'Bob agrees',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      filters: { walletId: { in: [wallet.id] } },
      action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: { userId: { in: [bob.userId] } } }] },
    } as never,
  });
  const transfer = await send();
  expect(transfer).toMatchObject({ status: 'Pending', approvalId: expect.stringMatching(/^ap-/) });
  const approval = await bob.client.policies.getApproval({ approvalId: transfer.approvalId ?? '' });
  expect(approval).toMatchObject({
    status: 'Pending',
    activity: { kind: 'Wallets:Sign', transferRequest: { id: transfer.id, status: 'Pending' } },
  });
  expect(
    (await bob.client.policies.listApprovals({ query: { status: 'Pending' } })).items.map((item) => item.id),
  ).toContain(transfer.approvalId);
  await bob.client.policies.createApprovalDecision({
    approvalId: transfer.approvalId ?? '',
    body: { value: 'Approved' },
  });
  expect((await settled(transfer.id)).status).toBe('Confirmed');
  const denied = await send();
  await bob.client.policies.createApprovalDecision({ approvalId: denied.approvalId ?? '', body: { value: 'Denied' } });
  expect((await settled(denied.id)).status).toBe('Rejected');
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('an amount above the limit is blocked, kept as rejected and says why', async () => {
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'Limit',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'TransactionAmountLimit', configuration: { limit: 3000, currency: 'USD' } },
      filters: { walletId: { in: [wallet.id] } },
      action: { kind: 'Block' },
    } as never,
  });
  const refused = (await send({ amount: String(2n * ETHER) }).catch((error: unknown) => error)) as {
    httpStatus: number;
    message: string;
  };
  expect(refused.httpStatus).toBe(403);
  expect(refused.message).toContain('Transfer amount (USD 6000) is above limit (USD 3000).');
  const kept = (await admin.client.wallets.listTransfers({ walletId: wallet.id })).items[0];
  expect(kept).toMatchObject({ status: 'Rejected', requestBody: { amount: String(2n * ETHER) } });
  expect((await settled((await send({ amount: '1000' })).id)).status).toBe('Confirmed');
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a recipient outside the whitelist is blocked', async () => {
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'Known only',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'TransactionRecipientWhitelist', configuration: { addresses: [RECIPIENT.toLowerCase()] } },
      filters: { walletId: { in: [wallet.id] } },
      action: { kind: 'Block' },
    } as never,
  });
  await expect(send({ to: '0x000000000000000000000000000000000000dEaD' })).rejects.toMatchObject({ httpStatus: 403 });
  expect((await settled((await send()).id)).status).toBe('Confirmed');
  await admin.client.policies.archivePolicy({ policyId: policy.id });
});

test('a message signature verifies under the wallet address', async () => {
  const message = 'hello countersign';
  const signature = await admin.client.wallets.generateSignature({
    walletId: wallet.id,
    body: { kind: 'Message', message: `0x${Buffer.from(message).toString('hex')}` },
  });
  expect(signature).toMatchObject({
    id: expect.stringMatching(/^sig-/),
    status: 'Signed',
    signature: { r: expect.stringMatching(/^0x[0-9a-f]{64}$/), s: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
  });
  expect(typeof signature.signature?.recid).toBe('number');
  const encoded = signature.signature?.encoded as `0x${string}`;
  expect(await verifyMessage({ address: wallet.address as `0x${string}`, message, signature: encoded })).toBe(true);
  expect((await admin.client.wallets.getSignature({ walletId: wallet.id, signatureId: signature.id })).status).toBe(
    'Signed',
  );
});

test('a hash is signed with a bare key', async () => {
  const signature = await admin.client.keys.generateSignature({
    keyId: wallet.signingKey.id,
    body: { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` },
  });
  expect(signature).toMatchObject({ keyId: wallet.signingKey.id, status: 'Signed' });
  expect(
    (await admin.client.keys.listSignatures({ keyId: wallet.signingKey.id })).items.map((item) => item.id),
  ).toContain(signature.id);
});

test('an Eip1559 transaction is broadcast and confirmed', async () => {
  const transaction = await admin.client.wallets.broadcastTransaction({
    walletId: wallet.id,
    body: { kind: 'Eip1559', to: RECIPIENT, value: '5' },
  });
  expect(transaction.id).toMatch(/^tx-/);
  const final = await until(
    () => admin.client.wallets.getTransaction({ walletId: wallet.id, transactionId: transaction.id }),
    (value) => ['Confirmed', 'Failed', 'Rejected'].includes(value.status),
  );
  expect(final.status).toBe('Confirmed');
});

test('what the network asks for a transaction is told in three bids', async () => {
  const fees = await admin.client.networks.getFees({ query: { network: 'EthereumSepolia' } });
  if (fees.kind !== 'Eip1559') throw new Error(fees.kind);
  const [slow, standard, fast] = [fees.slow, fees.standard, fees.fast].map((bid) => BigInt(bid.maxFeePerGas));
  expect([slow, standard, fast]).toEqual([slow, standard, fast].sort((a = 0n, b = 0n) => (a < b ? -1 : 1)));
  expect(fees.blockNumber).toBeGreaterThan(0);
});

test('the history of all wallets holds what was confirmed, and the key has a name', async () => {
  const span = {
    startTime: new Date(Date.now() - 3_600_000).toISOString(),
    endTime: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const history = await until(
    () => admin.client.wallets.listOrgWalletHistory({ query: span }),
    (found) => typeof found !== 'string' && found.items.some(({ direction }) => direction === 'Out'),
  );
  expect(history).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ walletId: wallet.id, feeSymbol: 'ETH' })]),
  });
  const keyId = wallet.signingKey.id;
  expect(await admin.client.keys.updateKey({ keyId, body: { name: 'Cold key' } })).toMatchObject({ name: 'Cold key' });
  expect((await admin.client.signers.listKeyStores()).items).toMatchObject([{ kind: 'Mpc', primary: true }]);
});

test('kinds of later versions answer 501 in the error shape', async () => {
  await expect(
    admin.client.wallets.transferAsset({
      walletId: wallet.id,
      body: { kind: 'Erc721', contract: RECIPIENT, to: RECIPIENT, tokenId: '1' },
    }),
  ).rejects.toMatchObject({ httpStatus: 501 });
});

test('unknown and unsupported properties are refused and named', async () => {
  await expect(send({ colour: 'red' })).rejects.toMatchObject({
    httpStatus: 400,
    message: expect.stringContaining('colour'),
  });
  await expect(send({ feeSponsorId: 'fs-1' })).rejects.toMatchObject({
    httpStatus: 400,
    message: expect.stringContaining('not supported'),
  });
});

test('amounts are digits and nothing else', async () => {
  for (const amount of ['1e18', '0x10', '-1', '1.5', '+1', ' 1', ''])
    await expect(send({ amount })).rejects.toMatchObject({ httpStatus: 400 });
});

test('freeze stops requests at once and un-freeze lets them through again', async () => {
  const act = (path: string, body: object) => signedCall(system, admin, 'POST', path, body);
  expect((await act('/x/freeze', { walletId: wallet.id })).status).toBe(200);
  await expect(send()).rejects.toMatchObject({ httpStatus: 409 });
  expect((await act('/x/unfreeze', { walletId: wallet.id })).status).toBe(200);
  expect((await settled((await send()).id)).status).toBe('Confirmed');
});

test('fifty transfers at once against a count limit of ten: exactly ten pass', async () => {
  const fresh = await admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia', name: 'Hot' } });
  await fund(system, fresh.address ?? '', 10n * ETHER);
  await admin.client.policies.createPolicy({
    body: {
      name: 'Ten an hour',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'TransactionCountVelocity', configuration: { limit: 10, timeframe: 60 } },
      filters: { walletId: { in: [fresh.id] } },
      action: { kind: 'Block' },
    } as never,
  });
  const asked = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      admin.client.wallets.transferAsset({
        walletId: fresh.id,
        body: { kind: 'Native', to: RECIPIENT, amount: String(i + 1) },
      }),
    ),
  );
  expect(asked.filter((item) => item.status === 'fulfilled')).toHaveLength(10);
  for (const item of asked) if (item.status === 'rejected') expect(item.reason).toMatchObject({ httpStatus: 403 });
  const final = await until(
    () => admin.client.wallets.listTransfers({ walletId: fresh.id, query: { limit: 100 } } as never),
    ({ items }) => items.filter((item) => item.status === 'Confirmed').length === 10,
  );
  expect(final.items.filter((item) => item.status === 'Rejected')).toHaveLength(40);
});

test('what no chain would take is refused before anybody is asked', async () => {
  for (const to of ['0x00', 'bob.eth', RECIPIENT.slice(2)])
    await expect(send({ to })).rejects.toMatchObject({ httpStatus: 400 });
  await expect(send({ amount: '9'.repeat(78) })).rejects.toMatchObject({ httpStatus: 400 });
  const broadcast = (body: object) =>
    admin.client.wallets.broadcastTransaction({ walletId: wallet.id, body: body as never });
  await expect(broadcast({ kind: 'Evm' })).rejects.toMatchObject({ httpStatus: 400 });
  await expect(broadcast({ kind: 'Eip1559', to: RECIPIENT, gasLimit: '100' })).rejects.toMatchObject({
    httpStatus: 400,
    message: expect.stringContaining('gasLimit'),
  });
});

test('a mainnet wallet is refused while the operator has not switched mainnets on', async () => {
  await expect(admin.client.wallets.createWallet({ body: { network: 'Ethereum' } })).rejects.toMatchObject({
    httpStatus: 400,
    message: 'network not enabled: Ethereum',
  });
});
