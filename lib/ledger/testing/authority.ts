import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { judgeActivity } from '../judge';
import { isCredentialLive } from '../live';
import { type ActivityRecord, type PolicyRecord, RECORD_KINDS } from '../records';
import { find, type OrgState } from '../state';
import { statementId } from '../statement-check';
import type { SignedAct } from './cast';
import { everyRecord } from './every-record';
import type { History } from './histories';
import { keyOf, piecesOf, type Shown, show } from './tampering';

/** Records in which two states differ, but for the place of the last checkpoint, which follows from how long a chain is. */
export const differencesOf = (a: OrgState, b: OrgState): string[] =>
  RECORD_KINDS.filter((kind) => kind !== 'checkpoint').flatMap((kind) => {
    const byId = (state: OrgState) =>
      new Map(everyRecord(state, kind).map((record) => [record.id, canonicalJson(record as unknown as Json)]));
    const [left, right] = [byId(a), byId(b)];
    return [...new Set([...left.keys(), ...right.keys()])]
      .filter((id) => left.get(id) !== right.get(id))
      .map((id) => `${kind} ${id}: ${left.get(id) ?? 'none'} instead of ${right.get(id) ?? 'none'}`);
  });

/** What a node at this state would allow: the comparison of tampered with honest. */
export type Authority = {
  readonly releasable: ReadonlySet<string>;
  readonly credentials: ReadonlySet<string>;
  readonly grants: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
};

export const releasableOf = (state: OrgState, at: number): Set<string> =>
  new Set(
    everyRecord(state, 'activity')
      .filter((item) => {
        const judged = judgeActivity(state, item.id, { at });
        return judged.ok && judged.value.verdict === 'sign';
      })
      .map((item) => item.id),
  );

export const authorityOf = (state: OrgState, at: number): Authority => ({
  releasable: releasableOf(state, at),
  credentials: new Set(
    everyRecord(state, 'credential')
      .filter((item) => isCredentialLive(state, item))
      .map((item) => `${item.userId} ${item.credId} ${item.publicKey}`),
  ),
  grants: new Set(
    everyRecord(state, 'assignment')
      .filter((item) => !item.isRevoked && !find(state, 'permission', item.permissionId)?.isArchived)
      .flatMap((item) =>
        (find(state, 'permission', item.permissionId)?.operations ?? []).map((name) => `${item.identityId} ${name}`),
      ),
  ),
  policies: new Set(
    everyRecord(state, 'policy')
      .filter((item) => item.status === 'Active')
      .map((item) => `${item.id} ${item.version}`),
  ),
});

type Applied = { readonly act: SignedAct; readonly digestSigned: Json | undefined; readonly id: string };

/** The user actions that counted; each must be one that its holder made, for just this, and only once. */
const appliedActs = ({ signed }: History, { fates }: Shown, fail: (why: string) => void): Applied[] => {
  const seen = new Set<string>();
  const applied: Applied[] = [];
  for (const { piece, extension } of fates) {
    const { statement } = piece.leaf;
    if (extension.kind !== 'applied' || piece.leaf.kind !== 'userAction' || !statement) continue;
    const id = statementId(statement);
    const act = signed.get(id);
    if (!act) {
      fail(`A user action counted that nobody signed: ${statement.method} ${statement.path}`);
      continue;
    }
    if (seen.has(id)) fail(`A user action counted twice: ${act.operationId}`);
    seen.add(id);
    const context = statement.context as { readonly activityDigest?: string };
    applied.push({
      act,
      digestSigned: context.activityDigest,
      id: extension.kind === 'applied' ? String(extension.entry.effects.activityId ?? '') : '',
    });
  }
  return applied;
};

const asksFor = (policy: PolicyRecord, kind: string): boolean =>
  policy.status === 'Active' && policy.definition.activityKind === kind;

