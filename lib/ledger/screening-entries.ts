import { type Outcome, refused } from '@/lib/domain/refusal';
import type { Decided } from './decision';
import { activityOf, done, type NodeEntryInput } from './node-entry';
import { outgoingTransfer, screeningsOf, withRenewed } from './screening';
import { find, put } from './state';

/**
 * Renews the screenings of a request that is about to be signed. The oracle's signatures are what counts: without a genuine, fresh answer
 * about this very transfer the entry is void, and what was found before stays found.
 */
export const decideScreening = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  if (activity.status !== 'Approved' && activity.status !== 'Reserved')
    return refused(409, 'screening.status', `The activity is ${activity.status}; nothing is screened again.`);
  const wallet = find(input.state, 'wallet', activity.walletId ?? '');
  const renewed = screeningsOf(input.leaf.effects.screening, {
    state: input.state,
    transfer: outgoingTransfer(input.state, wallet, activity.facts),
    at: input.leaf.at,
    verify: input.ports.verifyEd25519,
  });
  if (renewed.length === 0)
    return refused(403, 'screening.fact', 'There is no genuine and fresh screening of this transfer.');
  const next = withRenewed(activity, renewed, input.at);
  if (!next) return refused(409, 'screening.older', 'A later screening of this transfer is known.');
  return done([put('activity', next)], 'activity', activity.id);
};
