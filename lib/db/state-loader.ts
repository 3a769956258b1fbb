import type { Subject } from '@/lib/activity/store';
import { heldPinId } from '@/lib/ledger/pins';
import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import { applyChanges, emptyState, type OrgState, put, type StateInMemory } from '@/lib/ledger/state';
import { type GovernanceCopies, readGovernance } from './governance-copy';
import type { Sql } from './sql';
import { noWindows, windowsOfActivities, withWindows } from './window-loader';

type Row = { readonly kind: RecordKind; readonly record: Records[RecordKind]; readonly seq: string | null };

const addRows = (state: OrgState, rows: readonly Row[]): void => {
  applyChanges(
    state,
    rows.map((row) => put(row.kind, row.record) as Change),
  );
  for (const row of rows)
    if (row.kind === 'window' && row.seq !== null)
      state.windows.place((row.record as Records['window']).activityId, Number(row.seq));
};

/** Reads an organisation's governance, for who may do what. The state is shared by all who ask and is only read. */
export const governanceReader =
  (sql: Sql, copies: GovernanceCopies = new Map()): ((orgId: string, seen?: string) => Promise<OrgState>) =>
  (orgId, seen) =>
    readGovernance(sql, orgId, copies, seen);

/** A state to which rows may be added: governance shared with the copy, which has them all, and of change requests a list of its own. */
const onTopOf = ({ tables }: OrgState): StateInMemory => {
  const state = emptyState();
  const { org, user, credential, token, permission, assignment, policy, delegation } = tables;
  const changeRequest = new Map(tables.changeRequest);
  return {
    ...state,
    tables: {
      ...state.tables,
      org,
      user,
      credential,
      token,
      permission,
      assignment,
      policy,
      delegation,
      changeRequest,
    },
  };
};

const EXACT = `SELECT r.kind, r.record, l.seq::text AS seq FROM ledger_records r LEFT JOIN ledger_leaves l ON l.leaf = r.leaf
  JOIN unnest($2::text[], $3::text[]) AS wanted(kind, id) ON r.kind = wanted.kind AND r.id = wanted.id WHERE r.org_id = $1`;

/**
 * Loads the part of an organisation's state that a decision about the subject needs. Called under the locks, so that what it reads is
 * what stands before the entry.
 */
export const loadState = async (
  sql: Sql,
  orgId: string,
  subject: Subject,
  copies: GovernanceCopies,
): Promise<StateInMemory> => {
  const state = onTopOf(await readGovernance(sql, orgId, copies));
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
      .filter((item) => item.kind === 'Freeze' || item.kind === 'WalletTags')
      .map((item) => ({ kind: 'wallet', id: item.entityId })),
  );
  // What a cancel or a speed-up is about, before that one's own relations.
  await exact(
    [...state.tables.activity.values()].flatMap(({ cancels, speedsUp, spedUpBy }) =>
      ids(
        'activity',
        [cancels, speedsUp?.activityId, spedUpBy].flatMap((id) => id ?? []),
      ),
    ),
  );
  const related = [...state.tables.activity.values()];
  await exact(related.flatMap(({ approvalId }) => (approvalId ? [{ kind: 'approval' as const, id: approvalId }] : [])));
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
      (
        await sql.query<Row>(
          `SELECT r.kind, r.record, l.seq::text AS seq FROM ledger_records r JOIN ledger_leaves l ON l.leaf = r.leaf
           WHERE r.org_id = $1 AND r.kind = 'window' AND NOT r.record ? 'settledAt' ORDER BY r.ordinal`,
          [orgId],
        )
      ).rows,
    );
  if (subject.unsettled) return state;
  if (subject.withoutWindows) return { ...state, windows: noWindows(walletIds) };
  const own = await windowsOfActivities(sql, orgId, [...state.tables.activity.keys()]);
  return withWindows(sql, orgId, { state, walletIds, own, at: subject.at ?? Date.now() });
};
