import type { Sql } from './sql';

/** How many organisations there are of each enrolment, for health. */
export const countEnrolments = async (sql: Sql): Promise<{ readonly server: number; readonly vouched: number }> => {
  const { rows } = await sql.query<{ enrolment: string; count: string }>(
    `SELECT r.record->>'enrolment' AS enrolment, count(*)::text AS count FROM organisations o
     JOIN ledger_records r ON r.org_id = o.id AND r.kind = 'org' AND r.id = o.id GROUP BY 1`,
    [],
  );
  const of = (enrolment: string): number => Number(rows.find((row) => row.enrolment === enrolment)?.count ?? 0);
  return { server: of('server'), vouched: of('vouched') };
};
