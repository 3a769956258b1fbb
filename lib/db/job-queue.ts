import type { Prepared, Sql } from '@/lib/db/sql';
import { dedupeKeyOf, JOBS, type JobName, type JobRequest } from '@/lib/jobs/jobs';

/** The channel on which waiting workers hear of new work. */
export const JOB_CHANNEL = 'countersign_jobs';

export type EnqueueOptions = {
  /** Not before this long from now. */
  delayMs?: number;
  maxAttempts?: number;
};

/**
 * Adds work inside the caller's transaction: it exists if and only if the caller commits.
 * The same work waits only once; asked for while it is being done, it is done once more.
 */
export const enqueue = (sql: Sql, job: JobRequest, options: EnqueueOptions = {}): Promise<void> =>
  enqueueAll(sql, [job], options);

/** Adds several jobs at once; see `enqueue`. */
export const enqueueAll = async (
  sql: Sql,
  jobs: readonly JobRequest[],
  options: EnqueueOptions = {},
): Promise<void> => {
  if (jobs.length === 0) return;
  const wanted = new Map(jobs.map((job) => [dedupeKeyOf(job), job]));
  const rows = [...wanted].map(([key, job]) => ({ name: job.name, payload: JOBS[job.name].parse(job.payload), key }));
  await sql.query(ENQUEUE, [
    JSON.stringify(rows),
    options.delayMs ?? 0,
    options.maxAttempts ?? MAX_ATTEMPTS,
    JOB_CHANNEL,
  ]);
};

/** A job as its worker holds it. Every update of it names `fence`: the one a later claim has raised it to wins. */
export type ClaimedJob = {
  id: string;
  name: JobName;
  payload: unknown;
  fence: string;
  attempts: number;
  maxAttempts: number;
};

/** Waiting work as an operator reads it: all of it, what is due for a minute and unclaimed, what failed three times or more. */
export const countJobs = async (
  sql: Sql,
): Promise<{ readonly waiting: number; readonly late: number; readonly failing: number }> => {
  const { rows } = await sql.query<{ waiting: number; late: number; failing: number }>(
    `SELECT count(*)::int AS waiting,
       count(*) FILTER (WHERE run_at < now() - interval '1 minute' AND (lease_until IS NULL OR lease_until < now()))::int AS late,
       count(*) FILTER (WHERE attempts >= 3)::int AS failing
     FROM jobs WHERE finished_at IS NULL`,
  );
  return rows[0] ?? { waiting: 0, late: 0, failing: 0 };
};

/** Takes up to `limit` jobs that are due and held by nobody (or by somebody whose lease is over), oldest first. */
export const claim = async (
  sql: Sql,
  input: { names: readonly JobName[]; limit: number; leaseMs: number },
): Promise<ClaimedJob[]> => (await sql.query<ClaimedJob>(CLAIM, [[...input.names], input.limit, input.leaseMs])).rows;

type Held = Pick<ClaimedJob, 'id' | 'fence'>;

/** Prolongs the lease of a held job. @returns false if it was taken over. */
export const renew = async (sql: Sql, job: Held, leaseMs: number): Promise<boolean> =>
  (await sql.query(RENEW, [job.id, job.fence, leaseMs])).rows.length === 1;

/**
 * Locks a held job until the end of the caller's transaction, so that what the job changes is committed under its fence or not at all.
 * @throws {StaleJobError} if it was taken over or is finished.
 */
export const assertHeld = async (sql: Sql, job: Held): Promise<void> => {
  const { rows } = await sql.query(ASSERT_HELD, [job.id, job.fence]);
  if (rows.length === 0) throw new StaleJobError(job.id);
};

/** Finishes a held job, or makes it wait again if it was asked for meanwhile. @throws {StaleJobError} */
export const complete = (sql: Sql, job: Held): Promise<void> => assertChanged(sql, COMPLETE, job, [JOB_CHANNEL]);

/** Puts a held job back to be looked at later, without counting this as a failure. @throws {StaleJobError} */
export const postpone = (sql: Sql, job: Held, delayMs: number): Promise<void> =>
  assertChanged(sql, POSTPONE, job, [delayMs]);

/** Puts a held job back after an error, later each time; after its last attempt it is finished with the error. @throws {StaleJobError} */
export const fail = (sql: Sql, job: Held, error: string, backoffMs = 1000): Promise<void> =>
  assertChanged(sql, FAIL, job, [error.slice(0, 2000), backoffMs, MAX_BACKOFF_MS]);

