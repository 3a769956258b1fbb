import type { Sql } from './sql';

/** One request of a token. Never holds a query, a body, a header or the token itself. */
export type LoggedRequest = {
  readonly orgId: string;
  readonly requestId: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly operation?: string;
  readonly status: number;
  readonly ms: number;
  readonly userId: string;
  readonly tokenId: string;
};

export type RequestLogFilter = { readonly userId?: string; readonly tokenId?: string; readonly failed?: boolean };
export type RequestLogRow = LoggedRequest & { readonly ordinal: string };

const KEPT = 10_000;
const KEPT_DAYS = 7;
const FLUSH_MS = 1000;
/** What waits to be written at most; beyond it requests go unrecorded rather than fill the memory. */
const MOST_WAITING = 5000;
const TRIM_EVERY = 200;

/** Notes requests without making any wait: they are written together, about a second later. */
export type RequestLog = {
  readonly note: (request: LoggedRequest) => void;
  /** Writes what waits. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const createRequestLog = (sql: Sql, onError: (error: Error) => void): RequestLog => {
  let waiting: LoggedRequest[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing = Promise.resolve();
  let sinceTrim = 0;
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return writing;
    sinceTrim += rows.length;
    const trims = sinceTrim >= TRIM_EVERY;
    if (trims) sinceTrim = 0;
    writing = writing.then(() => write(sql, rows, trims)).catch(onError);
    return writing;
  };
  return {
    note: (request) => {
      if (waiting.length >= MOST_WAITING) return;
      waiting.push(request);
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    flush,
    close: flush,
  };
};

const write = async (sql: Sql, rows: readonly LoggedRequest[], trims: boolean): Promise<void> => {
  await sql.query(
    `INSERT INTO request_log (org_id, request_id, at, method, path, operation, status, ms, user_id, token_id)
     SELECT item."orgId", item."requestId", to_timestamp(item.at / 1000.0), item.method, item.path, item.operation, item.status, item.ms, item."userId", item."tokenId"
     FROM jsonb_to_recordset($1::jsonb) AS item("orgId" text, "requestId" text, at double precision, method text, path text, operation text, status int, ms int, "userId" text, "tokenId" text)`,
    [JSON.stringify(rows)],
  );
  if (!trims) return;
  await sql.query(
    `DELETE FROM request_log log WHERE org_id = ANY ($1::text[]) AND (at < now() - make_interval(days => $2::int)
       OR ordinal <= (SELECT ordinal FROM request_log last WHERE last.org_id = log.org_id ORDER BY ordinal DESC OFFSET $3::int LIMIT 1))`,
    [[...new Set(rows.map((row) => row.orgId))], KEPT_DAYS, KEPT],
  );
};

/** A page of an organisation's logged requests, newest first; `before` is the ordinal the last page ended at. */
export const listRequestLog = async (
  sql: Sql,
  orgId: string,
  filter: RequestLogFilter,
  page: { readonly limit: number; readonly before?: string },
): Promise<readonly RequestLogRow[]> => {
  const params: unknown[] = [orgId, page.limit];
  const where = ['org_id = $1'];
  if (page.before !== undefined) where.push(`ordinal < $${params.push(page.before)}::bigint`);
  if (filter.userId !== undefined) where.push(`user_id = $${params.push(filter.userId)}`);
  if (filter.tokenId !== undefined) where.push(`token_id = $${params.push(filter.tokenId)}`);
  if (filter.failed) where.push('status >= 400');
  const { rows } = await sql.query<RequestLogRow & { at: number; operation: string | null }>(
    `SELECT ordinal::text, request_id AS "requestId", (extract(epoch FROM at) * 1000)::float8 AS at, method, path, operation, status, ms,
       user_id AS "userId", token_id AS "tokenId", org_id AS "orgId"
     FROM request_log WHERE ${where.join(' AND ')} ORDER BY request_log.ordinal DESC LIMIT $2::int`,
    params,
  );
  return rows.map(({ operation, ...row }) => ({ ...row, ...(operation === null ? {} : { operation }) }));
};
