import { principalOf } from '@/lib/authorization/evaluate';
import { type ExplainedOperation, explainOperation, explainOperations, type Reason } from '@/lib/authorization/explain';
import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { grantsOf } from '@/lib/ledger/live';
import type { Change, TokenRecord, UserRecord } from '@/lib/ledger/records';
import { all, applyChanges, emptyState, find, type OrgState, put } from '@/lib/ledger/state';
import { requirePermission } from '../authorization';
import { type ApiRequest, callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import type { Services } from '../services';

/** Most holders one answer lists. */
const MOST = 1_000;

type Moment = { readonly state: OrgState; readonly at: number; readonly seq: number | null };

/** Governance at the moment asked about; without one, as it stands. @throws RefusalError 400 ahead of now, 404 before the first entry. */
const momentOf = async (request: ApiRequest, services: Services): Promise<Moment> => {
  const { org, state } = callerOf(request);
  const now = services.now();
  if (request.query.at === undefined) return { state, at: now, seq: await services.reads.lastGovernanceSeq(org.id) };
  const at = Date.parse(String(request.query.at));
  if (at > now)
    return orRefuse(refused(400, 'access.ahead', 'at: lies ahead; the ledger knows what was, not what will be.'));
  const past = await services.reads.governanceAt(org.id, at);
  if (!past) return orRefuse(refused(404, 'access.before', 'The organisation had no members at that moment.'));
  const then = emptyState();
  applyChanges(
    then,
    past.rows.map(({ kind, record }) => put(kind, record) as Change),
  );
  return { state: then, at, seq: past.seq };
};

type Identity = { readonly user: UserRecord; readonly token?: TokenRecord };

const identityOf = (state: OrgState, identityId: string): Identity | null => {
  const token = find(state, 'token', identityId);
  const user = find(state, 'user', token?.userId ?? identityId);
  if (!user) return null;
  return token ? { user, token } : { user };
};

const namesOf = ({ user, token }: Identity) => ({
  identityId: token?.id ?? user.id,
  userId: user.id,
  kind: token?.kind ?? (user.isServiceAccount ? ('ServiceAccount' as const) : user.kind),
});

const barredBy = ({ user, token }: Identity, at: number) => {
  if (!user.isActive) return 'deactivated';
  if (!user.isRegistered) return 'notRegistered';
  if (token && !token.isActive) return 'tokenRevoked';
  return token && token.expiresAt <= at ? 'tokenExpired' : null;
};

const reasonView = (state: OrgState) => (reason: Reason) => ({
  ...reason,
  permissionName: find(state, 'permission', reason.permissionId)?.name ?? reason.permissionId,
});

const reasonsView = (state: OrgState, { because, ownerBecause }: ExplainedOperation) => ({
  because: because.map(reasonView(state)),
  ...(ownerBecause ? { ownerBecause: ownerBecause.map(reasonView(state)) } : {}),
});

/** Everything an identity may do and by which roles. */
const getEffectiveAccess: Handler = async (request, services) => {
  const caller = callerOf(request);
  const identityId = request.params.identityId ?? '';
  const own = identityOf(caller.state, identityId)?.user.id === caller.user.id;
  if (!own) requirePermission(request, 'Permissions:Assignments:Read');
  const { state, at, seq } = await momentOf(request, services);
  const identity = identityOf(state, identityId);
  if (!identity) return orRefuse(refused(404, 'identity.not_found', 'identity not found', { identityId }));
  const barred = barredBy(identity, at);
  const operations = barred ? [] : explainOperations(principalOf(identity, 'any'), grantsOf(state));
  return {
    body: {
      ...namesOf(identity),
      at: toTimestamp(at),
      seq,
      barred,
      operations: operations.map((item) => ({ operation: item.operation, ...reasonsView(state, item) })),
    },
  };
};

/** Everybody who may do one thing: people, service accounts and personal access tokens. */
const listOperationHolders: Handler = async (request, services) => {
  const operation = String(request.query.operation);
  const { state, at, seq } = await momentOf(request, services);
  const grants = grantsOf(state);
  // Whoever may do something holds an assignment, so nobody else is looked at.
  const ids = new Set(all(state, 'assignment').flatMap((item) => (item.isRevoked ? [] : [item.identityId])));
  const items = [];
  for (const id of ids) {
    const identity = identityOf(state, id);
    if (!identity || barredBy(identity, at)) continue;
    const held = explainOperation(principalOf(identity, 'any'), operation, grants);
    if (!held) continue;
    items.push({ ...namesOf(identity), ...reasonsView(state, held) });
    if (items.length > MOST) break;
  }
  return {
    body: { operation, at: toTimestamp(at), seq, items: items.slice(0, MOST), isTruncated: items.length > MOST },
  };
};

export const ACCESS_HANDLERS: Handlers = {
  'x.getEffectiveAccess': getEffectiveAccess,
  'x.listOperationHolders': listOperationHolders,
};
