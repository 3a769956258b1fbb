import type { Change } from '@/lib/ledger/records';
import { applyChanges, emptyState, type OrgState, put } from '@/lib/ledger/state';
import { currentGovernance, type HistoryRow, historySince } from './governance-history';
import type { Sql } from './sql';

type Copy = { version: bigint; ordinal: bigint; readonly state: OrgState };

/** A process's copies of governance, by organisation. */
export type GovernanceCopies = Map<string, Copy>;

const add = (state: OrgState, row: Pick<HistoryRow, 'kind' | 'record'>): void => {
  applyChanges(state, [put(row.kind, row.record) as Change]);
  // Decided ones are looked up by id when somebody needs them.
  const { changeRequest } = state.tables;
  if (row.kind === 'changeRequest' && changeRequest.get(row.record.id)?.status !== 'Pending')
    changeRequest.delete(row.record.id);
};

const versionOf = async (sql: Sql, orgId: string): Promise<string> => {
  const { rows } = await sql.query<{ version: string }>(
    'SELECT version::text AS version FROM governance_versions WHERE org_id = $1',
    [orgId],
  );
  return rows[0]?.version ?? '0';
};

/**
 * An organisation's governance as it stands, from the process's copy: one query while nothing changed, then only what did, so that
 * neither reading nor changing costs more in a larger organisation.
 *
 * The copy is brought up to date in place. Whoever decides holds the organisation's lock, and nobody writes governance meanwhile; others
 * only read, and may see it move on while they wait for something.
 * @param seen The version, where whoever asks has just read it.
 */
export const readGovernance = async (
  sql: Sql,
  orgId: string,
  copies: GovernanceCopies,
  seen?: string,
): Promise<OrgState> => {
  const version = BigInt(seen ?? (await versionOf(sql, orgId)));
  const known = copies.get(orgId);
  // A snapshot older than the copy is only read for advice: what is newer decides.
  if (known && known.version >= version) return known.state;
  if (!known) {
    const { ordinal, rows } = await currentGovernance(sql, orgId);
    const state = emptyState();
    for (const row of rows) add(state, row);
    // No organisation: anybody may ask for any name, and nothing of it stays in memory.
    if (version === 0n) return state;
    // Somebody else may have read it first, and others may hold on to that one.
    const first = copies.get(orgId);
    if (first && first.version >= version) return first.state;
    copies.set(orgId, { version, ordinal: BigInt(ordinal), state });
    return state;
  }
  for (const row of await historySince(sql, orgId, String(known.ordinal))) {
    // Another request may have brought the copy further while this one asked.
    if (BigInt(row.ordinal) <= known.ordinal) continue;
    add(known.state, row);
    known.ordinal = BigInt(row.ordinal);
  }
  if (version > known.version) known.version = version;
  return known.state;
};
