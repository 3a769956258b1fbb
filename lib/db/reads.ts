import type { RecordKind, Records } from '@/lib/ledger/records';
import type { Db } from './client';
import { type ChangeEvent, EVENT_CHANNEL } from './ledger-store';
import type { Listener } from './listener';
import { getRecords, listRecords, type RecordPage } from './records';
import { listSignerNodes, listSignerRefusals, type SignerNodeRow, type SignerRefusalRow } from './signer-nodes';
import { pgSql } from './sql';
import { lastCheckpoint, type TimelineLeaf, timelineOf } from './timeline';

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
  readonly signerRefusals: (orgId: string, activityId: string) => Promise<readonly SignerRefusalRow[]>;
  readonly timeline: (orgId: string, subject: string) => Promise<readonly TimelineLeaf[]>;
  readonly lastCheckpoint: (orgId: string) => Promise<TimelineLeaf | null>;
  /** Calls back with every change of any organisation. Returns the unsubscribe function. */
  readonly onChange: (listener: (event: ChangeEvent) => void) => () => void;
};

export const createReads = (db: Pick<Db, 'pool'>, listener: Pick<Listener, 'on'>): Reads => {
  const sql = pgSql(db.pool);
  return {
    records: (orgId, kind, ids) => getRecords(sql, orgId, kind, ids),
    page: (orgId, kind, filter, page) => listRecords(sql, orgId, kind, filter, page),
    signerNodes: () => listSignerNodes(sql),
    signerRefusals: (orgId, activityId) => listSignerRefusals(sql, orgId, activityId),
    timeline: (orgId, subject) => timelineOf(sql, orgId, subject),
    lastCheckpoint: (orgId) => lastCheckpoint(sql, orgId),
    onChange: (heard) => listener.on(EVENT_CHANNEL, (payload) => heard(JSON.parse(payload) as ChangeEvent)),
  };
};
