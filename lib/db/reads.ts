import type { SignedHead } from '@/lib/ledger/heartbeat';
import type { PolicyRecord, RecordKind, Records } from '@/lib/ledger/records';
import { remindersOf } from './approval-reminders';
import { type AuditFilter, type AuditRow, auditEntries, countAuditEntries } from './audit';
import { type ChainAlarmRow, listChainAlarms } from './chain-alarms';
import type { Db } from './client';
import { type GovernanceAt, governanceAt, lastGovernanceSeq } from './governance-history';
import {
  type EntryProof,
  type LedgerAlarm,
  listAlarms,
  listCheckpoints,
  listHeartbeats,
  proveEntry,
  proveTree,
  type TreeProof,
} from './ledger-proofs';
import { type ChangeEvent, EVENT_CHANNEL } from './ledger-writer';
import type { Listener } from './listener';
import { listPolicyVersions, type PolicyVersionRow, policiesOfVersions } from './policy-versions';
import { getRecords, listRecords, type RecordPage } from './records';
import { listRequestLog, type RequestLogFilter, type RequestLogRow } from './request-log';
import {
  countKeyStores,
  listLatestRefusals,
  listSignerNodes,
  listSignerRefusals,
  type SignerNodeRow,
  type SignerRefusalRow,
} from './signer-nodes';
import { pgSql } from './sql';
import { lastCheckpoint, type TimelineLeaf, timelineOf } from './timeline';
import {
  type HistoryFilter,
  type OrgHistoryFilter,
  orgHistory,
  type WalletTransferRow,
  walletHistory,
} from './wallet-transfers';

/** Members of a record and the texts they may equal. */
export type RecordFilter = { readonly [member: string]: string | readonly string[] | undefined };

/** What the front door reads besides single records. Nothing here writes. */
export type Reads = {
  readonly records: <K extends RecordKind>(
    orgId: string,
    kind: K,
    ids: readonly string[],
  ) => Promise<readonly Records[K][]>;
  /** A page, newest first. `next` is absent on the last one. */
  readonly page: <K extends RecordKind>(
    orgId: string,
    kind: K,
    filter: RecordFilter,
    page: RecordPage,
  ) => Promise<{ readonly items: Records[K][]; readonly next?: string }>;
  readonly signerNodes: () => Promise<readonly SignerNodeRow[]>;
  readonly keyStores: (orgId: string) => ReturnType<typeof countKeyStores>;
  readonly signerRefusals: (orgId: string, activityId: string) => Promise<readonly SignerRefusalRow[]>;
  readonly latestRefusals: (orgId: string, limit: number) => Promise<readonly SignerRefusalRow[]>;
  /** States of a policy, newest first. */
  readonly policyVersions: (
    orgId: string,
    policyId: string,
    page: { readonly before?: string; readonly limit: number },
  ) => Promise<readonly PolicyVersionRow[]>;
  /** Policies as they were in those versions. */
  readonly policiesOfVersions: (
    orgId: string,
    wanted: readonly { readonly policyId: string; readonly version: string }[],
  ) => Promise<readonly PolicyRecord[]>;
  /** How often approvers of these approvals were reminded. */
  readonly reminders: (orgId: string, approvalIds: readonly string[]) => ReturnType<typeof remindersOf>;
  readonly timeline: (orgId: string, subject: string) => Promise<readonly TimelineLeaf[]>;
  readonly lastCheckpoint: (orgId: string) => Promise<TimelineLeaf | null>;
  /** Chained entries that fit, at most `limit`. */
  readonly auditEntries: (
    orgId: string,
    filter: AuditFilter,
    page: { readonly limit: number; readonly order: 'oldest first' | 'newest first' },
  ) => Promise<readonly AuditRow[]>;
  readonly countAuditEntries: (orgId: string, filter: AuditFilter, most: number) => Promise<number>;
  readonly chainAlarms: (orgId: string) => Promise<readonly ChainAlarmRow[]>;
  /** Confirmed transfers of a wallet, newest first. */
  readonly walletHistory: (
    orgId: string,
    walletId: string,
    filter: HistoryFilter,
    page: { readonly before?: string; readonly limit: number },
  ) => Promise<readonly WalletTransferRow[]>;
  /** Confirmed transfers of all wallets, newest first. */
  readonly orgHistory: (
    orgId: string,
    filter: OrgHistoryFilter,
    page: { readonly before?: { readonly time: Date; readonly id: string }; readonly limit: number },
  ) => Promise<readonly WalletTransferRow[]>;
  /** Proofs over the Merkle tree that ends with entry `at` or `to`; null where the ledger does not reach that far. */
  readonly entryProof: (orgId: string, seq: number, at: number) => Promise<EntryProof | null>;
  readonly treeProof: (orgId: string, from: number, to: number) => Promise<TreeProof | null>;
  /** Checkpoint entries below `before`, newest first. */
  readonly checkpoints: (
    orgId: string,
    page: { readonly before: number | null; readonly limit: number },
  ) => Promise<readonly TimelineLeaf[]>;
  readonly heartbeats: (orgId: string) => Promise<readonly SignedHead[]>;
  readonly ledgerAlarms: (orgId: string) => Promise<readonly LedgerAlarm[]>;
  /** Governance at a moment, unix milliseconds; null before the first entry. */
  readonly governanceAt: (orgId: string, at: number) => Promise<GovernanceAt | null>;
  /** Place of the last entry that changed governance; null while it is not chained. */
  readonly lastGovernanceSeq: (orgId: string) => Promise<number | null>;
  /** What the organisation's tokens called, newest first. */
  readonly requestLog: (
    orgId: string,
    filter: RequestLogFilter,
    page: { readonly limit: number; readonly before?: string },
  ) => Promise<readonly RequestLogRow[]>;
  /** Calls back with every change of any organisation. Returns the unsubscribe function. */
  readonly onChange: (listener: (event: ChangeEvent) => void) => () => void;
};

