import type { AUDIT_TOPICS, AuditBound } from '@/lib/contract/audit';
import { toTimestamp } from '@/lib/contract/fields';
import type { AuditFilter, AuditRow } from '@/lib/db/audit';
import { csvLine } from '@/lib/domain/csv';
import { toBase64Url } from '@/lib/domain/hash';
import { refused } from '@/lib/domain/refusal';
import type { EntryKind } from '@/lib/ledger/entry';
import { auditViews, entryOf } from '../audit-entry';
import { auditStream, type Rendered } from '../audit-stream';
import { type ApiRequest, type Caller, callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageTokens } from '../pagination';

type Query = {
  readonly userId?: string;
  readonly topic?: (typeof AUDIT_TOPICS)[number];
  readonly from?: AuditBound;
  readonly to?: AuditBound;
  readonly format?: 'ndjson' | 'csv';
  readonly limit: number;
};

const TOPICS: Readonly<Record<NonNullable<Query['topic']>, readonly EntryKind[]>> = {
  people: ['genesis', 'userAction', 'registration', 'credentialByCode', 'recovery'],
  signers: ['keyCertificate', 'reserve', 'release', 'abandon'],
  chain: ['broadcast', 'screening', 'incoming', 'expiry', 'reopen', 'reject'],
  checkpoints: ['checkpoint'],
};

const filterOf = ({ userId, topic, from, to }: Query): AuditFilter => ({
  ...(userId !== undefined && { userId }),
  ...(topic && { kinds: TOPICS[topic] }),
  ...(from && ('seq' in from ? { fromSeq: from.seq } : { from: from.at })),
  ...(to && ('seq' in to ? { toSeq: to.seq } : { to: to.at })),
});

/** Everything an entry's hashes are over lies in its line, so that a file of lines can be verified without the server. */
const NDJSON: Rendered = {
  head: '',
  line: (view, row) => `${JSON.stringify({ ...view, ...bytesOf(row) })}\n`,
  tail: '',
};

const CSV_COLUMNS = [
  'seq',
  'hash',
  'id',
  'at',
  'kind',
  'action',
  'summary',
  'by',
  'userId',
  'username',
  'tokenId',
  'credentialId',
  'subject',
] as const;
const CSV: Rendered = {
  head: `${csvLine(CSV_COLUMNS)}\r\n`,
  line: (view) => `${csvLine(CSV_COLUMNS.map((column) => String(view[column] ?? '')))}\r\n`,
  tail: '',
};

const STREAMS = {
  ndjson: { rendered: NDJSON, contentType: 'application/x-ndjson; charset=utf-8' },
  csv: { rendered: CSV, contentType: 'text/csv; charset=utf-8' },
} as const;

const listAuditEntries: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const query = request.query as Query;
  const filter = filterOf(query);
  if (query.format) {
    const { rendered, contentType } = STREAMS[query.format];
    return {
      stream: auditStream({ orgId: org.id, filter, signal: request.signal }, rendered, services),
      contentType,
      headers: { 'content-disposition': `attachment; filename="audit.${query.format}"` },
    };
  }
  const tokens = pageTokens(request, services);
  const before = tokens.position();
  const toSeq = before === null ? filter.toSeq : Math.min(before.date, filter.toSeq ?? before.date);
  const rows = await services.reads.auditEntries(
    org.id,
    { ...filter, ...(toSeq !== undefined && { toSeq }) },
    { limit: query.limit + 1, order: 'newest first' },
  );
  const shown = rows.slice(0, query.limit);
  const items = await auditViews(org.id, shown, services);
  const following = rows[query.limit];
  return {
    body: following ? { items, nextPageToken: tokens.encode({ date: following.seq, id: '' }) } : { items },
  };
};

const bytesOf = (row: AuditRow) => ({ entry: new TextDecoder().decode(row.bytes), body: toBase64Url(row.body) });

/** The chained entry at that place, or 404. */
export const auditRowAt = async (
  seq: number,
  request: ApiRequest,
  services: Parameters<Handler>[1],
): Promise<AuditRow | null> => {
  const filter = { fromSeq: seq, toSeq: seq };
  const rows = await services.reads.auditEntries(callerOf(request).org.id, filter, { limit: 1, order: 'oldest first' });
  return rows[0] ?? null;
};

/** The credential that signed an entry, as it stands now. Credentials never change their key. */
export const credentialOf = ({ state }: Pick<Caller, 'state'>, row: AuditRow) => {
  const { assertion, statement } = entryOf(row);
  return assertion && statement
    ? state.tables.credential.by('credId', assertion.credId).find((item) => item.userId === statement.userId)
    : undefined;
};

const getAuditEntry: Handler = async (request, services) => {
  const caller = callerOf(request);
  const given = request.params.seq ?? '';
  const row = /^\d{1,15}$/.test(given) ? await auditRowAt(Number(given), request, services) : null;
  if (!row) return refuse(refused(404, 'audit.not_found', 'There is no such entry.', { seq: given }));
  const credential = credentialOf(caller, row);
  const [view] = await auditViews(caller.org.id, [row], services);
  return {
    body: {
      ...view,
      ...bytesOf(row),
      credential: credential
        ? {
            uuid: credential.id,
            kind: credential.kind,
            name: credential.name,
            publicKey: credential.publicKey,
            isActive: credential.isActive,
          }
        : null,
    },
  };
};

const listChainAlarms: Handler = async (request, services) => {
  const alarms = await services.reads.chainAlarms(callerOf(request).org.id);
  const items = alarms.map(({ walletId, network, address, nonce, hash, reason, noticedAt }) => ({
    walletId,
    network,
    address,
    nonce,
    txHash: hash,
    reason,
    dateNoticed: toTimestamp(noticedAt.getTime()),
  }));
  return { body: { items } };
};

export const AUDIT_HANDLERS: Handlers = {
  'x.listAuditEntries': listAuditEntries,
  'x.getAuditEntry': getAuditEntry,
  'x.listChainAlarms': listChainAlarms,
};
