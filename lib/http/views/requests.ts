import { toTimestamp } from '@/lib/contract/fields';
import { findNetwork } from '@/lib/contract/networks';
import { refused } from '@/lib/domain/refusal';
import { intentOfActivity } from '@/lib/ledger/intent';
import type { ActivityRecord } from '@/lib/ledger/records';
import { callerOf, refuse } from '../handler';
import type { View, Views } from '../registry';
import type { Services } from '../services';
import { requesterView } from './governance';

export type WireStatus = 'Pending' | 'Executing' | 'Broadcasted' | 'Confirmed' | 'Failed' | 'Rejected' | 'Signed';

/** From the reservation of its cancel on no honest node signs a request that was not signed before (design §4.3). */
const isCancelled = (activity: ActivityRecord): boolean =>
  activity.status === 'Reserved' && activity.supersededBy !== undefined;

/** The dialect's status of an activity (contract §5.2, §5.4): how far it is signed, then how far it is on the chain. */
export const wireStatus = (activity: ActivityRecord): WireStatus => {
  if (activity.status === 'Pending') return 'Pending';
  if (activity.status === 'Rejected') return 'Rejected';
  if (activity.status === 'Abandoned') return 'Failed';
  if (activity.chain) return activity.chain.status;
  if (isCancelled(activity)) return 'Failed';
  if (activity.status === 'Released' && activity.kind === 'Signature') return 'Signed';
  return 'Executing';
};

const dated = (name: string, at: number | undefined) => (at === undefined ? {} : { [name]: toTimestamp(at) });
const present = <T>(name: string, value: T | undefined | null) =>
  value === undefined || value === null ? {} : { [name]: value };

const reasonOf = (activity: ActivityRecord): string | undefined =>
  activity.chain?.reason ??
  activity.reason ??
  (isCancelled(activity) ? `Cancelled by ${activity.supersededBy} before it was signed.` : undefined);

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
  ...present('replacementId', activity.supersededBy ?? activity.spedUpBy),
});

/** What is known of the asset: the native coin from the network, a token from the signed price. `USD` is per whole unit. */
const transferView = (activity: ActivityRecord) => {
  const { asset, quote } = activity.facts;
  const native = asset?.kind === 'Native' ? findNetwork(activity.network ?? '')?.native : undefined;
  return {
    ...onChain(activity),
    metadata: {
      asset: {
        ...present('symbol', native?.symbol ?? quote?.symbol),
        ...present('decimals', native?.decimals ?? quote?.decimals),
        ...(quote ? { quotes: { USD: Number(quote.usd) } } : {}),
      },
    },
  };
};

/** Bytes and signature joined; null while there is no signature, and where the chain has no joined form. */
const attached = async (activity: ActivityRecord, orgId: string, services: Services) => {
  const { release, reservation, walletId, network = 'KeyECDSA' } = activity;
  const rules = services.chainRules(network);
  if (!release || !reservation || rules?.family !== 'evm') return null;
  const wallet = walletId ? await services.getRecord(orgId, 'wallet', walletId) : null;
  const key = wallet ? null : await services.getRecord(orgId, 'key', activity.keyId);
  const address = wallet?.address ?? (key?.publicKey ? rules.deriveAddress(key.publicKey, network) : null);
  const intent = intentOfActivity(activity, { network, ...(address ? { address } : {}) });
  const joined = rules.attach(intent, reservation.unsigned, release.signature);
  return joined.ok ? joined.value : null;
};

/** A cancel or speed-up echoes what the platform asked of itself: the transaction it replaces, as far as that was signed. */
const replacementBody = async ({ requestBody }: ActivityRecord, orgId: string, services: Services) => {
  const { kind, targetId } = requestBody as { readonly kind: string; readonly targetId: string };
  const target = await services.getRecord(orgId, 'activity', targetId);
  const signed = target && (await attached(target, orgId, services));
  return {
    kind,
    ...present('txHash', target?.chain?.txHash ?? signed?.hash),
    signedTx: signed?.raw ?? '',
    ...present('externalId', target?.externalId),
  };
};

const transactionView = async (activity: ActivityRecord, orgId: string, services: Services) => ({
  ...onChain(activity),
  ...(activity.cancels || activity.speedsUp ? { requestBody: await replacementBody(activity, orgId, services) } : {}),
});

const signatureView = async (activity: ActivityRecord, orgId: string, services: Services) => {
  const signature = activity.release?.signature;
  const joined = await attached(activity, orgId, services);
  return {
    id: activity.id,
    keyId: activity.keyId,
    ...present('walletId', activity.walletId),
    requester: requesterView(activity.requester),
    requestBody: activity.requestBody,
    status: wireStatus(activity),
    ...present('reason', reasonOf(activity)),
    ...(signature ? { signature: { ...signature, ...present('encoded', joined?.raw) } } : {}),
    ...present('network', activity.network),
    ...present('approvalId', activity.approvalId),
    dateRequested: toTimestamp(activity.at),
    ...dated('datePolicyResolved', activity.datePolicyResolved),
    ...dated('dateSigned', activity.release?.date),
    ...present('externalId', activity.externalId),
  };
};

/** The live request object of an activity, whatever its kind. */
export const activityView = async (activity: ActivityRecord, orgId: string, services: Services) => {
  if (activity.kind === 'Transfer') return transferView(activity);
  return activity.kind === 'Transaction'
    ? transactionView(activity, orgId, services)
    : signatureView(activity, orgId, services);
};

const viewActivity: View = async (id, request, services) => {
  const { org } = callerOf(request);
  const activity = await services.getRecord(org.id, 'activity', id);
  if (!activity) return refuse(refused(404, 'activity.not_found', 'request not found', { id }));
  return activityView(activity, org.id, services);
};

export const REQUEST_VIEWS: Views = { activity: viewActivity };
