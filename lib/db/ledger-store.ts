import { randomUUID } from 'node:crypto';
import type { LedgerStore, LockedLedger, Subject } from '@/lib/activity/store';
import { GOVERNANCE } from '@/lib/ledger/decision';
import type { Change } from '@/lib/ledger/records';
import { applyChanges, find, type OrgState } from '@/lib/ledger/state';
import type { Db } from './client';
import type { GovernanceCopies } from './governance-copy';
import { isGovernanceKind } from './governance-history';
import { inGroups } from './groups';
import { takeLocks } from './ledger-locks';
import { drawLeaves, type NewEntry, writeEntries } from './ledger-writer';
import { policiesBefore } from './policy-versions';
import { getRecord } from './records';
import { pgSql, type Sql } from './sql';
import { aboutAll, addWindows, loadRecords, loadState, withoutWindows } from './state-loader';
import { inSqlTransaction } from './transaction';

/** Races a once-only record lost; each attempt reads the state anew. */
const ATTEMPTS = 5;

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === '23505';

/** Places of the recoveries whose credentials wait and are not settled; asked for a checkpoint alone. */
const placesOfRecoveries = async (
  sql: Sql,
  orgId: string,
  state: OrgState | null,
): Promise<LockedLedger['placeOf']> => {
  const recovered = state ? (find(state, 'org', orgId)?.recovered ?? []) : [];
  const ids = recovered.filter((item) => item.settledAt === undefined).map((item) => item.credentialId);
  if (ids.length === 0) return () => null;
  const { rows } = await sql.query<{ id: string; seq: string | null }>(
    `SELECT h.id, min(l.seq)::text AS seq FROM governance_history h LEFT JOIN ledger_leaves l ON l.leaf = h.leaf
     WHERE h.org_id = $1 AND h.kind = 'credential' AND h.id = ANY ($2::text[]) GROUP BY h.id`,
    [orgId, ids],
  );
  const places = new Map(rows.flatMap(({ id, seq }) => (seq === null ? [] : [[id, Number(seq)] as const])));
  return (credentialId) => places.get(credentialId) ?? null;
};

const rootsUpTo = async (sql: Sql, orgId: string, seq: number | undefined): Promise<LockedLedger['rootAt']> => {
  if (seq === undefined) return () => null;
  const { rows } = await sql.query<{ root: string }>('SELECT root FROM ledger_leaves WHERE org_id = $1 AND seq = $2', [
    orgId,
    seq,
  ]);
  // A root that isn't known is none at all: such a checkpoint must not pass.
  return (asked) => (asked === seq ? (rows[0]?.root ?? '') : null);
};

/** What is decided under the locks of its lane, together with others or alone. */
type Call = {
  readonly input: Parameters<LedgerStore['locked']>[0];
  readonly work: (ledger: LockedLedger) => void;
};

type Look = { readonly subject: Subject; readonly take: (state: OrgState) => void };

const READING = { isolation: 'RepeatableRead', byIndex: true } as const;

/**
 * Decides the calls one after the other in one transaction, each on the state that those before it made.
 * @returns how many: after one that changes governance the state must be read anew.
 */
const decideInTurn = async (
  sql: Sql,
  orgId: string,
  calls: readonly [Call, ...Call[]],
  copies: GovernanceCopies,
): Promise<number> => {
  const [{ input: first }] = calls;
  const inputs = calls.map(({ input }) => input);
  const subject = aboutAll(inputs.map((input) => input.subject));
  const lanes = inputs.map(({ lane }) => lane);
  const credentialIds = inputs.flatMap(({ credentialId }) => credentialId ?? []);
  // In one round trip, each after the one before: what is read is read, and numbers are drawn, under the locks.
  const [, records, numbers] = await Promise.all([
    takeLocks(sql, orgId, lanes, credentialIds),
    loadRecords(sql, orgId, subject, copies),
    drawLeaves(sql, calls.length),
  ]);
  const at = first.now();
  const state = await addWindows(sql, orgId, { ...subject, at }, records);
  const rootAt = await rootsUpTo(sql, orgId, first.checkpointSeq);
  const placeOf = await placesOfRecoveries(sql, orgId, first.checkpointSeq === undefined ? null : state);
  const entries: NewEntry[] = [];
  let isGovernance = first.lane === GOVERNANCE;
  let done = 0;
  for (const { work } of calls) {
    const changes: Change[] = [];
    const write: LockedLedger['write'] = (wanted) => {
      const [id, number] = [randomUUID(), numbers[entries.length]];
      if (number === undefined) throw new RangeError('A decision makes one entry at most.');
      entries.push({ ...wanted, id, number });
      changes.push(...wanted.changes);
      return id;
    };
    work({ state, at, rootAt, placeOf, write });
    done += 1;
    isGovernance ||= changes.some((change) => isGovernanceKind(change.kind));
    // INVARIANT: governance in the state is the process's copy, which is never written to but from what is committed.
    if (isGovernance) break;
    applyChanges(state, changes);
  }
  await writeEntries(sql, orgId, entries, { isGovernance });
  return done;
};

/** The ledger in PostgreSQL. Each process keeps its own copy of governance, checked against its version at every use. */
export const createLedgerStore = (db: Db, copies: GovernanceCopies = new Map()): LedgerStore => {
  const decide = async (orgId: string, calls: readonly [Call, ...Call[]]): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await inSqlTransaction(db.pool, (sql) => decideInTurn(sql, orgId, calls, copies), { byIndex: true });
      } catch (error) {
        if (!isUniqueViolation(error) || attempt >= ATTEMPTS) throw error;
      }
    }
  };
  const decideTogether = inGroups(decide);
  const lookTogether = inGroups(async (orgId, looks: readonly Look[]) => {
    const subject = aboutAll(looks.map((look) => look.subject));
    await inSqlTransaction(
      db.pool,
      async (sql) => {
        const state = withoutWindows(await loadRecords(sql, orgId, subject, copies));
        for (const { take } of looks) take(state);
      },
      READING,
    );
    return looks.length;
  });
  return {
    locked: async <T>(input: Call['input'], work: (ledger: LockedLedger) => T): Promise<T> => {
      let found: { readonly value: T } | undefined;
      const call: Call = {
        input,
        work: (ledger) => {
          found = { value: work(ledger) };
        },
      };
      if (input.lane === GOVERNANCE) await decide(input.orgId, [call]);
      else await decideTogether(input.orgId, call);
      if (!found) throw new Error('A decision was taken for done that nobody made.');
      return found.value;
    },
    read: (orgId, subject) => inSqlTransaction(db.pool, (sql) => loadState(sql, orgId, subject, copies), READING),
    // Whoever asked goes on while the reading transaction ends.
    look: (orgId, subject) =>
      new Promise((take, reject) => {
        lookTogether(orgId, { subject, take }).catch(reject);
      }),
    policiesBefore: (orgId, activityId) => policiesBefore(pgSql(db.pool), orgId, activityId),
    getRecord: (orgId, kind, id) => getRecord(pgSql(db.pool), orgId, kind, id),
  };
};