/** Earlier requests of the wallet that still count in the window before this one: counted from outcomes, not from records of windows. */
const earlierInWindow = (state: OrgState, activity: ActivityRecord, minutes: number): number => {
  const order = everyRecord(state, 'activity').map(({ id }) => id);
  const timeOf = (id: string) =>
    everyRecord(state, 'window').find((item) => item.activityId === id && item.walletId === activity.walletId)
      ?.settledAt ?? 0;
  const from = timeOf(activity.id) - minutes * 60_000;
  return order.slice(0, order.indexOf(activity.id)).filter((id) => {
    const other = find(state, 'activity', id);
    if (!other || other.walletId !== activity.walletId || timeOf(id) <= from) return false;
    const approval = other.approvalId ? find(state, 'approval', other.approvalId) : undefined;
    const wasDenied = approval?.status === 'Denied';
    const ranOut =
      approval !== undefined &&
      approval.status !== 'Approved' &&
      approval.expirationDate !== undefined &&
      activity.countedAt > approval.expirationDate;
    const wasBlocked =
      other.status === 'Rejected' && other.evaluations.some((item) => item.triggered && item.action === 'Block');
    return other.status !== 'Abandoned' && !wasDenied && !ranOut && !wasBlocked;
  }).length;
};

/**
 * A second, slower reading of the rules: from the acts people signed and the policies in force, is this activity one that may be
 * signed? It knows the rules that histories make and nothing of `judgeActivity`. @returns why not, or null.
 */
const whyNot = (
  history: History,
  state: OrgState,
  activity: ActivityRecord,
  acts: readonly Applied[],
): string | null => {
  const own = acts.find((item) => item.id === activity.id);
  if (!own) return 'nobody asked for it';
  if (own.act.signer.userId !== activity.requester.userId) return 'somebody else asked for it';
  const org = everyRecord(state, 'org')[0];
  const wallet = find(state, 'wallet', activity.walletId ?? '');
  if (org?.frozen || wallet?.frozen) return 'frozen';
  if (activity.cancels) return own.act.operationId.startsWith('wallets.cancel') ? null : 'no cancel was signed';
  if (activity.speedsUp) {
    const original = find(state, 'activity', activity.speedsUp.activityId);
    if (!original || !own.act.operationId.startsWith('wallets.speedUp')) return 'no speed-up was signed';
    return whyNot(history, state, original, acts);
  }
  if (canonicalJson(activity.requestBody) !== canonicalJson(own.act.body)) return 'another body';
  if (activity.walletId !== own.act.params.walletId) return 'another wallet';
  const holds = (userId: string, names: readonly string[], tokenId?: string) =>
    everyRecord(state, 'assignment').some((item) => {
      const role = find(state, 'permission', item.permissionId);
      return (
        !item.isRevoked &&
        [userId, tokenId].includes(item.identityId) &&
        role &&
        !role.isArchived &&
        role.operations.some((name) => name === '*' || names.includes(name))
      );
    });
  if (!holds(activity.requester.userId, ['Wallets:Sign', 'Wallets:Transfers:Create'], activity.requester.tokenId))
    return 'no permission left';
  const voters = new Set(
    acts
      .filter(
        ({ act, digestSigned }) =>
          act.operationId === 'policies.createApprovalDecision' &&
          digestSigned === activity.digest &&
          (act.body as { value: string }).value === 'Approved',
      )
      .map(({ act }) => act.signer)
      .filter(
        (signer) =>
          signer.userId !== activity.requester.userId &&
          holds(signer.userId, ['Policies:Approvals:Approve'], signer.tokenId),
      )
      .filter((signer) => history.credentials.has(`${signer.userId} ${signer.credential.credId}`))
      .map((signer) => signer.userId),
  );
  for (const policy of everyRecord(state, 'policy').filter((item) => asksFor(item, 'Wallets:Sign'))) {
    const { rule, action } = policy.definition;
    const { limit, timeframe } = rule.configuration ?? {};
    const isCounted = rule.kind === 'TransactionCountVelocity';
    if (isCounted && earlierInWindow(state, activity, Number(timeframe)) < Number(limit)) continue;
    if (action.kind === 'Block') return `blocked by ${policy.id}`;
    if (action.kind !== 'RequestApproval') continue;
    for (const group of action.approvalGroups) {
      const members = group.approvers.userId?.in ?? [];
      if (members.filter((userId) => voters.has(userId)).length < group.quorum)
        return `approvals for ${policy.id} are missing`;
    }
  }
  return null;
};

/**
 * Credentials that a registration introduced where that is enough: under `server` enrolment a server that comes before a person, or
 * withholds their registration, can register in their place (design §4.3, the documented residual). Who has registered is safe from it.
 */
