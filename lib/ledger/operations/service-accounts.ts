import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import {
  type Actor,
  type Decided,
  governanceLane,
  type LedgerOperation,
  makeId,
  type OperationInput,
} from '../decision';
import { holdsFullAdmin } from '../live';
import { newToken, tokenEffects, withPermission } from '../new-token';
import { deadEndRefusal, policiesNaming } from '../policies';
import type { Change, TokenRecord, UserRecord } from '../records';
import { revokedAssignments } from '../removal';
import { find, type OrgState, put } from '../state';
import { renamed } from './tokens';

export const createServiceAccount: LedgerOperation = {
  operationId: 'auth.createServiceAccount',
  lane: governanceLane,
  effects: (input) => ({ userId: makeId('user', input), ...tokenEffects(input) }),
  decide: (input) => {
    const { state, effects, actor, at } = input;
    if (actor.token || actor.user.kind !== 'CustomerEmployee')
      return refused(403, 'service_account.creator', 'Only a signed-in employee can create a service account.');
    const userId = freshId(state, effects, 'userId', 'user', 'user');
    if (!userId.ok) return userId;
    const token = newToken(input, { userId: userId.value, kind: 'ServiceAccount' });
    if (!token.ok) return token;
    const user = put('user', {
      id: userId.value,
      kind: 'CustomerEmployee',
      isServiceAccount: true,
      isActive: true,
      isRegistered: true,
      dateCreated: at,
    });
    return withPermission(input, [user, ...token.value.changes], userId.value, { kind: 'user', id: userId.value });
  },
};

type Account = { readonly user: UserRecord; readonly tokens: readonly TokenRecord[] };
type Body = { readonly name?: string; readonly force?: boolean };

const accountOf = ({ state, params }: OperationInput): Outcome<Account> => {
  const id = params.serviceAccountId ?? '';
  const user = find(state, 'user', id);
  if (!user?.isServiceAccount || user.isArchived) return notFound('service_account', 'serviceAccountId', id);
  return accepted({ user, tokens: state.tables.token.by('userId', user.id) });
};

const changeAccount = (
  operationId: string,
  decide: (account: Account, input: OperationInput<Body>) => Outcome<readonly Change[]>,
  effects: LedgerOperation['effects'] = () => ({}),
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects,
  decide: (input): Outcome<Decided> => {
    const account = accountOf(input);
    if (!account.ok) return account;
    const changes = decide(account.value, input);
    if (!changes.ok) return changes;
    return accepted({ changes: changes.value, result: { kind: 'user', id: account.value.user.id }, status: 200 });
  },
});

const withActivity = ({ user, tokens }: Account, isActive: boolean): Change[] => [
  put('user', { ...user, isActive }),
  ...tokens.map((token) => put('token', { ...token, isActive })),
];

/**
 * An approver of a policy in force is not taken away unnoticed (contract §2.8). Force skips that for full administrators; a query may
 * ask for it unsigned, since all it can do is take rights away (design §6). Dead ends it never makes.
 */
const approverRefusal = (state: OrgState, actor: Actor, userId: string, isForced: boolean) => {
  if (isForced && holdsFullAdmin(state, actor)) return null;
  const policyIds = policiesNaming(state, userId).map((policy) => policy.id);
  if (policyIds.length === 0) return null;
  return refused(
    409,
    'service_account.approver',
    'The service account is an approver of a policy in force. Take it out of that policy first; a full administrator may also ask with force.',
    { policyIds },
  );
};

const removed = (
  changes: readonly Change[],
  { state, actor, params }: OperationInput<Body>,
  isForced: boolean,
): Outcome<readonly Change[]> =>
  approverRefusal(state, actor, params.serviceAccountId ?? '', isForced) ??
  deadEndRefusal(state, changes) ??
  accepted(changes);

export const updateServiceAccount = changeAccount('auth.updateServiceAccount', ({ tokens }, input) =>
  accepted(tokens.flatMap((token) => renamed(token, input))),
);

export const activateServiceAccount = changeAccount('auth.activateServiceAccount', (account) =>
  accepted(withActivity(account, true)),
);

export const deactivateServiceAccount = changeAccount('auth.deactivateServiceAccount', (account, input) =>
  input.actor.token?.kind === 'Pat'
    ? refused(403, 'service_account.bearer', 'A personal access token cannot deactivate service accounts.')
    : removed(withActivity(account, false), input, input.body.force === true),
);

export const archiveServiceAccount = changeAccount(
  'auth.archiveServiceAccount',
  ({ user, tokens }, input) => {
    const changes = [
      put('user', { ...user, isActive: false, isArchived: true }),
      ...tokens.map((token) => put('token', { ...token, isActive: false, isArchived: true })),
      ...revokedAssignments(input.state, [user.id]),
    ];
    return removed(changes, input, input.effects.force === true);
  },
  ({ query }) => (query.force === 'true' ? { force: true } : {}),
);
