import type { StatementContext } from '@/lib/authentication/statement';
import { contextFor } from '@/lib/ledger/context';
import { delegationRefusal } from '@/lib/ledger/delegation';
import { permissionRefusal } from '@/lib/ledger/live';
import { find } from '@/lib/ledger/state';
import { parseBody, resolveOperation } from '@/lib/ledger/user-action';
import type { LedgerService } from './ports';
import type { LedgerStore } from './store';
import { subjectOfRequest } from './subject';

/**
 * The context of a statement that is about to be signed. Empty for a body that can't be read and for a caller who may not perform
 * the operation: nothing about the subject is told to somebody who may neither read nor change it.
 */
export const statementContext = async (
  input: Parameters<LedgerService['context']>[0],
  store: LedgerStore,
): Promise<StatementContext> => {
  const resolved = resolveOperation(input.method, input.path);
  if (!resolved.ok) return {};
  const { operation, params } = resolved.value;
  const parsed = parseBody(operation, input.body);
  if (!parsed.ok) return {};
  const state = await store.look(input.orgId, subjectOfRequest(operation.id, params, parsed.value));
  const user = find(state, 'user', input.userId);
  const token = input.tokenId ? find(state, 'token', input.tokenId) : undefined;
  if (
    !user ||
    (operation.permission && permissionRefusal(state, token ? { user, token } : { user }, operation.permission, 'any'))
  )
    return {};
  if (delegationRefusal(state, operation.id, params, { user, ...(token ? { token } : {}) })?.refusal.status === 404)
    return {};
  const context = contextFor(state, { operationId: operation.id, params, body: parsed.value, userId: user.id });
  return context.ok ? context.value : {};
};
