import type { ApprovalRecord } from '@/lib/ledger/records';
import { enqueue } from './job-queue';
import type { Sql } from './sql';

/** When approvers of an organisation are reminded; `atMost` 0 is never. */
export type ReminderSchedule = { readonly everyMinutes: number; readonly atMost: number };

/** Once a day, three times. */
export const USUAL_SCHEDULE: ReminderSchedule = { everyMinutes: 1440, atMost: 3 };

export const readSchedule = async (sql: Sql, orgId: string): Promise<ReminderSchedule> => {
  const { rows } = await sql.query<{ reminders: ReminderSchedule | null }>(
    'SELECT reminders FROM organisations WHERE id = $1',
    [orgId],
  );
  return rows[0]?.reminders ?? USUAL_SCHEDULE;
};

export const writeSchedule = async (sql: Sql, orgId: string, schedule: ReminderSchedule): Promise<void> => {
  await sql.query('UPDATE organisations SET reminders = $2::jsonb WHERE id = $1', [orgId, JSON.stringify(schedule)]);
};

/** A pending approval somebody is to be told about. */
export type DueReminder = {
  readonly orgId: string;
  readonly approval: ApprovalRecord;
  /** How many reminders there will have been; the same as before where none is due. */
  readonly sent: number;
  readonly isReminded: boolean;
  /** Escalations up to then were told, unix ms. */
  readonly toldUntil: number;
};

type Row = {
  readonly org_id: string;
  readonly record: ApprovalRecord;
  readonly due: number;
  readonly sent: number;
  readonly told_until: string;
};

/** Pending approvals whose reminder is due, and those with an escalation that was not told, at most 200. Missed reminders are not made up for. @param now unix ms */
export const dueReminders = async (sql: Sql, now: number): Promise<readonly DueReminder[]> => {
  const { rows } = await sql.query<Row>(
    `SELECT * FROM (
       SELECT r.org_id, r.record, coalesce(s.sent, 0) AS sent, coalesce(s.told_until, 0)::text AS told_until,
         least(coalesce((o.reminders->>'atMost')::integer, $2::integer),
           floor(($1::bigint - (r.record->>'dateCreated')::bigint)
             / (60000.0 * coalesce((o.reminders->>'everyMinutes')::integer, $3::integer))))::integer AS due
       FROM ledger_records r
       LEFT JOIN organisations o ON o.id = r.org_id
       LEFT JOIN approval_reminders s ON s.org_id = r.org_id AND s.approval_id = r.id
       WHERE r.kind = 'approval' AND r.record->>'status' = 'Pending'
         AND coalesce((r.record->>'expirationDate')::bigint, $1::bigint) >= $1::bigint
     ) AS pending
     WHERE due > sent OR EXISTS (
       SELECT 1 FROM jsonb_array_elements(record->'groups') AS g
       WHERE (record->>'dateCreated')::bigint + (g->'escalation'->>'afterMinutes')::bigint * 60000 > told_until::bigint
         AND (record->>'dateCreated')::bigint + (g->'escalation'->>'afterMinutes')::bigint * 60000 <= $1::bigint)
     LIMIT 200`,
    [String(now), USUAL_SCHEDULE.atMost, USUAL_SCHEDULE.everyMinutes],
  );
  return rows.map(({ org_id, record, due, sent, told_until }) => ({
    orgId: org_id,
    approval: record,
    sent: Math.max(due, sent),
    isReminded: due > sent,
    toldUntil: Number(told_until),
  }));
};

type Told = {
  readonly due: DueReminder;
  /** Users who are reminded, and users whom an escalation names now. */
  readonly reminded: readonly string[];
  readonly escalatedTo: readonly string[];
  readonly now: number;
};

/** Notes what is told and has it mailed, once however many look at the same time. Inside a transaction. */
export const tell = async (sql: Sql, { due, reminded, escalatedTo, now }: Told): Promise<void> => {
  const { orgId, approval } = due;
  const { rows } = await sql.query(
    `INSERT INTO approval_reminders AS s (org_id, approval_id, sent, sent_at, told_until)
     VALUES ($1, $2, $3::integer, CASE WHEN $4::boolean THEN to_timestamp($5::bigint / 1000.0) END, $5::bigint)
     ON CONFLICT (org_id, approval_id) DO UPDATE SET sent = greatest(s.sent, excluded.sent),
       sent_at = coalesce(excluded.sent_at, s.sent_at), told_until = greatest(s.told_until, excluded.told_until)
     WHERE s.sent < excluded.sent OR s.told_until = $6::bigint
     RETURNING 1`,
    [orgId, approval.id, due.sent, due.isReminded, String(now), String(due.toldUntil)],
  );
  if (rows.length === 0) return;
  const mail = (userId: string, about: 'reminder' | 'escalated') =>
    enqueue(sql, { name: 'mail-approval', payload: { orgId, approvalId: approval.id, userId, about } });
  for (const userId of reminded) await mail(userId, 'reminder');
  for (const userId of escalatedTo) await mail(userId, 'escalated');
};

/** How often approvers of these approvals were reminded, and when last (unix ms). */
export const remindersOf = async (
  sql: Sql,
  orgId: string,
  approvalIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly sent: number; readonly last: number | null }>> => {
  const { rows } = await sql.query<{ approval_id: string; sent: number; last: string | null }>(
    `SELECT approval_id, sent, (extract(epoch FROM sent_at) * 1000)::bigint::text AS last FROM approval_reminders
     WHERE org_id = $1 AND approval_id = ANY ($2::text[])`,
    [orgId, [...approvalIds]],
  );
  return new Map(
    rows.map(({ approval_id, sent, last }) => [approval_id, { sent, last: last === null ? null : Number(last) }]),
  );
};