/** Ends jobs whose workers died at their last attempt: one that kills its worker must not come back for ever. @returns how many. */
export const buryLost = async (sql: Sql): Promise<number> => (await sql.query(BURY, [])).rows.length;

/** Forgets jobs finished longer ago than this. */
export const forgetFinished = async (sql: Sql, olderThanMs: number): Promise<number> =>
  (await sql.query(FORGET, [olderThanMs])).rows.length;

export class StaleJobError extends Error {
  override readonly name = 'StaleJobError';
  constructor(readonly jobId: string) {
    super(`Job ${jobId} is no longer held: another worker took it over or it is finished.`);
  }
}

const MAX_ATTEMPTS = 25;
const MAX_BACKOFF_MS = 300_000;

const assertChanged = async (sql: Sql, text: string, job: Held, more: unknown[]): Promise<void> => {
  const { rows } = await sql.query(text, [job.id, job.fence, ...more]);
  if (rows.length === 0) throw new StaleJobError(job.id);
};

// All times are the database's, so the clocks of workers don't matter. Casts: Prisma sends every number as a double or bigint.
const ms = (parameter: string) => `make_interval(secs => ${parameter}::float8 / 1000)`;
const HELD = 'id = $1::bigint AND fence = $2::bigint AND finished_at IS NULL';

const ENQUEUE: Prepared = {
  name: 'jobs_enqueue',
  text: `WITH job AS (
    INSERT INTO jobs (name, payload, dedupe_key, run_at, max_attempts)
    SELECT item.name, item.payload, item.key, now() + ${ms('$2')}, $3::int
    FROM jsonb_to_recordset($1::jsonb) AS item(name text, payload jsonb, key text)
    ON CONFLICT (dedupe_key) WHERE finished_at IS NULL
    DO UPDATE SET wanted_again = jobs.wanted_again OR jobs.lease_until IS NOT NULL, run_at = LEAST(jobs.run_at, excluded.run_at)
    RETURNING id, name
  )
  SELECT id::text, pg_notify($4, name)::text AS told FROM job`,
};

const CLAIM = `
  WITH due AS (
    SELECT id FROM jobs
    WHERE finished_at IS NULL AND run_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      AND attempts < max_attempts AND name = ANY ($1::text[])
    ORDER BY run_at, id LIMIT $2::int FOR UPDATE SKIP LOCKED
  )
  UPDATE jobs SET fence = fence + 1, attempts = attempts + 1, lease_until = clock_timestamp() + ${ms('$3')}
  FROM due WHERE jobs.id = due.id
  RETURNING jobs.id::text, name, payload, fence::text, attempts, max_attempts AS "maxAttempts"`;

const RENEW = `UPDATE jobs SET lease_until = clock_timestamp() + ${ms('$3')} WHERE ${HELD} RETURNING id::text`;

// FOR SHARE keeps a claim (which skips locked rows) away until the transaction ends.
const ASSERT_HELD = `SELECT id::text FROM jobs WHERE ${HELD} FOR SHARE`;

const COMPLETE = `
  WITH job AS (
    UPDATE jobs SET
      finished_at = CASE WHEN wanted_again THEN NULL ELSE clock_timestamp() END,
      attempts = CASE WHEN wanted_again THEN 0 ELSE attempts END,
      wanted_again = false, lease_until = NULL, last_error = NULL
    WHERE ${HELD} RETURNING id, name, finished_at
  )
  SELECT id::text, CASE WHEN finished_at IS NULL THEN pg_notify($3, name)::text END AS told FROM job`;

const POSTPONE = `
  UPDATE jobs SET lease_until = NULL, attempts = 0, last_error = NULL, wanted_again = false,
    run_at = CASE WHEN wanted_again THEN now() ELSE now() + ${ms('$3')} END
  WHERE ${HELD} RETURNING id::text`;

const FAIL = `
  UPDATE jobs SET lease_until = NULL, last_error = $3, wanted_again = false,
    finished_at = CASE WHEN attempts >= max_attempts THEN clock_timestamp() END,
    run_at = now() + LEAST(power(2, attempts - 1) * ${ms('$4')}, ${ms('$5')})
  WHERE ${HELD} RETURNING id::text`;

const BURY = `
  UPDATE jobs SET finished_at = clock_timestamp(), lease_until = NULL, last_error = COALESCE(last_error, 'its workers were lost')
  WHERE finished_at IS NULL AND attempts >= max_attempts AND lease_until <= now() RETURNING id::text`;

const FORGET = `DELETE FROM jobs WHERE finished_at < now() - ${ms('$1')} RETURNING id::text`;