export const createReads = (db: Pick<Db, 'pool'>, listener: Pick<Listener, 'on'>): Reads => {
  const sql = pgSql(db.pool);
  return {
    records: (orgId, kind, ids) => getRecords(sql, orgId, kind, ids),
    page: (orgId, kind, filter, page) => listRecords(sql, orgId, kind, filter, page),
    signerNodes: () => listSignerNodes(sql),
    keyStores: (orgId) => countKeyStores(sql, orgId),
    signerRefusals: (orgId, activityId) => listSignerRefusals(sql, orgId, activityId),
    latestRefusals: (orgId, limit) => listLatestRefusals(sql, orgId, limit),
    policyVersions: (orgId, policyId, page) => listPolicyVersions(sql, orgId, policyId, page),
    policiesOfVersions: (orgId, wanted) => policiesOfVersions(sql, orgId, wanted),
    reminders: (orgId, approvalIds) => remindersOf(sql, orgId, approvalIds),
    timeline: (orgId, subject) => timelineOf(sql, orgId, subject),
    lastCheckpoint: (orgId) => lastCheckpoint(sql, orgId),
    auditEntries: (orgId, filter, page) => auditEntries(sql, orgId, filter, page),
    countAuditEntries: (orgId, filter, most) => countAuditEntries(sql, orgId, filter, most),
    chainAlarms: (orgId) => listChainAlarms(sql, orgId),
    walletHistory: (orgId, walletId, filter, page) => walletHistory(sql, orgId, walletId, filter, page),
    orgHistory: (orgId, filter, page) => orgHistory(sql, orgId, filter, page),
    entryProof: (orgId, seq, at) => proveEntry(sql, orgId, seq, at),
    treeProof: (orgId, from, to) => proveTree(sql, orgId, from, to),
    checkpoints: (orgId, page) => listCheckpoints(sql, orgId, page),
    heartbeats: (orgId) => listHeartbeats(sql, orgId),
    ledgerAlarms: (orgId) => listAlarms(sql, orgId),
    governanceAt: (orgId, at) => governanceAt(sql, orgId, at),
    lastGovernanceSeq: (orgId) => lastGovernanceSeq(sql, orgId),
    requestLog: (orgId, filter, page) => listRequestLog(sql, orgId, filter, page),
    onChange: (heard) => listener.on(EVENT_CHANNEL, (payload) => heard(JSON.parse(payload) as ChangeEvent)),
  };
};
