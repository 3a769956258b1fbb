import { DfnsError } from '@dfns/sdk';
import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import type { Seen, Told } from '../support/screening-vendor';
import { fund, until } from '../support/system';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const CLEAN = '0x00000000000000000000000000000000005c0001';
const LISTED = '0x00000000000000000000000000000000005c0002';
const FAILING = '0x00000000000000000000000000000000005c0003';
const LATER = '0x00000000000000000000000000000000005c0004';

let admin: Person;
let ann: Person;
let wallet: { readonly id: string; readonly address: string };

/** Tells the stand-in for Chainalysis how it is from now on. @returns what it has seen. */
const tell = async (told: Told): Promise<readonly Seen[]> => {
  const url = new URL('/stand-in', process.env.E2E_VENDOR_URL);
  return (await (await fetch(url, { method: 'POST', body: JSON.stringify(told) })).json()) as readonly Seen[];
};
const registered = (seen: readonly Seen[], address: string): readonly Seen[] =>
  seen.filter(({ body }) => (body as { address?: string } | null)?.address === address);

const screens = (name: string, walletId: string, action: unknown) =>
  admin.client.policies.createPolicy({
    body: {
      name,
      activityKind: 'Wallets:Sign',
      rule: {
        kind: 'ChainalysisTransactionPrescreening',
        configuration: {
          alerts: { alertLevel: 'HIGH', categoryIds: [] },
          exposures: { direct: { categoryIds: [8] } },
          addresses: { categoryIds: [3] },
          userIdTemplate: 'desk {wallet.id}',
          fallbackBehaviours: SKIP_NOTHING,
        },
      },
      action,
      filters: { walletId: { in: [walletId] } },
    } as never,
  });
const SKIP_NOTHING = {
  skipUnscreenableTransaction: false,
  skipUnsupportedNetwork: false,
  skipUnsupportedAsset: false,
  skipChainalysisFailure: false,
};
const newWallet = async () => {
  const { id, address = '' } = await admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia' } });
  await fund(system, address, 10n ** 18n);
  return { id, address };
};
const send = (to: string, walletId = wallet.id) =>
  admin.client.wallets.transferAsset({ walletId, body: { kind: 'Native', to, amount: '1000' } });
const settled = (transferId: string, walletId = wallet.id) =>
  until(
    () => admin.client.wallets.getTransfer({ walletId, transferId }),
    ({ status }) => ['Confirmed', 'Failed', 'Rejected'].includes(status),
  );
const askAnn = () => ({
  kind: 'RequestApproval',
  approvalGroups: [{ name: 'Ann', quorum: 1, approvers: { userId: { in: [ann.userId] } } }],
});
const approve = (approvalId: string) =>
  ann.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } });

beforeAll(async () => {
  await tell({ listed: [LISTED], failing: [FAILING] });
  admin = await newOrganisation(system);
  ann = await invite(system, admin, ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Wallets:Read']);
  wallet = await newWallet();
  await screens('Nobody on the list', wallet.id, { kind: 'Block' });
});

test('a transfer to nobody in particular passes, and the vendor was told of it under the wallet’s name', async () => {
  const sent = await send(CLEAN);
  expect((await settled(sent.id)).status).toBe('Confirmed');
  const [seen] = registered(await tell({}), CLEAN);
  expect(seen).toMatchObject({
    path: `/kyt/users/${encodeURIComponent(`desk ${wallet.id}`)}/withdrawal-attempts`,
    body: { network: 'Ethereum', asset: 'ETH', assetAmount: 1e-15 },
  });
});

test('a transfer to somebody on the list is blocked, and the reason says who found what', async () => {
  const refusal = await send(LISTED).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DfnsError);
  expect(refusal).toMatchObject({
    httpStatus: 403,
    message: expect.stringContaining('Screening by Chainalysis KYT found: SEVERE alert “sanctions” (3).'),
  });
  const { items } = await admin.client.wallets.listTransfers({ walletId: wallet.id });
  const blocked = items.find(({ status }) => status === 'Rejected');
  const { body } = await call(system, 'GET', `/x/activities/${blocked?.id}/decision`, { token: admin.token });
  expect(body).toMatchObject({
    outcome: 'Block',
    policies: [{ rule: 'ChainalysisTransactionPrescreening', compared: { what: 'screening' } }],
  });
});

test('where the vendor fails the request asks for approval, and is signed once it has it', async () => {
  const asking = await newWallet();
  await screens('Ask about the list', asking.id, askAnn());
  const sent = await send(FAILING, asking.id);
  expect(sent.status).toBe('Pending');
  const { policyEvaluations } = await ann.client.policies.getApproval({ approvalId: sent.approvalId ?? '' });
  expect(policyEvaluations).toMatchObject([{ reason: expect.stringContaining('did not answer') }]);
  await approve(sent.approvalId ?? '');
  expect((await settled(sent.id, asking.id)).status).toBe('Confirmed');
});

test('a hit found right before signing is blocked, although it was approved when there was none', async () => {
  const watched = await newWallet();
  await screens('Nobody on the list', watched.id, { kind: 'Block' });
  await admin.client.policies.createPolicy({
    body: {
      name: 'Ann agrees',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: askAnn(),
      filters: { walletId: { in: [watched.id] } },
    } as never,
  });
  const sent = await send(LATER, watched.id);
  expect(sent.status).toBe('Pending');
  await tell({ listed: [LISTED, LATER] });
  await approve(sent.approvalId ?? '');
  expect(await settled(sent.id, watched.id)).toMatchObject({
    status: 'Rejected',
    reason: expect.stringContaining('SEVERE alert'),
  });
  expect(registered(await tell({}), LATER)).toHaveLength(2);
});

test('what comes in from somebody on the list is in the history of the wallet, with what the policy said', async () => {
  const receiving = await newWallet();
  await admin.client.policies.createPolicy({
    body: {
      name: 'Note who pays us',
      activityKind: 'Wallets:IncomingTransaction',
      rule: {
        kind: 'ChainalysisTransactionScreening',
        configuration: {
          alerts: { alertLevel: 'HIGH', categoryIds: [] },
          exposures: { direct: { categoryIds: [] } },
          fallbackBehaviours: SKIP_NOTHING,
        },
      },
      action: { kind: 'NoAction' },
      filters: { walletId: { in: [receiving.id] } },
    } as never,
  });
  const payer = await newWallet();
  // The vendor is told of the transaction, and knows by itself who sent it.
  await tell({ listed: [LISTED, receiving.address] });
  const sent = await send(receiving.address, payer.id);
  expect((await settled(sent.id, payer.id)).status).toBe('Confirmed');
  const paid = async () => {
    const { items } = await admin.client.wallets.getWalletHistory({ walletId: receiving.id });
    return (items as readonly { readonly from?: string; readonly policyEvaluations?: unknown }[]).find(
      ({ from, policyEvaluations }) => from === payer.address.toLowerCase() && policyEvaluations !== undefined,
    );
  };
  expect(await until(paid, (item) => item !== undefined)).toMatchObject({
    kind: 'NativeTransfer',
    direction: 'In',
    value: '1000',
    policyEvaluations: [{ triggered: true, reason: expect.stringContaining('SEVERE alert') }],
  });
  const out = await admin.client.wallets.getWalletHistory({ walletId: payer.id, query: { direction: 'Out' } });
  expect(out.items).toMatchObject([{ direction: 'Out', to: receiving.address.toLowerCase(), value: '1000' }]);
});
