import { toTimestamp } from '@/lib/contract/fields';
import type { TimelineLeaf } from '@/lib/db/timeline';
import { toBase64Url } from '@/lib/domain/hash';
import { isVoteLive } from '@/lib/ledger/approval';
import { activityDigest } from '@/lib/ledger/entry';
import type { ActivityRecord, ApprovalRecord, Decision } from '@/lib/ledger/records';
import { isDelegationLive } from '@/lib/ledger/seat-delegations';
import { find, type OrgState } from '@/lib/ledger/state';
import { requesterView } from './governance';
import { wireStatus } from './requests';

/** An activity as our own lists show it. */
export const activitySummary = (activity: ActivityRecord) => ({
  id: activity.id,
  kind: activity.kind,
  ...(activity.walletId ? { walletId: activity.walletId } : {}),
  keyId: activity.keyId,
  ...(activity.network ? { network: activity.network } : {}),
  requester: requesterView(activity.requester),
  status: wireStatus(activity),
  ...(activity.chain?.subStatus ? { subStatus: activity.chain.subStatus } : {}),
  ...(activity.chain?.reason || activity.reason ? { reason: activity.chain?.reason ?? activity.reason } : {}),
  ...(activity.approvalId ? { approvalId: activity.approvalId } : {}),
  ...(activity.externalId ? { externalId: activity.externalId } : {}),
  ...(activity.recreates ? { recreates: activity.recreates } : {}),
  ...(activity.speedsUp ? { speedsUp: activity.speedsUp.activityId } : {}),
  ...(activity.cancels ? { cancels: activity.cancels } : {}),
  ...(activity.delayMinutes ? { notBefore: toTimestamp(activity.at + activity.delayMinutes * 60_000) } : {}),
  dateRequested: toTimestamp(activity.at),
  facts: activity.facts,
});

/** Votes with whether they still count. */
export const decisionViews = (state: OrgState, approval: ApprovalRecord | null) =>
  (approval?.decisions ?? []).map((decision) => ({
    userId: decision.userId,
    value: decision.value,
    reason: decision.reason,
    date: toTimestamp(decision.date),
    live: isVoteLive(state, decision),
    ...(decision.inPlaceOf ? { inPlaceOf: seatsTaken(state, approval, decision) } : {}),
  }));

/** Whose seats a vote fills: while it is undecided, a delegation that was withdrawn since counts no more. */
const seatsTaken = (state: OrgState, approval: ApprovalRecord | null, { inPlaceOf = [] }: Decision): string[] =>
  inPlaceOf
    .filter(
      ({ delegationId }) =>
        approval?.status !== 'Pending' || isDelegationLive(state, find(state, 'delegation', delegationId)),
    )
    .map((seat) => seat.userId);

type Step = {
  readonly at: string;
  readonly what: string;
  readonly seq?: number;
  readonly by?: string;
  readonly byId?: string;
};

const BROADCAST = { Broadcasted: 'broadcast', Confirmed: 'confirmed', Failed: 'failed' } as const;

const wordOf = ({ leaf, body }: TimelineLeaf): string => {
  switch (leaf.kind) {
    case 'userAction': {
      const path = leaf.statement?.path ?? '';
      if (/\/decisions(\?|$)/.test(path)) return String(body?.value ?? '').toLowerCase();
      return /\/abort$|\/change-requests\/[^/]+\/cancel$/.test(path) ? 'withdrawn' : 'requested';
    }
    case 'broadcast': {
      const status = BROADCAST[body?.status as keyof typeof BROADCAST] ?? 'broadcast';
      return typeof body?.subStatus === 'string' ? body.subStatus.toLowerCase() : status;
    }
    case 'release':
      return 'signed';
    case 'reserve':
      return 'reserved';
    case 'abandon':
      return 'abandoned';
    case 'reopen':
      return 'reopened';
    case 'reject':
      return 'rejected';
    case 'expiry':
      return 'expired';
    case 'screening':
      return 'screened again';
    default:
      return leaf.kind;
  }
};

/** Who did it: the person, or the nodes that signed. */
const doerOf = ({ leaf }: TimelineLeaf, names: ReadonlyMap<string, string>): string | undefined => {
  if (leaf.statement) return names.get(leaf.statement.userId) ?? leaf.statement.userId;
  const participants = leaf.effects.participants;
  return Array.isArray(participants) ? `signers ${participants.join(', ')}` : undefined;
};

/** The request's own entry: the one whose digest approvals are given to. Null when it is not found. */
export const entryView = (leaves: readonly TimelineLeaf[], digest: string) => {
  const own = leaves.find(({ leaf }) => activityDigest(leaf) === digest);
  return own ? { leaf: own.content, body: toBase64Url(own.bytes) } : null;
};

/** Steps at which policies were asked. */
const JUDGED = ['requested', 'reopened', 'rejected'];

/**
 * requested → evaluated → votes → reserved → signed → broadcast → confirmed, each with its place in the ledger.
 * @param judged What the policies said, in order: first of the request, then each time it was judged again.
 */
export const timelineView = (
  leaves: readonly TimelineLeaf[],
  judged: readonly (readonly { readonly triggered: boolean }[])[],
  names: ReadonlyMap<string, string>,
): Step[] => {
  const left = [...judged];
  return leaves.flatMap((item): Step[] => {
    const by = doerOf(item, names);
    const place = item.seq === null ? {} : { seq: item.seq };
    const what = wordOf(item);
    const byId = item.leaf.statement?.userId;
    const step = { at: toTimestamp(item.leaf.at), what, ...place, ...(by ? { by } : {}), ...(byId ? { byId } : {}) };
    const evaluations = JUDGED.includes(what) ? left.shift() : undefined;
    if (!evaluations) return [step];
    const triggered = evaluations.filter((evaluation) => evaluation.triggered).length;
    return [
      step,
      { at: step.at, what: `evaluated: ${triggered} of ${evaluations.length} policies triggered`, ...place },
    ];
  });
};
