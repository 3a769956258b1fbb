import { earliestSignature } from '@/lib/ledger/judge';
import { find } from '@/lib/ledger/state';
import { append } from './append';
import { statementContext } from './context';
import type { LedgerFeed } from './feed';
import { judgeIncoming } from './judge-incoming';
import type { LedgerService } from './ports';
import { recordedDecision } from './recorded-decision';
import { screenAgain } from './screen-again';
import { simulate } from './simulate';
import { type SubmitDeps, submit } from './submit';

/** The corridor, plugged together. */
export const createLedgerService = (deps: SubmitDeps & { readonly feed: LedgerFeed }): LedgerService => ({
  submit: (request) => submit(request, deps),
  simulate: (input) => simulate(input, deps),
  notBefore: async ({ orgId, activityId }) => {
    const now = deps.now();
    const state = await deps.store.read(orgId, { activityIds: [activityId], at: now });
    const activity = find(state, 'activity', activityId);
    return activity ? earliestSignature(state, activity, now) : null;
  },
  decision: ({ orgId, activity }) => recordedDecision(orgId, activity, deps),
  append: (input) => append(input, deps),
  judgeIncoming: (input) => judgeIncoming(input, deps),
  screenAgain: (input) => screenAgain(input, deps),
  context: (input) => statementContext(input, deps.store),
  ...deps.feed,
});
