import pg from 'pg';
import type { Db } from '@/lib/db/client';
import {
  assertHeld,
  buryLost,
  type ClaimedJob,
  claim,
  complete,
  fail,
  forgetFinished,
  JOB_CHANNEL,
  postpone,
  renew,
  StaleJobError,
} from '@/lib/db/job-queue';
import { pgSql, type Sql } from '@/lib/db/sql';
import { JOBS, type JobName, type JobPayload } from '@/lib/jobs/jobs';

/** What the doer of a job is told and can do besides its work. */
export type JobContext = {
  jobId: string;
  /** Raised at every claim: pass it on to whatever must refuse a worker that was overtaken. */
  fence: bigint;
  /** 1 for the first attempt. */
  attempt: number;
  isLastAttempt: boolean;
  /** Aborted when the job was taken over or the worker stops: end soon, change nothing more. */
  signal: AbortSignal;
  /** To be called in every transaction in which the job changes something. @throws {StaleJobError} */
  assertHeld: (sql: Sql) => Promise<void>;
};

/** Done, or to be looked at again later (which is no failure). */
export type JobOutcome = undefined | { againInMs: number };
export type JobHandlers = {
  [Name in JobName]?: (payload: JobPayload<Name>, context: JobContext) => Promise<JobOutcome>;
};

export type JobWorkerOptions = {
  db: Pick<Db, 'pool' | 'url'>;
  handlers: JobHandlers;
  /** Jobs done at the same time. */
  concurrency?: number;
  leaseMs?: number;
  pollMs?: number;
  /** Wait after the first failure; doubles each time. */
  backoffMs?: number;
  onError?: (error: unknown, job?: { name: JobName; payload: unknown; attempt: number }) => void;
};

export type JobWorker = {
  /** Takes no more jobs, aborts the signal of running ones and waits for them up to `graceMs`. */
  stop: (graceMs?: number) => Promise<void>;
};

const KEEP_FINISHED_MS = 7 * 24 * 3_600_000;
const HOUSEKEEPING_MS = 60_000;

/** Does jobs as they come: woken by NOTIFY, and every `pollMs` in case a notification is lost. */
export const startJobWorker = (options: JobWorkerOptions): JobWorker => {
  const {
    db,
    handlers,
    concurrency = 4,
    leaseMs = 30_000,
    pollMs = 1000,
    backoffMs = 1000,
    onError = () => {},
  } = options;
  const sql = pgSql(db.pool);
  const names = Object.keys(handlers) as JobName[];
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let wake = () => {};

  const takeDueJobs = async (): Promise<number> => {
    const free = concurrency - running.size;
    if (free <= 0) return 0;
    const jobs = await claim(sql, { names, limit: free, leaseMs });
    for (const job of jobs) {
      const work: Promise<void> = perform(job).finally(() => {
        running.delete(work);
        wake();
      });
      running.add(work);
    }
    return jobs.length;
  };

  const perform = async (job: ClaimedJob): Promise<void> => {
    const held = holdLease(sql, job, { leaseMs, onError });
    const signal = AbortSignal.any([held.lost, stopping.signal]);
    try {
      const outcome = await runHandler(handlers, job, signal);
      if (outcome) await postpone(sql, job, outcome.againInMs);
      else await complete(sql, job);
    } catch (error) {
      if (error instanceof StaleJobError || held.lost.aborted) return;
      onError(error, { name: job.name, payload: job.payload, attempt: job.attempts });
      // If this fails too, the lease runs out and the job is taken again.
      await fail(sql, job, error instanceof Error ? error.message : String(error), backoffMs).catch(onError);
    } finally {
      held.release();
    }
  };

  const loop = async (): Promise<void> => {
    let nextHousekeeping = 0;
    while (!stopping.signal.aborted) {
      // Made before looking, so that what arrives while looking is not slept through.
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      try {
        await takeDueJobs();
        if (Date.now() > nextHousekeeping) {
          nextHousekeeping = Date.now() + HOUSEKEEPING_MS;
          await buryLost(sql);
          await forgetFinished(sql, KEEP_FINISHED_MS);
        }
      } catch (error) {
        if (!stopping.signal.aborted) onError(error);
      }
      await woken;
    }
  };

  const listener = listen(db.url, () => wake(), { signal: stopping.signal, onError });
  const looping = loop();
  const stop = async (graceMs = 5000): Promise<void> => {
    stopping.abort();
    wake();
    await Promise.race([Promise.allSettled([looping, listener, ...running]), sleep(graceMs)]);
  };
  return { stop };
};

const runHandler = async (handlers: JobHandlers, job: ClaimedJob, signal: AbortSignal): Promise<JobOutcome> => {
  const handler = handlers[job.name] as ((payload: unknown, context: JobContext) => Promise<JobOutcome>) | undefined;
  if (!handler) throw new Error(`Nobody here does ${job.name}.`);
  return handler(JOBS[job.name].parse(job.payload), {
    jobId: job.id,
    fence: BigInt(job.fence),
    attempt: job.attempts,
    isLastAttempt: job.attempts >= job.maxAttempts,
    signal,
    assertHeld: (sql) => assertHeld(sql, job),
  });
};

/** Renews a lease at a third of its time. The job counts as lost when somebody took it, or when no renewal succeeded for a lease's time. */
const holdLease = (sql: Sql, job: ClaimedJob, options: { leaseMs: number; onError: (error: unknown) => void }) => {
  const lost = new AbortController();
  let renewedAt = performance.now();
  const heartbeat = setInterval(() => {
    const asked = performance.now();
    renew(sql, job, options.leaseMs).then(
      (isHeld) => {
        if (isHeld) renewedAt = asked;
        else lost.abort();
      },
      (error: unknown) => {
        options.onError(error);
        if (performance.now() - renewedAt > options.leaseMs) lost.abort();
      },
    );
  }, options.leaseMs / 3);
  return { lost: lost.signal, release: () => clearInterval(heartbeat) };
};

/** Keeps one connection of its own for LISTEN (a pool would hand it to others) and makes a new one whenever it breaks. */
const listen = async (
  url: string,
  onWork: () => void,
  options: { signal: AbortSignal; onError: (error: unknown) => void },
) => {
  while (!options.signal.aborted) {
    const client = new pg.Client({ connectionString: url, application_name: 'countersign-listen', keepAlive: true });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    const stop = () => void client.end().catch(() => {});
    client.on('error', () => {}); // followed by 'end'
    client.on('notification', onWork);
    try {
      await client.connect();
      options.signal.addEventListener('abort', stop, { once: true });
      if (options.signal.aborted) stop();
      await client.query(`LISTEN ${JOB_CHANNEL}`);
      onWork();
      await ended;
    } catch (error) {
      if (!options.signal.aborted) options.onError(error);
      stop();
    }
    options.signal.removeEventListener('abort', stop);
    await sleep(1000, options.signal);
  }
};

const sleep = (timeMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, timeMs);
    signal?.addEventListener('abort', end, { once: true });
  });
