import { NO_LANE } from '@/lib/ledger/decision';
import type { EntryKind } from '@/lib/ledger/entry';
import { externalIdOf } from '@/lib/ledger/external-id';
import { activityIdOf, laneOf } from '@/lib/ledger/lane';
import type { LedgerStore, Subject } from './store';

type Params = { readonly [name: string]: string };
const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
const member = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as { [key: string]: unknown })[name] : undefined;

/** What a user action is about, from its path and body. */
export const subjectOfRequest = (operationId: string, params: Params, body: unknown): Subject => {
  const external = typeof body === 'object' && body !== null ? externalIdOf(operationId, body) : null;
  return {
    walletIds: [...text(params.walletId), ...text(member(body, 'walletId'))],
    keyIds: [...text(params.keyId), ...text(member(member(body, 'signingKey'), 'id'))],
    activityIds: [
      ...text(params.transferId),
      ...text(params.transactionId),
      ...text(params.signatureId),
      ...text(params.activityId),
    ],
    approvalIds: text(params.approvalId),
    changeRequestIds: text(params.changeRequestId),
    probes: external ? [{ kind: 'externalId', id: external }] : [],
  };
};

/** What an entry without a user's statement is about. */
export const subjectOfEntry = (kind: EntryKind, body: { readonly [key: string]: unknown }): Subject => ({
  walletIds: kind === 'incoming' ? text(body.walletId) : [],
  keyIds: text(body.keyId),
  activityIds: text(body.activityId),
  approvalIds: text(body.approvalId),
  unsettled: kind === 'checkpoint',
});

/** The lane whose lock an entry without a statement takes. The relations it follows never change, so it may be read before the lock. */
export const laneOfEntry = async (
  store: LedgerStore,
  orgId: string,
  kind: EntryKind,
  body: { readonly [key: string]: unknown },
): Promise<string> => {
  if (kind === 'incoming') return (await store.getRecord(orgId, 'wallet', String(body.walletId)))?.keyId ?? NO_LANE;
  const approval =
    typeof body.approvalId === 'string' ? await store.getRecord(orgId, 'approval', body.approvalId) : null;
  const activityId = activityIdOf(body, approval);
  return laneOf(activityId === undefined ? null : await store.getRecord(orgId, 'activity', activityId));
};
