import type { Subject } from '@/lib/activity/store';
import { heldPinId } from '@/lib/ledger/pins';
import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import { applyChanges, emptyState, type OrgState, put } from '@/lib/ledger/state';
import type { Sql } from './sql';

/** Kinds every decision needs whole: few rows, read by all. */
const GOVERNANCE_KINDS: readonly RecordKind[] = [
  'org',
  'user',
  'credential',
  'token',
  'permission',
  'assignment',
  'policy',
];

/** Longest window a velocity rule may have, and the tolerance of settled times. */
const LONGEST_WINDOW_MS = 43_200 * 60_000 + 240_000;

type Row = { readonly kind: RecordKind; readonly record: Records[RecordKind]; readonly seq: string | null };

const addRows = (state: OrgState, rows: readonly Row[]): void => {
  applyChanges(
    state,
    rows.map((row) => put(row.kind, row.record) as Change),
  );
  for (const row of rows)
    if (row.kind === 'window' && row.seq !== null)
      state.places.set((row.record as Records['window']).activityId, Number(row.seq));
};

/** Governance of an organisation as a process last read it. */
export type GovernanceCache = Map<string, { readonly version: string; readonly rows: readonly Row[] }>;

const readGovernance = async (sql: Sql, orgId: string, cache: GovernanceCache): Promise<readonly Row[]> => {
  const { rows: versions } = await sql.query<{ version: string }>(
    'SELECT version::text AS version FROM governance_versions WHERE org_id = $1',
    [orgId],
  );
  const version = versions[0]?.version ?? '0';
  const cached = cache.get(orgId);
  if (cached?.version === version) return cached.rows;
  const { rows } = await sql.query<Row>(
    `SELECT kind, record, NULL AS seq FROM ledger_records WHERE org_id = $1 AND
     (kind = ANY ($2::text[]) OR (kind = 'changeRequest' AND record->>'status' = 'Pending')) ORDER BY ordinal`,
    [orgId, [...GOVERNANCE_KINDS]],
  );
  cache.set(orgId, { version, rows });
  return rows;
};

/**
 * Reads an organisation's governance, for who may do what: one query while nothing changed. The state is shared by all who ask and is
 * only read; whoever decides an entry loads its own under the locks.
 */
export const governanceReader = (sql: Sql): ((orgId: string) => Promise<OrgState>) => {
  const cache: GovernanceCache = new Map();
  const built = new Map<string, { readonly rows: readonly Row[]; readonly state: OrgState }>();
  return async (orgId) => {
    const rows = await readGovernance(sql, orgId, cache);
    const known = built.get(orgId);
    if (known?.rows === rows) return known.state;
    const state = emptyState();
    addRows(state, rows);
    built.set(orgId, { rows, state });
    return state;
  };
};

const EXACT = `SELECT r.kind, r.record, l.seq::text AS seq FROM ledger_records r LEFT JOIN ledger_leaves l ON l.leaf = r.leaf
  JOIN unnest($2::text[], $3::text[]) AS wanted(kind, id) ON r.kind = wanted.kind AND r.id = wanted.id WHERE r.org_id = $1`;

const WINDOWS = `SELECT r.kind, r.record, l.seq::text AS seq FROM ledger_records r JOIN ledger_leaves l ON l.leaf = r.leaf
  WHERE r.org_id = $1 AND r.kind = 'window'`;

/**
 * Loads the part of an organisation's state that a decision about the subject needs. Called under the locks, so that what it reads is
 * what stands before the entry.
 */
