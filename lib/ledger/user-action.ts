import { hashBody } from '@/lib/authentication/statement';
import { parseJson } from '@/lib/contract/json';
import type { Operation } from '@/lib/contract/operation';
import { matchOperation } from '@/lib/contract/table';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { contextFor } from './context';
import type { Decided, LedgerOperation } from './decision';
import { GOVERNANCE } from './decision';
import { delegationRefusal } from './delegation';
import { activityDigest, type Leaf } from './entry';
import { freezeRefusal } from './freeze';
import { actorPermission } from './live';
import { OPERATION_HANDLERS } from './operations/index';
import type { LedgerPorts } from './ports';
import type { Change } from './records';
import { isWaiting, recoveryWait } from './recovery-wait';
import { renderingDigest, renderingOf } from './rendering';
import { find, type OrgState, put } from './state';
import { type CheckedStatement, checkStatement } from './statement-check';

/** A signed request resolved against the contract table. */
export type ResolvedRequest = {
  readonly operation: Operation;
  readonly handler: LedgerOperation;
  readonly params: { readonly [name: string]: string };
};

/** Finds the operation of a signed method and path; the query, when signed, is not part of the match. */
export const resolveOperation = (method: string, path: string): Outcome<ResolvedRequest> => {
  const match = matchOperation(method, path.split('?')[0] ?? '');
  if (!match || !('operation' in match))
    return refused(404, 'contract.unknown_operation', `No operation ${method} ${path}.`);
  const handler = OPERATION_HANDLERS.get(match.operation.id);
  if (!handler) return refused(501, 'contract.not_built', `${method} ${match.operation.path} is not in this version.`);
  return accepted({ operation: match.operation, handler, params: match.params });
};

/** Parses and validates a body by the operation's closed schema. */
export const parseBody = (operation: Operation, body: Uint8Array): Outcome<unknown> => {
  const json = parseJson(body);
  if (!json.ok) return refused(400, 'contract.invalid_json', json.message);
  if (!operation.body) return accepted(json.value);
  const parsed = operation.body.safeParse(json.value);
  if (parsed.success) return accepted(parsed.data);
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = errors[0];
  return refused(
    400,
    'contract.invalid_body',
    first ? `${first.path || 'body'}: ${first.message}` : 'The body is invalid.',
    { errors },
  );
};

const laneTime = (state: OrgState, lane: string, at: number): number =>
  Math.max(at, find(state, 'lane', lane)?.lastAt ?? 0);

/** Whether a passkey now said for the first time whether it may be backed up. */
const hasTold = (state: OrgState, { credential }: CheckedStatement['actor']): boolean =>
  credential.isBackupEligible !== undefined && find(state, 'credential', credential.id)?.isBackupEligible === undefined;

/** Bookkeeping every valid user action leaves behind: its statement is used, its passkey's counter and its lane moved, the genesis confirmed. */
const bookkeeping = (
  state: OrgState,
  leaf: Leaf,
  { actor, statementId }: CheckedStatement,
  lane: string,
  at: number,
): Change[] => {
  const statement = leaf.statement as NonNullable<Leaf['statement']>;
  const changes: Change[] = [put('statement', { id: statementId, expiresAt: statement.expiresAt })];
  if (actor.counter !== undefined) changes.push(put('counter', { id: actor.credential.id, value: actor.counter }));
  // A passkey from before its backup was noted tells it now. Only where governance is locked: a credential is governance.
  if (hasTold(state, actor) && lane === GOVERNANCE) changes.push(put('credential', actor.credential));
  if (lane !== 'none') changes.push(put('lane', { id: lane, lastAt: at }));
  const org = find(state, 'org', statement.orgId);
  if (org && !org.confirmed && org.genesis.firstAdmin.credentials.some((item) => item.id === actor.credential.id))
    changes.unshift(put('org', { ...org, confirmed: true }));
  return changes;
};

/**
 * Decides one user action: stops 2 to 5 of a request, in the order the contract prescribes. Pure; the API runs it before it
 * writes the entry, every signer runs it on the entry it received.
 */
export const decideUserAction = (
  state: OrgState,
  leaf: Leaf,
  body: Uint8Array,
  ports: LedgerPorts,
): Outcome<Decided> => {
  if (leaf.bodyHash !== hashBody(body)) return refused(403, 'ledger.body', 'The body is not the one the entry names.');
  const checked = checkStatement(state, leaf, ports);
  if (!checked.ok) return checked;
  const { actor } = checked.value;
  const statement = leaf.statement as NonNullable<Leaf['statement']>;
  const resolved = resolveOperation(statement.method, statement.path);
  if (!resolved.ok) return resolved;
  const { operation, handler, params } = resolved.value;
  if (operation.permission) {
    const denied = actorPermission(state, actor, operation.permission);
    if (denied) return denied;
  }
  const parsed = parseBody(operation, body);
  if (!parsed.ok) return parsed;
  const belongsToOther = delegationRefusal(state, operation.id, params, actor);
  if (belongsToOther) return belongsToOther;
  const frozen = freezeRefusal(state, operation.id, params);
  if (frozen) return frozen;
  const due = contextFor(
    state,
    { operationId: operation.id, params, body: parsed.value, userId: actor.user.id },
    ports.chainRules,
  );
  if (due.ok && canonicalJson(due.value as Json) !== canonicalJson(statement.context as Json))
    return operation.id === 'policies.createApprovalDecision'
      ? refused(409, 'policy.changed', 'policy changed, look again')
      : refused(
          409,
          'ledger.context',
          'What was signed no longer describes the current state. Look again and sign anew.',
        );
  const lane = handler.lane({ state, params });
  const at = laneTime(state, lane, leaf.at);
  if (isWaiting(state, actor.credential, at)) return recoveryWait(actor.credential.usableFrom ?? at);
  const decided = handler.decide({
    state,
    leaf,
    actor,
    params,
    body: parsed.value,
    effects: leaf.effects,
    at,
    // Most operations never ask for it.
    get digest() {
      return activityDigest(leaf);
    },
    rendering: () =>
      renderingDigest(
        renderingOf({ operationId: operation.id, params, body: parsed.value, statement }, ports.chainRules),
      ),
    ports,
  });
  if (!decided.ok) return decided;
  const kept = bookkeeping(state, leaf, checked.value, lane, at);
  // The action that confirms the genesis may itself change the organisation.
  const confirms = kept.some((change) => change.kind === 'org');
  const changes = decided.value.changes.map((change) => {
    if (confirms && change.kind === 'org') return put('org', { ...change.record, confirmed: true });
    const isOwn = change.kind === 'credential' && change.record.id === actor.credential.id;
    return isOwn && hasTold(state, actor)
      ? put('credential', { ...change.record, isBackupEligible: actor.credential.isBackupEligible })
      : change;
  });
  return accepted({ ...decided.value, changes: [...kept, ...changes] });
};

export const isGovernanceLane = (lane: string): boolean => lane === GOVERNANCE;
