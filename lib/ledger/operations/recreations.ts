import { refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { keyLane, type LedgerOperation } from '../decision';
import { ACTIVITY_KIND_OF } from '../intent';
import type { ActivityRecord } from '../records';
import { find } from '../state';
import { activityEffects, decideActivity } from './activities';

const hasEnded = ({ status, chain }: ActivityRecord): boolean =>
  status === 'Rejected' || status === 'Abandoned' || (status !== 'Released' && chain?.status === 'Failed');

/**
 * Asks again for a request that was rejected, expired or failed before anything was signed. It is a request like any other, signed over
 * its whole body and judged anew; the record names the one it stands for.
 */
const recreation = (operationId: string, param: string): LedgerOperation => ({
  operationId,
  lane: ({ state, params }) => keyLane(state, params),
  effects: (input) => activityEffects(operationId, input),
  decide: (input) => {
    const id = input.params[param] ?? '';
    const former = find(input.state, 'activity', id);
    const kind = ACTIVITY_KIND_OF[operationId] as ActivityRecord['kind'];
    if (former?.kind !== kind || former.walletId !== input.params.walletId || former.cancels || former.speedsUp)
      return notFound(kind.toLowerCase(), param, id);
    if (!hasEnded(former))
      return refused(
        409,
        'recreate.not_ended',
        'The request is under way: only one that was rejected, expired or failed can be asked for again.',
      );
    return decideActivity(operationId, input, former.id);
  },
});

export const recreateTransfer = recreation('x.recreateTransfer', 'transferId');
export const recreateTransaction = recreation('x.recreateTransaction', 'transactionId');
export const recreateSignature = recreation('x.recreateSignature', 'signatureId');