export const loadState = async (
  sql: Sql,
  orgId: string,
  subject: Subject,
  cache: GovernanceCache,
): Promise<OrgState> => {
  const state = emptyState();
  addRows(state, await readGovernance(sql, orgId, cache));
  const seen = new Set<string>();
  const exact = async (wanted: readonly { readonly kind: RecordKind; readonly id: string }[]) => {
    const fresh = wanted.filter((item) => !seen.has(`${item.kind} ${item.id}`));
    for (const item of fresh) seen.add(`${item.kind} ${item.id}`);
    if (fresh.length === 0) return;
    addRows(
      state,
      (await sql.query<Row>(EXACT, [orgId, fresh.map((item) => item.kind), fresh.map((item) => item.id)])).rows,
    );
  };
  const ids = <K extends RecordKind>(kind: K, list: readonly string[] | undefined) =>
    (list ?? []).map((id) => ({ kind, id }));
  await exact([
    ...ids('wallet', subject.walletIds),
    ...ids('key', subject.keyIds),
    ...ids('activity', subject.activityIds),
    ...ids('approval', subject.approvalIds),
    ...ids('changeRequest', subject.changeRequestIds),
    ...(subject.probes ?? []),
    { kind: 'lane', id: 'governance' },
    { kind: 'checkpoint', id: 'last' },
  ]);
  await exact([...state.tables.externalId.values()].map((item) => ({ kind: 'activity', id: item.activityId })));
  for (const approval of [...state.tables.approval.values()])
    await exact([
      { kind: approval.subject.kind === 'Activity' ? 'activity' : 'changeRequest', id: approval.subject.id },
    ]);
  await exact([...state.tables.changeRequest.values()].map((item) => ({ kind: 'approval', id: item.approvalId })));
  await exact(
    [...state.tables.changeRequest.values()]
      .filter((item) => item.kind === 'Freeze')
      .map((item) => ({ kind: 'wallet', id: item.entityId })),
  );
  const related = [...state.tables.activity.values()];
  await exact(
    related.flatMap((activity) => [
      ...(activity.approvalId ? [{ kind: 'approval' as const, id: activity.approvalId }] : []),
      ...(activity.cancels ? [{ kind: 'activity' as const, id: activity.cancels }] : []),
    ]),
  );
  const keyIds = new Set([
    ...(subject.keyIds ?? []),
    ...[...state.tables.activity.values()].map((item) => item.keyId),
    ...[...state.tables.wallet.values()].map((item) => item.keyId),
  ]);
  if (keyIds.size > 0) {
    await exact(
      [...keyIds].flatMap((id) => [
        { kind: 'key' as const, id },
        { kind: 'lane' as const, id },
      ]),
    );
    const { rows } = await sql.query<Row>(
      `SELECT kind, record, NULL AS seq FROM ledger_records WHERE org_id = $1 AND kind = 'wallet' AND record->>'keyId' = ANY ($2::text[]) ORDER BY ordinal`,
      [orgId, [...keyIds]],
    );
    addRows(state, rows);
  }
  await exact(
    [...state.tables.activity.values()].flatMap((item) =>
      item.pin ? [{ kind: 'pin' as const, id: heldPinId(item.id, item.pin) }] : [],
    ),
  );
  // A key without wallets keeps its windows under its own id.
  const walletIds = [...state.tables.wallet.keys(), ...keyIds];
  if (subject.unsettled)
    addRows(
      state,
      (await sql.query<Row>(`${WINDOWS} AND NOT r.record ? 'settledAt' ORDER BY r.ordinal`, [orgId])).rows,
    );
  else if (
    walletIds.length > 0 &&
    [...state.tables.policy.values()].some((policy) => policy.definition.rule.kind.endsWith('Velocity'))
  ) {
    // An activity is judged again on its own time, which may lie far back.
    const from =
      Math.min(Date.now(), ...[...state.tables.activity.values()].map((item) => item.at)) - LONGEST_WINDOW_MS;
    const { rows } = await sql.query<Row>(
      `${WINDOWS} AND r.record->>'walletId' = ANY ($2::text[]) AND coalesce(r.record->>'settledAt', r.record->>'at')::bigint > $3::bigint ORDER BY r.ordinal`,
      [orgId, walletIds, String(from)],
    );
    addRows(state, rows);
  }
  const own = [...state.tables.activity.keys()].filter(
    (id) => ![...state.windows.values()].flat().some((item) => item.activityId === id),
  );
  if (own.length > 0 && !subject.unsettled)
    addRows(
      state,
      (
        await sql.query<Row>(`${WINDOWS} AND r.record->>'activityId' = ANY ($2::text[]) ORDER BY r.ordinal`, [
          orgId,
          own,
        ])
      ).rows,
    );
  return state;
};
