import { accepted, refused } from '@/lib/domain/refusal';
import { freshId } from '../checks';
import { keyLane, type LedgerOperation, makeId, requesterOf } from '../decision';
import { heldPinId } from '../pins';
import type { ActivityRecord } from '../records';
import { find, put } from '../state';
import { replacedRequest } from './replaced-request';

/**
 * CancelTransaction: zero value to the sender itself at the nonce of a pinned activity; permission only, no policy (design §4.3).
 * From its `reserve` on no honest node releases the holder again; which of the two lands is the chain's decision.
 */
const cancelOperation = (operationId: string, param: string, kind: ActivityRecord['kind']): LedgerOperation => ({
  operationId,
  lane: ({ state, params }) => keyLane(state, params),
  effects: (input) => ({ activityId: makeId('transaction', input) }),
  decide: ({ state, params, effects, leaf, actor, at, digest, ports }) => {
    const replaced = replacedRequest(state, params, { param, kind });
    if (!replaced.ok) return replaced;
    const { wallet, target } = replaced.value;
    if (!target.pin || 'digest' in target.pin)
      return refused(409, 'cancel.not_pinned', 'The request holds no nonce yet; deny its approval or wait instead.');
    const pin = find(state, 'pin', heldPinId(target.id, target.pin));
    // A freed nonce below a released one needs somebody to fill it.
    const isGap = target.status === 'Abandoned' && pin?.holder === '';
    if (target.status !== 'Reserved' && target.status !== 'Released' && !isGap)
      return refused(409, 'cancel.status', `The request is ${target.status}.`);
    if (target.chain?.status === 'Confirmed')
      return refused(409, 'cancel.confirmed', 'The transaction is confirmed; it cannot be cancelled.');
    // What a speed-up repeats holds the pin, and is what a cancel of it cancels.
    const holderId = target.speedsUp?.activityId ?? target.id;
    if (target.cancels || pin?.cancelledBy)
      return refused(409, 'cancel.superseded', 'A CancelTransaction exists for this nonce already.');
    const id = freshId(state, effects, 'activityId', 'transaction', 'activity');
    if (!id.ok) return id;
    const body = { kind: 'CancelTransaction', targetId: target.id };
    const rules = ports.chainRules(wallet.network);
    const activity: ActivityRecord = {
      id: id.value,
      kind: 'Transaction',
      walletId: wallet.id,
      keyId: wallet.keyId,
      network: wallet.network,
      requester: requesterOf(actor),
      requestBody: body,
      digest,
      bodyHash: leaf.bodyHash,
      facts: {
        kind: 'transfer',
        network: wallet.network,
        recipient: wallet.address ?? null,
        asset: { kind: 'Native' },
        amount: '0',
        quote: null,
        feeCeiling:
          rules?.feeCeiling({
            activityKind: 'Transaction',
            network: wallet.network,
            address: wallet.address,
            requestBody: body,
          }) ?? null,
      },
      evaluations: [],
      groups: [],
      status: 'Approved',
      cancels: holderId,
      at: leaf.at,
      countedAt: at,
      datePolicyResolved: at,
    };
    return accepted({ changes: [put('activity', activity)], result: { kind: 'activity', id: id.value }, status: 200 });
  },
});

export const cancelTransfer = cancelOperation('wallets.cancelTransfer', 'transferId', 'Transfer');
export const cancelTransaction = cancelOperation('wallets.cancelTransaction', 'transactionId', 'Transaction');
