import { GOVERNANCE } from '@/lib/ledger/decision';
import type { Prepared, Sql } from './sql';

const inOrder = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

const LOCK: Prepared = {
  name: 'ledger_locks',
  text: `SELECT CASE WHEN is_shared THEN pg_advisory_xact_lock_shared(hashtextextended(name, 0))::text
    ELSE pg_advisory_xact_lock(hashtextextended(name, 0))::text END AS taken FROM unnest($1::text[], $2::boolean[]) AS lock(name, is_shared)`,
};

/**
 * Takes locks until the transaction ends, in the one order everybody takes them: organisation, keys, credentials. The organisation's is
 * exclusive for governance, else shared. A statement of its own: what is read after it is read as it stands under the locks.
 */
export const takeLocks = async (
  sql: Sql,
  orgId: string,
  lanes: readonly string[],
  credentialIds: readonly string[] = [],
): Promise<void> => {
  const isGovernance = lanes.includes(GOVERNANCE);
  const names = [
    `org:${orgId}`,
    ...inOrder(lanes.filter((lane) => lane !== GOVERNANCE).map((lane) => `key:${orgId}:${lane}`)),
    ...inOrder(credentialIds.map((id) => `counter:${orgId}:${id}`)),
  ];
  await sql.query(LOCK, [names, names.map((_, at) => at === 0 && !isGovernance)]);
};
