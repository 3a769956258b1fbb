import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { PolicyDecision, RequiredGroup } from '@/lib/policy/policy';
import { ACTIVITY_PERMISSIONS } from './activity-permissions';
import { judgeGroups } from './approval';
import { concernedWallets } from './concerned-wallets';
import { activityDelegation, isBeyondPolicy } from './delegation';
import { activityFreeze } from './freeze';
import { judgedWallets } from './judged-wallets';
import { requesterStillMay } from './live';
import { blockReason, decideByPolicy } from './policies';
import type { ActivityRecord } from './records';
import { isWaiting } from './recovery-wait';
import { readScreenings, votesAfterScreening } from './screening';
import { all, find, type OrgState } from './state';
import { totalInWindow, windowsOf } from './windows';

/** Approved requests that nobody reserved within seven days expire. */
export const APPROVED_LIFE_MS = 7 * 86_400_000;

const settledAt = (state: OrgState, activity: ActivityRecord): number => {
  return windowsOf(state, activity.id)[0]?.settledAt ?? activity.at;
};

/**
 * Every policy in force now, judged on the activity's own entry: its quote, its settled time, windows of entries before it. Screenings
 * alone are read as they stand at `now`: one that is no longer fresh says nothing.
 */
const decideAtHead = (state: OrgState, activity: ActivityRecord, now: number): PolicyDecision => {
  const subject = concernedWallets(state, activity);
  const at = settledAt(state, activity);
  // A wallet that came later has no request before this one.
  const counted = windowsOf(state, activity.id).map((window) => window.walletId);
  return decideByPolicy(
    state,
    {
      kind: 'Wallets:Sign',
      subject: { wallets: judgedWallets(subject, now) },
      facts: activity.facts,
      screening: readScreenings(activity.screening, now),
      inWindow: (timeframeMinutes) =>
        counted.map((walletId) =>
          totalInWindow(state, walletId, {
            at,
            countedNow: activity.countedAt,
            timeframeMinutes,
            before: activity.id,
          }),
        ),
    },
    now,
  );
};

/**
 * Earliest time of a signature, unix ms, by the policies in force at the entry and those in force at `now`; null where none lets a request
 * wait that is not reserved yet.
 */
export const earliestSignature = (state: OrgState, activity: ActivityRecord, now: number): number | null => {
  if (activity.status !== 'Pending' && activity.status !== 'Approved') return null;
  const isJudged = !activity.cancels && !activity.speedsUp && !isBeyondPolicy(state, activity.keyId);
  const head = isJudged ? decideAtHead(state, activity, now).delayMinutes : 0;
  const minutes = Math.max(activity.delayMinutes ?? 0, head);
  return minutes > 0 ? settledAt(state, activity) + minutes * 60_000 : null;
};

/** Code of the refusal while a policy's minimum delay has not passed. */
export const DELAYED = 'evidence.delayed';
/** @param from When the delay is over, unix ms. */
const mustWait = (from: number) =>
  refused(409, DELAYED, `A policy lets the request wait: it may be signed from ${new Date(from).toISOString()} on.`, {
    from,
  });

/** Whether the credential does not wait after a recovery. */
const mayActAt = (state: OrgState, credentialId: string, at: number): boolean =>
  !isWaiting(state, find(state, 'credential', credentialId), at);

/** Groups in force at the entry and those of the policies in force now; both must be satisfied (design §4.4 Mid-flight). */
export const groupsRequired = (activity: ActivityRecord, head: PolicyDecision): RequiredGroup[] => {
  const seen = new Set(activity.groups.map((group) => JSON.stringify(group)));
  return [...activity.groups, ...head.groups.filter((group) => !seen.has(JSON.stringify(group)))];
};

export type Judgement =
  | { readonly verdict: 'sign' }
  | { readonly verdict: 'reopen'; readonly groups: readonly RequiredGroup[]; readonly head: PolicyDecision }
  /** `head`: what the policies said, where they are the reason. */
  | { readonly verdict: 'reject'; readonly reason: string; readonly head?: PolicyDecision };

/**
 * Judges at this state whether an approved activity may be signed. `reopen`: more approvals are due; `reject`: a policy now blocks.
 * A CancelTransaction needs permission only, and so does what an end user asks of a wallet delegated to them; a speed-up also needs that the
 * request it repeats may be signed. Not ok: nothing can be done about it now (revoked, frozen, not approved, expired).
 */
export const judgeActivity = (
  state: OrgState,
  activityId: string,
  now: { readonly at: number },
): Outcome<Judgement> => {
  const activity = find(state, 'activity', activityId);
  return activity
    ? judgeRecord(state, activity, now)
    : refused(404, 'evidence.unknown_activity', `The activity ${activityId} is not in the ledger.`);
};

