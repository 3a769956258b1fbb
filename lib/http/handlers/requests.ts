import { refused } from '@/lib/domain/refusal';
import type { ActivityRecord } from '@/lib/ledger/records';
import { requirePermission } from '../authorization';
import { type ApiRequest, callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageOf } from '../records';
import type { Services } from '../services';
import { submit, submitSigned } from '../submit';
import { activityView, REQUEST_VIEWS, wireStatus } from '../views/requests';
import { waitFor } from '../wait';
import { activeKey, activeWallet } from './wallets';

/** A signature that needs no approval is waited for; lib-viem takes `Executing` for an error (contract §5.2). */
const SIGNATURE_TIMEOUT_MS = 20_000;

type Kind = ActivityRecord['kind'];

const findActivity = async (
  kind: Kind,
  id: string,
  request: ApiRequest,
  services: Services,
): Promise<ActivityRecord> => {
  const name = kind.toLowerCase();
  const activity = await services.getRecord(callerOf(request).org.id, 'activity', id);
  const { walletId, keyId } = request.params;
  const isHere = walletId === undefined ? activity?.keyId === keyId : activity?.walletId === walletId;
  if (activity?.kind === kind && isHere) return activity;
  return refuse(refused(404, `${name}.not_found`, `${name} not found`, { [`${name}Id`]: id }));
};

const list =
  (kind: 'Transfer' | 'Transaction'): Handler =>
  async (request, services) => {
    const wallet = await activeWallet(request, services);
    const { items, ...next } = await pageOf('activity', { walletId: wallet.id, kind }, request, services);
    const views = await Promise.all(items.map((item) => viewOf(item, request, services)));
    return { body: { items: views, ...next, walletId: wallet.id } };
  };

const get =
  (kind: 'Transfer' | 'Transaction', param: string): Handler =>
  async (request, services) => {
    await activeWallet(request, services);
    const activity = await findActivity(kind, request.params[param] ?? '', request, services);
    return { body: await viewOf(activity, request, services) };
  };

const viewOf = (activity: ActivityRecord, request: ApiRequest, services: Services) =>
  activityView(activity, callerOf(request).org.id, services);

const listSignatures: Handler = async (request, services) => {
  const wallet = request.params.walletId === undefined ? null : await activeWallet(request, services);
  const keyId = wallet?.keyId ?? (await activeKey(request, services)).id;
  const filter = wallet ? { walletId: wallet.id, kind: 'Signature' } : { keyId, kind: 'Signature' };
  const { items, ...next } = await pageOf('activity', filter, request, services);
  const views = await Promise.all(items.map((item) => viewOf(item, request, services)));
  return { body: { items: views, ...next, keyId } };
};

const getSignature: Handler = async (request, services) => {
  await (request.params.walletId === undefined ? activeKey(request, services) : activeWallet(request, services));
  const activity = await findActivity('Signature', request.params.signatureId ?? '', request, services);
  return { body: await viewOf(activity, request, services) };
};

const createSignature: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { result } = await submit(request, services);
  const read = () => services.getRecord(org.id, 'activity', result.id);
  const settled = await waitFor(
    async () => {
      const activity = await read();
      return activity && wireStatus(activity) !== 'Executing' ? activity : null;
    },
    SIGNATURE_TIMEOUT_MS,
    request.signal,
  );
  const activity = settled ?? (await read());
  if (!activity) throw new Error(`The signature request ${result.id} was written and is gone.`);
  return { body: await viewOf(activity, request, services) };
};

/** Replacing asks for more than the table can say: whoever does it must be able to see what it was. */
const replace =
  (readOperation: string): Handler =>
  (request, services) => {
    requirePermission(request, readOperation);
    return submitSigned(request, services, REQUEST_VIEWS);
  };

export const REQUEST_HANDLERS: Handlers = {
  'wallets.listTransfers': list('Transfer'),
  'wallets.getTransfer': get('Transfer', 'transferId'),
  'wallets.cancelTransfer': replace('Wallets:Transfers:Read'),
  'wallets.speedUpTransfer': replace('Wallets:Transfers:Read'),
  'wallets.listTransactions': list('Transaction'),
  'wallets.getTransaction': get('Transaction', 'transactionId'),
  'wallets.cancelTransaction': replace('Wallets:Transactions:Read'),
  'wallets.speedUpTransaction': replace('Wallets:Transactions:Read'),
  'wallets.generateSignature': createSignature,
  'wallets.listSignatures': listSignatures,
  'wallets.getSignature': getSignature,
  'keys.generateSignature': createSignature,
  'keys.listSignatures': listSignatures,
  'keys.getSignature': getSignature,
};
