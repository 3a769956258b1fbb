import type { Subject } from '@/lib/activity/store';
import { heldPinId } from '@/lib/ledger/pins';
import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import { applyChanges, emptyState, type OrgState, put, type StateInMemory } from '@/lib/ledger/state';
import { type GovernanceCopies, readGovernance } from './governance-copy';
import type { Prepared, Sql } from './sql';
import { noWindows, unsettledWindows, windowsOfActivities, withWindows } from './window-loader';

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

/**
 * Records by kind and id, and what hangs together with them: the activity of an externalId, an approval and its subject, what a
 * cancel or a speed-up is about, the key and lane of a wallet or activity and all wallets on that key; with the version of governance.
 * Ranges of one value in an order that a single index gives: of a new database there are no statistics, and with an equality the planner
 * would take any index that begins with the organisation.
 */
const RELATED: Prepared = {
  name: 'ledger_related',
  text: `WITH RECURSIVE found AS (
    SELECT r.* FROM unnest($2::text[], $3::text[]) AS wanted(kind, id) CROSS JOIN LATERAL (
      SELECT kind, id, ordinal, record FROM ledger_records
      WHERE org_id = $1 AND kind = wanted.kind AND id BETWEEN wanted.id AND wanted.id ORDER BY id LIMIT 1
    ) AS r
    UNION
    SELECT r.* FROM found f CROSS JOIN LATERAL (
      SELECT related.* FROM (VALUES
        ('activity', CASE f.kind WHEN 'externalId' THEN f.record->>'activityId' WHEN 'activity' THEN f.record->>'cancels'
           WHEN 'approval' THEN f.record->'subject'->>'id' END),
        ('activity', CASE f.kind WHEN 'activity' THEN f.record->'speedsUp'->>'activityId' END),
        ('activity', CASE f.kind WHEN 'activity' THEN f.record->>'spedUpBy' END),
        ('changeRequest', CASE f.kind WHEN 'approval' THEN f.record->'subject'->>'id' END),
        ('approval', CASE WHEN f.kind IN ('activity', 'changeRequest') THEN f.record->>'approvalId' END),
        ('wallet', CASE f.kind WHEN 'changeRequest' THEN f.record->>'entityId' END),
        ('key', CASE WHEN f.kind IN ('activity', 'wallet') THEN f.record->>'keyId' END),
        ('lane', CASE WHEN f.kind IN ('activity', 'wallet') THEN f.record->>'keyId' END)
      ) AS named(kind, id) CROSS JOIN LATERAL (
        SELECT kind, id, ordinal, record FROM ledger_records
        WHERE org_id = $1 AND kind = named.kind AND id BETWEEN named.id AND named.id ORDER BY id LIMIT 1
      ) AS related WHERE named.id IS NOT NULL
      UNION ALL
      (SELECT kind, id, ordinal, record FROM ledger_records
       WHERE f.kind = 'key' AND org_id = $1 AND kind = 'wallet' AND record->>'keyId' BETWEEN f.id AND f.id ORDER BY record->>'keyId')
    ) AS r
  )
  SELECT governance.version, found.kind, found.record
  FROM (SELECT coalesce(max(version), 0)::text AS version FROM governance_versions WHERE org_id = $1) AS governance
  LEFT JOIN found ON true ORDER BY found.ordinal`,
};

type RelatedRow = { readonly version: string } & (
  | { readonly kind: RecordKind; readonly record: Records[RecordKind] }
  | { readonly kind: null; readonly record: null }
);

/** What several decisions are about: for a state in which each of them finds what it needs. */
export const aboutAll = (subjects: readonly Subject[]): Subject => ({
  walletIds: subjects.flatMap((subject) => subject.walletIds ?? []),
  keyIds: subjects.flatMap((subject) => subject.keyIds ?? []),
  activityIds: subjects.flatMap((subject) => subject.activityIds ?? []),
  approvalIds: subjects.flatMap((subject) => subject.approvalIds ?? []),
  changeRequestIds: subjects.flatMap((subject) => subject.changeRequestIds ?? []),
  probes: subjects.flatMap((subject) => subject.probes ?? []),
  timeframes: subjects.flatMap((subject) => subject.timeframes ?? []),
  unsettled: subjects.some((subject) => subject.unsettled),
});

type Wanted = { readonly kind: RecordKind; readonly id: string };

