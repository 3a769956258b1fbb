import { append } from './append';
import { statementContext } from './context';
import type { LedgerFeed } from './feed';
import type { LedgerService } from './ports';
import { type SubmitDeps, submit } from './submit';

/** The corridor, plugged together. */
export const createLedgerService = (deps: SubmitDeps & { readonly feed: LedgerFeed }): LedgerService => ({
  submit: (request) => submit(request, deps),
  append: (input) => append(input, deps),
  context: (input) => statementContext(input, deps.store),
  ...deps.feed,
});
