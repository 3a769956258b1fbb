import { enqueueAll } from '@/lib/db/job-queue';
import type { JobOutcome } from '@/lib/db/job-worker';
import { pgSql } from '@/lib/db/sql';
import type { Services } from '@/lib/http/services';
import type { JobPayload, JobRequest } from '@/lib/jobs/jobs';
import { isExpired } from '@/lib/ledger/approval';
import { peopleToTell } from '@/lib/ledger/asked';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { isDelegationLive } from '@/lib/ledger/seat-delegations';
import { standingOf, votersAt } from '@/lib/ledger/standing';
import { find } from '@/lib/ledger/state';

type Asking = Pick<Services, 'db' | 'getRecord' | 'loadGovernance' | 'reads' | 'now'>;

/** Waiting approvals that a new deputy is told of at most, the newest; all of them stand in the console. */
export const MOST_HANDED_OVER = 20;
const PAGE = 100;
const MOST_PAGES = 5;
const DAY_MS = 86_400_000;

const asked = (orgId: string, approvalId: string, userId: string): JobRequest => ({
  name: 'mail-approval',
  payload: { orgId, approvalId, userId, about: 'asked' },
});

/** Has everybody mailed who could decide a new approval now, `MOST_TOLD` at most. */
export const askApprovers = async (
  { orgId, approvalId }: JobPayload<'ask-approvers'>,
  services: Asking,
): Promise<JobOutcome> => {
  const approval = await services.getRecord(orgId, 'approval', approvalId);
  const now = services.now();
  if (approval?.status !== 'Pending' || isExpired(approval, now)) return undefined;
  const { groups } = standingOf(await services.loadGovernance(orgId), approval, now);
  const people = peopleToTell(groups, approval);
  await enqueueAll(
    pgSql(services.db.pool),
    people.map((userId) => asked(orgId, approvalId, userId)),
  );
  return undefined;
};

/** Has a new deputy mailed about what waits in the seats they were handed, once the delegation has begun. */
export const askDeputy = async (
  { orgId, delegationId }: JobPayload<'ask-deputy'>,
  services: Asking,
): Promise<JobOutcome> => {
  const state = await services.loadGovernance(orgId);
  const delegation = find(state, 'delegation', delegationId);
  const now = services.now();
  if (!delegation || !isDelegationLive(state, delegation) || delegation.until <= now) return undefined;
  if (delegation.from > now) return { againInMs: Math.min(delegation.from - now, DAY_MS) };
  const { toUserId, requester } = delegation;
  const voters = votersAt(state, now);
  const isTheirs = (approval: ApprovalRecord): boolean => {
    if (isExpired(approval, now) || approval.initiatorId === toUserId) return false;
    const seats = standingOf(state, approval, now, voters).groups.flatMap((group) => group.couldTake);
    const open = seats.filter((seat) => seat.takenBy === toUserId).map((seat) => seat.holder);
    // With a seat of their own they were asked when the approval began.
    return open.includes(requester.userId) && !open.includes(toUserId);
  };
  const found: string[] = [];
  let before: string | undefined;
  for (let pages = 0; pages < MOST_PAGES && found.length < MOST_HANDED_OVER; pages += 1) {
    const page = await services.reads.page(
      orgId,
      'approval',
      { status: 'Pending' },
      { limit: PAGE, ...(before === undefined ? {} : { before }) },
    );
    found.push(...page.items.filter(isTheirs).map((approval) => approval.id));
    before = page.next;
    if (before === undefined) break;
  }
  await enqueueAll(
    pgSql(services.db.pool),
    found.slice(0, MOST_HANDED_OVER).map((approvalId) => asked(orgId, approvalId, toUserId)),
  );
  return undefined;
};