const byRegistrationAlone = ({ world }: History, { fates }: Shown): ReadonlySet<string> =>
  new Set(
    world.genesis.enrolment === 'vouched'
      ? []
      : fates.flatMap(({ piece, extension }) =>
          extension.kind === 'applied' && piece.leaf.kind === 'registration'
            ? ((piece.leaf.effects.credentials ?? []) as readonly { readonly id: string }[]).map(({ id }) => id)
            : [],
        ),
  );

/** Everything that stands in the state without a credential holder's signature for just that; empty for an honest node. */
export const unsanctioned = (history: History, shown: Shown, at: number): string[] => {
  const { state } = shown.replica;
  const found: string[] = [];
  const acts = appliedActs(history, shown, (why) => found.push(why));
  const introduced = byRegistrationAlone(history, shown);
  for (const credential of everyRecord(state, 'credential').filter((item) => isCredentialLive(state, item)))
    if (!history.credentials.has(`${credential.userId} ${credential.credId}`) && !introduced.has(credential.id))
      found.push(`a foreign credential counts: ${credential.id}`);
  const bodies = (...operationIds: string[]) =>
    acts.filter(({ act }) => operationIds.includes(act.operationId)).map(({ act }) => act);
  const policyBodies = new Set(
    bodies('policies.createPolicy', 'policies.updatePolicy').map(({ body }) => canonicalJson(body)),
  );
  for (const { definition } of everyRecord(state, 'policy'))
    if (!policyBodies.has(canonicalJson(definition as unknown as Json)))
      found.push(`nobody made the policy “${definition.name}”`);
  const given = new Set(
    bodies('permissions.createAssignment').map(
      ({ params, body }) => `${params.permissionId} ${(body as { identityId: string }).identityId}`,
    ),
  );
  const { fullAdmin } = history.world.genesis;
  for (const { id, permissionId, identityId, isRevoked } of everyRecord(state, 'assignment'))
    if (!isRevoked && id !== fullAdmin.assignmentId && !given.has(`${permissionId} ${identityId}`))
      found.push(`nobody assigned ${permissionId} to ${identityId}`);
  const operations = new Set(
    bodies('permissions.createPermission', 'permissions.updatePermission').map(({ body }) =>
      canonicalJson((body as { operations: Json }).operations),
    ),
  );
  for (const role of everyRecord(state, 'permission'))
    if (role.id !== fullAdmin.permissionId && !operations.has(canonicalJson(role.operations as unknown as Json)))
      found.push(`nobody made the role ${role.id}`);
  for (const key of everyRecord(state, 'key').filter((item) => item.status === 'Active'))
    if (key.publicKey !== history.world.keys.get(key.id)?.certificate.publicKey)
      found.push(`the nodes made another key for ${key.id}`);
  for (const id of releasableOf(state, at)) {
    const activity = find(state, 'activity', id) as ActivityRecord;
    const reason = whyNot(history, state, activity, acts);
    if (reason) found.push(`${id} would be signed: ${reason}`);
  }
  return found;
};

/** Honest entries that take something away or count something: without one of them a node may rightly allow more. */
export const tightenings = ({ world }: History): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const { piece, extension } of show(world, piecesOf(world.items)).fates) {
    if (extension.kind !== 'applied') continue;
    const tightens = extension.changes.some(
      (change) =>
        change.kind === 'policy' ||
        change.kind === 'permission' ||
        (change.kind === 'org' && change.record.frozen) ||
        (change.kind === 'wallet' && change.record.frozen) ||
        (change.kind === 'wallet' && piece.leaf.statement?.path.includes('tags')) ||
        (change.kind === 'assignment' && change.record.isRevoked) ||
        (change.kind === 'credential' && !change.record.isActive) ||
        (change.kind === 'approval' && change.record.status !== 'Pending' && change.record.status !== 'Approved') ||
        (change.kind === 'window' && change.record.counts && piece.leaf.kind === 'userAction') ||
        (change.kind === 'activity' &&
          (piece.leaf.kind === 'reject' ||
            piece.leaf.kind === 'reopen' ||
            piece.leaf.kind === 'abandon' ||
            change.record.supersededBy ||
            change.record.spedUpBy)),
    );
    if (tightens) found.add(keyOf(piece));
  }
  return found;
};
