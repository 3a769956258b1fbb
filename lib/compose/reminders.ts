import { type DueReminder, dueReminders, tell } from '@/lib/db/approval-reminders';
import type { Db } from '@/lib/db/client';
import { pgSql } from '@/lib/db/sql';
import { inSqlTransaction } from '@/lib/db/transaction';
import { peopleToTell } from '@/lib/ledger/asked';
import { standingOf } from '@/lib/ledger/standing';
import type { OrgState } from '@/lib/ledger/state';

/** Whom to tell what about one approval at that time. */
export const toTell = (state: OrgState, due: DueReminder, now: number) => {
  const standing = standingOf(state, due.approval, now);
  const awaited = peopleToTell(standing.groups, due.approval);
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