const ids = (kind: RecordKind, list: readonly string[] | undefined): Wanted[] =>
  (list ?? []).map((id) => ({ kind, id }));

/** Its approval, and the wallet where it is about one. */
const ofChangeRequest = ({ approvalId, entityId }: Records['changeRequest']): Wanted[] => [
  { kind: 'approval', id: approvalId },
  { kind: 'wallet', id: entityId },
];

const addRecords = (state: OrgState, rows: readonly RelatedRow[]): void =>
  applyChanges(
    state,
    rows.flatMap(({ kind, record }) => (kind === null ? [] : [put(kind, record) as Change])),
  );

/** Records without spending windows, and the wallets and keys whose windows belong to them. */
type Loaded = { readonly state: StateInMemory; readonly walletIds: readonly string[] };

/** Loads the records that a decision about the subject needs, in one statement while no change request waits and no pin is held. */
export const loadRecords = async (
  sql: Sql,
  orgId: string,
  subject: Subject,
  copies: GovernanceCopies,
): Promise<Loaded> => {
  const seen = new Set<string>();
  const related = async (wanted: readonly Wanted[]): Promise<readonly RelatedRow[]> => {
    const fresh = wanted.filter((item) => seen.size < seen.add(`${item.kind} ${item.id}`).size);
    if (fresh.length === 0) return [];
    const { rows } = await sql.query<RelatedRow>(RELATED, [
      orgId,
      fresh.map((item) => item.kind),
      fresh.map((item) => item.id),
    ]);
    for (const { kind, record } of rows) if (kind !== null) seen.add(`${kind} ${record.id}`);
    return rows;
  };
  const rows = await related([
    ...ids('wallet', subject.walletIds),
    ...ids('key', subject.keyIds),
    ...ids('lane', subject.keyIds),
    ...ids('activity', subject.activityIds),
    ...ids('approval', subject.approvalIds),
    ...ids('changeRequest', subject.changeRequestIds),
    ...(subject.probes ?? []),
    { kind: 'lane', id: 'governance' },
    { kind: 'checkpoint', id: 'last' },
  ]);
  const state = onTopOf(await readGovernance(sql, orgId, copies, rows[0]?.version));
  addRecords(state, rows);
  // What may be asked of change requests that wait, which come with governance.
  addRecords(state, await related([...state.tables.changeRequest.values()].flatMap(ofChangeRequest)));
  const activities = [...state.tables.activity.values()];
  addRecords(
    state,
    await related(activities.flatMap(({ id, pin }) => (pin ? [{ kind: 'pin' as const, id: heldPinId(id, pin) }] : []))),
  );
  const wallets = [...state.tables.wallet.values()];
  const keyIds = [
    ...(subject.keyIds ?? []),
    ...activities.map((item) => item.keyId),
    ...wallets.map((item) => item.keyId),
  ];
  // A key without wallets keeps its windows under its own id.
  return { state, walletIds: [...new Set([...wallets.map((item) => item.id), ...keyIds])] };
};

/** The state without windows: to ask for one of them throws. */
export const withoutWindows = ({ state, walletIds }: Loaded): OrgState => ({ ...state, windows: noWindows(walletIds) });

/** The state with what a decision at `subject.at` can ask of its spending windows. */
export const addWindows = async (
  sql: Sql,
  orgId: string,
  subject: Subject,
  { state, walletIds }: Loaded,
): Promise<StateInMemory> => {
  if (subject.unsettled) {
    const unsettled = await unsettledWindows(sql, orgId);
    applyChanges(
      state,
      unsettled.map(({ record }) => put('window', record)),
    );
    for (const { record, seq } of unsettled) if (seq !== null) state.windows.place(record.activityId, Number(seq));
    return state;
  }
  const own = await windowsOfActivities(sql, orgId, [...state.tables.activity.keys()]);
  const { at = Date.now(), timeframes = [] } = subject;
  return withWindows(sql, orgId, { state, walletIds, own, at, timeframes });
};

/**
 * Loads the part of an organisation's state that a decision about the subject needs. Called under the locks, so that what it reads is
 * what stands before the entry.
 */
export const loadState = async (
  sql: Sql,
  orgId: string,
  subject: Subject,
  copies: GovernanceCopies,
): Promise<StateInMemory> => addWindows(sql, orgId, subject, await loadRecords(sql, orgId, subject, copies));
