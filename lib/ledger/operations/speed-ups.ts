import { accepted, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { keyLane, type LedgerOperation, makeId, requesterOf } from '../decision';
import { intentOfActivity } from '../intent';
import { heldPinId } from '../pins';
import type { ActivityRecord } from '../records';
import { find, put } from '../state';
import { replacedRequest } from './replaced-request';

/** Ended without a signature: another speed-up may take its place. */
const isOver = ({ status, chain }: ActivityRecord): boolean =>
  status === 'Rejected' || status === 'Abandoned' || (status !== 'Released' && chain?.status === 'Failed');

/**
 * SpeedUpTransaction: the call of a broadcast request once more, byte for byte, at fees that outbid it and stay inside the ceiling that its
 * approvers saw (design §4.3 Pins). Permission only, no approval of its own: only one of the two can ever be mined. Fees above the
 * ceiling are refused.
 */
const speedUpOperation = (operationId: string, param: string, kind: ActivityRecord['kind']): LedgerOperation => ({
  operationId,
  lane: ({ state, params }) => keyLane(state, params),
  effects: (input) => ({ activityId: makeId('transaction', input) }),
  decide: ({ state, params, effects, leaf, actor, at, digest, ports }) => {
    const replaced = replacedRequest(state, params, { param, kind });
    if (!replaced.ok) return replaced;
    const { wallet, target } = replaced.value;
    if (target.cancels)
      return refused(
        409,
        'speed_up.cancel',
        'A CancelTransaction can’t be sped up: it outbids what it cancels already.',
      );
    const status = target.chain?.status ?? target.status;
    if (target.status !== 'Released' || status !== 'Broadcasted' || !target.reservation || !target.pin)
      return refused(
        409,
        'speed_up.status',
        `The request is ${status}: only a transaction that waits to be mined (Broadcasted) can be sped up.`,
      );
    const original = find(state, 'activity', target.speedsUp?.activityId ?? target.id);
    if (!original) return notFound(kind.toLowerCase(), param, params[param] ?? '');
    if (original.supersededBy || find(state, 'pin', heldPinId(original.id, target.pin))?.cancelledBy)
      return refused(409, 'speed_up.cancelled', 'A CancelTransaction took the nonce of this request.');
    const replacement = target.spedUpBy ? find(state, 'activity', target.spedUpBy) : undefined;
    if (replacement && !isOver(replacement))
      return refused(409, 'speed_up.superseded', `It was sped up already: speed up ${replacement.id} instead.`, {
        replacementId: replacement.id,
      });
    const { unsigned } = target.reservation;
    const rules = ports.chainRules(wallet.network);
    const least = rules?.leastSpeedUp(unsigned);
    const isInside = least && rules?.checkSpeedUp(intentOfActivity(original, wallet), unsigned, least).ok;
    if (!isInside)
      return refused(
        409,
        'speed_up.above_ceiling',
        `Fees 10 % higher are above what was approved with the request (fee ceiling ${original.facts.feeCeiling ?? 'unknown'} in base units, and its own limits). Cancel it and ask again.`,
        { feeCeiling: original.facts.feeCeiling },
      );
    const id = freshId(state, effects, 'activityId', 'transaction', 'activity');
    if (!id.ok) return id;
    const activity: ActivityRecord = {
      id: id.value,
      kind: 'Transaction',
      walletId: wallet.id,
      keyId: wallet.keyId,
      network: wallet.network,
      requester: requesterOf(actor),
      requestBody: { kind: 'SpeedUpTransaction', targetId: target.id },
      digest,
      bodyHash: leaf.bodyHash,
      facts: original.facts,
      ...(original.screening ? { screening: original.screening } : {}),
      ...(original.screenedWorseAt === undefined ? {} : { screenedWorseAt: original.screenedWorseAt }),
      evaluations: [],
      groups: [],
      status: 'Approved',
      speedsUp: { activityId: original.id, kind: original.kind, requestBody: original.requestBody, unsigned },
      at: leaf.at,
      countedAt: at,
      datePolicyResolved: at,
    };
    const changes = [put('activity', activity), put('activity', { ...target, spedUpBy: id.value })];
    return accepted({ changes, result: { kind: 'activity', id: id.value }, status: 200 });
  },
});

export const speedUpTransfer = speedUpOperation('wallets.speedUpTransfer', 'transferId', 'Transfer');
export const speedUpTransaction = speedUpOperation('wallets.speedUpTransaction', 'transactionId', 'Transaction');