/**
 * A speed-up is signed only while the request whose call it repeats could be signed too, by every rule in force; what was screened is
 * renewed for the speed-up. Nobody is asked again for approval of what is on its way already.
 */
const judgeSpeedUp = (
  state: OrgState,
  { screening, screenedWorseAt }: ActivityRecord,
  originalId: string,
  now: { readonly at: number },
): Outcome<Judgement> => {
  const original = find(state, 'activity', originalId);
  if (!original) return refused(404, 'evidence.unknown_activity', `The activity ${originalId} is not in the ledger.`);
  if (original.status !== 'Released')
    return refused(409, 'evidence.not_stuck', `The request to speed up is ${original.status}.`);
  // Mined or at an end: for good, so that a reservation is given up at once.
  if (original.chain && original.chain.status !== 'Broadcasted')
    return accepted({ verdict: 'reject', reason: `The request to speed up is ${original.chain.status} already.` });
  const { screening: _screening, screenedWorseAt: _worse, ...rest } = original;
  const screened = {
    ...rest,
    ...(screening === undefined ? {} : { screening }),
    ...(screenedWorseAt === undefined ? {} : { screenedWorseAt }),
  };
  const judged = judgeRecord(state, screened, now);
  if (!judged.ok || judged.value.verdict !== 'reopen') return judged;
  return accepted({
    verdict: 'reject',
    reason:
      'The policies now in force ask for approvals that the request does not have. Cancel its transaction and ask again.',
  });
};

const judgeRecord = (state: OrgState, activity: ActivityRecord, now: { readonly at: number }): Outcome<Judgement> => {
  const org = all(state, 'org')[0];
  if (!org?.confirmed) return refused(403, 'evidence.inert', 'The first admin has not signed over the genesis yet.');
  if (activity.status !== 'Approved' && activity.status !== 'Reserved' && activity.status !== 'Released')
    return refused(409, 'evidence.not_approved', `The activity is ${activity.status}.`);
  // What the server gave up is never signed later: somebody may have asked again meanwhile. It tightens only.
  if (activity.chain?.status === 'Failed' && activity.status !== 'Released')
    return refused(409, 'evidence.failed', `The request failed: ${activity.chain.reason ?? 'no reason given'}`);
  if (activity.supersededBy && activity.status !== 'Approved')
    return refused(409, 'evidence.superseded', 'A CancelTransaction took the pin of this activity.');
  const frozen = activityFreeze(state, activity);
  if (frozen) return frozen;
  const requester = requesterStillMay(state, activity.requester, ACTIVITY_PERMISSIONS[activity.kind]);
  if (!requester.ok) return requester;
  const belongsToOther = activityDelegation(state, activity, requester.value);
  if (belongsToOther) return belongsToOther;
  if (activity.status === 'Approved' && now.at > (activity.datePolicyResolved ?? activity.countedAt) + APPROVED_LIFE_MS)
    return refused(
      409,
      'evidence.expired',
      'The request was approved more than seven days ago and not signed. Ask again.',
    );
  if (!mayActAt(state, activity.requester.credentialId, now.at))
    return refused(409, 'recovery.waiting', 'The credential that asked for this waits after a recovery.');
  if (activity.speedsUp) return judgeSpeedUp(state, activity, activity.speedsUp.activityId, now);
  if (activity.cancels || isBeyondPolicy(state, activity.keyId)) return accepted({ verdict: 'sign' });
  const head = decideAtHead(state, activity, now.at);
  if (head.outcome === 'Block')
    return accepted({
      verdict: 'reject',
      reason: blockReason(state, head),
      head,
    });
  const groups = groupsRequired(activity, head);
  const settled = settledAt(state, activity);
  const approval = activity.approvalId ? find(state, 'approval', activity.approvalId) : undefined;
  const isApproved =
    groups.length === 0 ||
    judgeGroups(
      state,
      {
        groups,
        decisions: votesAfterScreening(activity, head, approval?.decisions ?? []).filter((vote) =>
          mayActAt(state, vote.credentialId, now.at),
        ),
        initiatorId: activity.requester.userId,
      },
      now.at - Math.max(settled, approval?.dateCreated ?? settled),
    ) === 'Approved';
  if (!isApproved) return accepted({ verdict: 'reopen', groups, head });
  const from = settled + Math.max(activity.delayMinutes ?? 0, head.delayMinutes) * 60_000;
  return now.at < from ? mustWait(from) : accepted({ verdict: 'sign' });
};
