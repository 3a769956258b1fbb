import { type DueReminder, dueReminders, tell } from '@/lib/db/approval-reminders';
import type { Db } from '@/lib/db/client';
import { pgSql } from '@/lib/db/sql';
import { inSqlTransaction } from '@/lib/db/transaction';
import { standingOf, votersAt } from '@/lib/ledger/standing';
import type { OrgState } from '@/lib/ledger/state';

/** People whom groups name; where anybody may approve, nobody is mailed. */
const namedIn = ({ approval }: DueReminder): ReadonlySet<string> =>
  new Set(
    approval.groups.flatMap((group) => [
      ...(group.approvers.userId?.in ?? []),
      ...(group.escalation?.approvers.userId.in ?? []),
    ]),
  );

/** Whom to tell what about one approval at that time. */
export const toTell = (state: OrgState, due: DueReminder, now: number) => {
  const voters = votersAt(state, now);
  const named = namedIn(due);
  const inPlaceOf = new Map(voters.map((voter) => [voter.userId, voter.inPlaceOf]));
  const standing = standingOf(state, due.approval, null, now, voters);
  const awaited = [...new Set(standing.groups.flatMap((group) => group.awaited))].filter(
    (userId) => named.has(userId) || inPlaceOf.get(userId)?.some((holder) => named.has(holder)),
  );
  const escalatedTo = standing.groups
    .filter(({ escalatesAt = 0, isEscalated, isFilled }) => isEscalated && !isFilled && escalatesAt > due.toldUntil)
    .flatMap(({ group }) => group.escalation?.approvers.userId.in ?? []);
  const first = new Set(escalatedTo);
  return {
    reminded: due.isReminded ? awaited.filter((userId) => !first.has(userId)) : [],
    escalatedTo: [...first].filter((userId) => userId !== due.approval.initiatorId),
  };
};

/** Reminds those who are awaited by their organisation's schedule, and tells whom an approval escalates to. */
export const remindOnce = async (
  db: Pick<Db, 'pool'>,
  governance: (orgId: string) => Promise<OrgState>,
  now: number,
): Promise<void> => {
  for (const due of await dueReminders(pgSql(db.pool), now)) {
    const told = toTell(await governance(due.orgId), due, now);
    await inSqlTransaction(db.pool, (sql) => tell(sql, { due, ...told, now }));
  }
};
