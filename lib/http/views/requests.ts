import { chainRulesFor } from '@/lib/chain/rules';
import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { intentOfActivity } from '@/lib/ledger/intent';
import type { ActivityRecord, WalletRecord } from '@/lib/ledger/records';
import { callerOf, refuse } from '../handler';
import type { View, Views } from '../registry';
import { requesterView } from './governance';

export type WireStatus = 'Pending' | 'Executing' | 'Broadcasted' | 'Confirmed' | 'Failed' | 'Rejected' | 'Signed';

/** The dialect's status of an activity (contract §5.2, §5.4): how far it is signed, then how far it is on the chain. */
export const wireStatus = (activity: ActivityRecord): WireStatus => {
  if (activity.status === 'Pending') return 'Pending';
  if (activity.status === 'Rejected') return 'Rejected';
  if (activity.status === 'Abandoned') return 'Failed';
  if (activity.chain) return activity.chain.status;
  if (activity.status === 'Released' && activity.kind === 'Signature') return 'Signed';
  return 'Executing';
};

const dated = (name: string, at: number | undefined) => (at === undefined ? {} : { [name]: toTimestamp(at) });
const present = <T>(name: string, value: T | undefined | null) =>
  value === undefined || value === null ? {} : { [name]: value };

const reasonOf = (activity: ActivityRecord): string | undefined => activity.chain?.reason ?? activity.reason;

const onChain = (activity: ActivityRecord) => ({
  id: activity.id,
  walletId: activity.walletId ?? '',
  network: activity.network ?? '',
  requester: requesterView(activity.requester),
  requestBody: activity.requestBody,
  status: wireStatus(activity),
  ...present('subStatus', activity.chain?.subStatus),
  ...present('reason', reasonOf(activity)),
  ...present('txHash', activity.chain?.txHash),
  ...present('fee', activity.chain?.fee),
  dateRequested: toTimestamp(activity.at),
  ...dated('datePolicyResolved', activity.datePolicyResolved),
  ...dated('dateBroadcasted', activity.chain?.dateBroadcasted),
  ...dated('dateConfirmed', activity.chain?.dateConfirmed),
  ...present('approvalId', activity.approvalId),
  ...present('externalId', activity.externalId),
  ...present('replacementId', activity.supersededBy),
});

export const transferView = (activity: ActivityRecord) => {
  const { quote } = activity.facts;
  const asset = quote
    ? { ...present('symbol', quote.symbol), decimals: quote.decimals, quotes: { USD: Number(quote.usd) } }
    : {};
  return { ...onChain(activity), metadata: { asset } };
};

export const transactionView = (activity: ActivityRecord) => onChain(activity);

/** @param wallet Absent for a bare key. */
export const signatureView = (activity: ActivityRecord, wallet: WalletRecord | null) => {
  const signature = activity.release?.signature;
  const target = wallet ?? { network: activity.network ?? 'KeyECDSA' };
  const rules = chainRulesFor(target.network);
  const attached =
    signature && activity.reservation && rules?.family === 'evm'
      ? rules.attach(intentOfActivity(activity, target), activity.reservation.unsigned, signature)
      : null;
  return {
    id: activity.id,
    keyId: activity.keyId,
    ...present('walletId', activity.walletId),
    requester: requesterView(activity.requester),
    requestBody: activity.requestBody,
    status: wireStatus(activity),
    ...present('reason', reasonOf(activity)),
    ...(signature ? { signature: { ...signature, ...(attached?.ok ? { encoded: attached.value.raw } : {}) } } : {}),
    ...present('network', activity.network),
    ...present('approvalId', activity.approvalId),
    dateRequested: toTimestamp(activity.at),
    ...dated('datePolicyResolved', activity.datePolicyResolved),
    ...dated('dateSigned', activity.release?.date),
    ...present('externalId', activity.externalId),
  };
};

/** The live request object of an activity, whatever its kind. */
export const activityView = (activity: ActivityRecord, wallet: WalletRecord | null) => {
  if (activity.kind === 'Transfer') return transferView(activity);
  return activity.kind === 'Transaction' ? transactionView(activity) : signatureView(activity, wallet);
};

const viewActivity: View = async (id, request, services) => {
  const { org } = callerOf(request);
  const activity = await services.getRecord(org.id, 'activity', id);
  if (!activity) return refuse(refused(404, 'activity.not_found', 'request not found', { id }));
  const wallet = activity.walletId ? await services.getRecord(org.id, 'wallet', activity.walletId) : null;
  return activityView(activity, wallet);
};

export const REQUEST_VIEWS: Views = { activity: viewActivity };
