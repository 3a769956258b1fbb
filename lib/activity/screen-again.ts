import type { Json } from '@/lib/domain/canonical-json';
import { judgeActivity } from '@/lib/ledger/judge';
import type { ActivityRecord } from '@/lib/ledger/records';
import { screeningDue } from '@/lib/ledger/screening';
import { find } from '@/lib/ledger/state';
import type { ScreeningVendor } from '@/lib/policy/screening';
import { append } from './append';
import { askVendors } from './ask-vendors';
import type { LedgerService, ScreenedAgain } from './ports';
import type { SubmitDeps } from './submit';

/** How old an answer may get before it is asked for again; well below the time it counts for. */
const RENEW_AFTER_MS = 60_000;
/** A request nobody had to approve is signed at once: the answer it came with is the one from right before signing. */
const SIGNED_AT_ONCE_MS = 10_000;

const isCurrent = (activity: ActivityRecord, vendor: ScreeningVendor, now: number): boolean => {
  const known = activity.screening?.find((item) => item.vendor === vendor);
  if (!known || now - known.at > RENEW_AFTER_MS) return false;
  const decidedAt = activity.datePolicyResolved ?? activity.countedAt;
  return known.at >= decidedAt - (activity.approvalId ? 0 : SIGNED_AT_ONCE_MS);
};

/** Asks the vendors again right before a request is signed, and enters what the oracle signed. */
export const screenAgain = async (
  { orgId, activityId, failures }: Parameters<LedgerService['screenAgain']>[0],
  deps: SubmitDeps,
): Promise<ScreenedAgain> => {
  const now = deps.now();
  const state = await deps.store.read(orgId, { activityIds: [activityId], at: now });
  const activity = find(state, 'activity', activityId);
  const due = activity ? screeningDue(state, activity, now) : null;
  if (!activity || !due) return { kind: 'current' };
  const asked = due.asked.filter(({ vendor }) => !isCurrent(activity, vendor, now));
  // What can't be signed whatever a vendor says, frozen for one, is nobody else's business.
  if (asked.length === 0 || !judgeActivity(state, activityId, { at: now }).ok) return { kind: 'current' };
  const { signed, isAnswered } = await askVendors(asked, due.transfer, deps);
  if (signed.length === 0 || (failures === 'wait' && !isAnswered)) return { kind: 'unanswered' };
  const effects = { screening: signed as unknown as Json };
  const appended = await append({ orgId, kind: 'screening', body: { activityId }, effects }, deps);
  return appended.ok ? { kind: 'renewed', leafId: appended.value.leafId } : { kind: 'unanswered' };
};
