import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb, type Db } from '@/lib/db/client';
import {
  assertHeld,
  buryLost,
  type ClaimedJob,
  claim,
  complete,
  enqueue,
  fail,
  renew,
  StaleJobError,
} from '@/lib/db/job-queue';
import { type JobHandlers, type JobWorker, startJobWorker } from '@/lib/db/job-worker';
import { pgSql, type Sql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { inSqlTransaction, inTransaction } from '@/lib/db/transaction';

let database: TestDatabase;
let db: Db;
let sql: Sql;
const workers: JobWorker[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url });
  sql = pgSql(db.pool);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(1000)));
  await db.close();
  await database.drop();
});

const job = (n: number) => ({ name: 'expire', payload: { orgId: 'or-1', activityId: `ac-${n}` } }) as const;
const claimOne = async (leaseMs: number): Promise<ClaimedJob> => {
  const [claimed] = await claim(sql, { names: ['expire'], limit: 1, leaseMs });
  if (!claimed) throw new Error('nothing to claim');
  return claimed;
};
const work = (handlers: JobHandlers, options: Partial<Parameters<typeof startJobWorker>[0]> = {}): JobWorker => {
  const worker = startJobWorker({ db, handlers, ...options });
  workers.push(worker);
  return worker;
};
const until = async (isTrue: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const pause = (timeMs: number) => new Promise<void>((resolve) => setTimeout(resolve, timeMs));
const unfinished = async (): Promise<number> => db.prisma.job.count({ where: { finishedAt: null } });

test('work enqueued in a transaction that rolls back does not exist', async () => {
  const broken = inTransaction(db, async (tx) => {
    await enqueue(tx.sql, job(1));
    throw new Error('no');
  });
  await expect(broken).rejects.toThrow('no');
  await expect(
    inSqlTransaction(db.pool, async (tx) => {
      await enqueue(tx, job(2));
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await unfinished()).toBe(0);
  await inTransaction(db, (tx) => enqueue(tx.sql, job(1)));
  expect(await unfinished()).toBe(1);
});

test('the same work waits once, however often and from wherever it is asked for', async () => {
  await Promise.all(Array.from({ length: 20 }, () => inTransaction(db, (tx) => enqueue(tx.sql, job(1)))));
  await enqueue(sql, job(2));
  expect(await unfinished()).toBe(2);
});

test('work asked for while it is being done is done once more', async () => {
  await enqueue(sql, job(1));
  const held = await claimOne(30_000);
  await enqueue(sql, job(1));
  await complete(sql, held);
  const again = await claimOne(30_000);
  expect(again.id).toBe(held.id);
  await complete(sql, again);
  expect(await unfinished()).toBe(0);
});

test('a job is held by one worker at a time', async () => {
  for (let n = 0; n < 50; n += 1) await enqueue(sql, job(n));
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => claim(sql, { names: ['expire'], limit: 10, leaseMs: 30_000 })),
  );
  const ids = claims.flat().map((claimed) => claimed.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the job of a worker that died is taken over after its lease, and the dead one can change nothing any more', async () => {
  await enqueue(sql, job(1));
  const dead = await claimOne(200);
  expect(await claim(sql, { names: ['expire'], limit: 1, leaseMs: 200 })).toEqual([]);
  await pause(250);
  const taken = await claimOne(30_000);
  expect(BigInt(taken.fence)).toBe(BigInt(dead.fence) + 1n);
  await expect(complete(sql, dead)).rejects.toThrow(StaleJobError);
  await expect(fail(sql, dead, 'late')).rejects.toThrow(StaleJobError);
  await expect(inTransaction(db, (tx) => assertHeld(tx.sql, dead))).rejects.toThrow(StaleJobError);
  expect(await renew(sql, dead, 30_000)).toBe(false);
  await complete(sql, taken);
});

test('a job is not taken over while a transaction that it guards is open', async () => {
  await enqueue(sql, job(1));
  const held = await claimOne(50);
  await inTransaction(db, async (tx) => {
    await assertHeld(tx.sql, held);
    await pause(100);
    expect(await claim(sql, { names: ['expire'], limit: 1, leaseMs: 50 })).toEqual([]);
  });
  expect((await claimOne(50)).id).toBe(held.id);
});

test('a long job keeps its lease by heartbeats', async () => {
  const starts: bigint[] = [];
  const slow: JobHandlers = {
    expire: async (_payload, context) => {
      starts.push(context.fence);
      await pause(900);
    },
  };
  work(slow, { leaseMs: 300 });
  work(slow, { leaseMs: 300 });
  await enqueue(sql, job(1));
  await until(async () => starts.length > 0 && (await unfinished()) === 0);
  expect(starts).toEqual([1n]);
});

test('a worker that lost its job is told by its signal', async () => {
  let isAborted = false;
  work(
    {
      expire: async (_payload, context) => {
        await db.pool.query('UPDATE jobs SET fence = fence + 1');
        await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
        isAborted = true;
      },
    },
    { leaseMs: 300 },
  );
  await enqueue(sql, job(1));
  await until(() => isAborted);
  expect(await unfinished()).toBe(1);
});

test('a waiting worker is woken by the commit, long before it would poll', async () => {
  const done: number[] = [];
  work({ expire: async () => void done.push(performance.now()) }, { pollMs: 60_000 });
  await pause(500);
  const asked = performance.now();
  await inTransaction(db, (tx) => enqueue(tx.sql, job(1)));
  await until(() => done.length === 1);
  expect((done[0] ?? Number.POSITIVE_INFINITY) - asked).toBeLessThan(1000);
});

test('a worker whose connections break goes on by itself', async () => {
  const done: string[] = [];
  work({ expire: async (payload) => void done.push(payload.activityId) }, { pollMs: 200 });
  db.pool.on('error', () => {});
  await pause(300);
  await db.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await until(() =>
    enqueue(sql, job(1)).then(
      () => true,
      () => false,
    ),
  );
  await until(() => done.includes('ac-1'));
});

test('a failing job comes back later each time and ends with its error after the last attempt', async () => {
  const attempts: number[] = [];
  work(
    {
      expire: async (_payload, context) => {
        attempts.push(performance.now());
        if (context.isLastAttempt) throw new Error('the end');
        throw new Error('not yet');
      },
    },
    { backoffMs: 100, pollMs: 20 },
  );
  await enqueue(sql, job(1), { maxAttempts: 4 });
  await until(async () => (await unfinished()) === 0 && attempts.length > 0);
  const [a = 0, b = 0, c = 0, d = 0] = attempts;
  expect(attempts).toHaveLength(4);
  expect(b - a).toBeGreaterThan(95);
  expect(c - b).toBeGreaterThan(195);
  expect(d - c).toBeGreaterThan(395);
  expect(await db.prisma.job.findFirst()).toMatchObject({ lastError: 'the end', attempts: 4 });
});

test('a job that kills its worker every time is ended', async () => {
  await enqueue(sql, job(1), { maxAttempts: 2 });
  for (const _ of [1, 2]) {
    await claimOne(20);
    await pause(30);
  }
  expect(await claim(sql, { names: ['expire'], limit: 1, leaseMs: 20 })).toEqual([]);
  expect(await buryLost(sql)).toBe(1);
  expect(await db.prisma.job.findFirst()).toMatchObject({ lastError: 'its workers were lost' });
});

test('a job that wants to be looked at later is not counted as failed', async () => {
  let looks = 0;
  work(
    {
      expire: async (_payload, context) => {
        looks += 1;
        expect(context.attempt).toBe(1);
        return looks < 4 ? { againInMs: 30 } : undefined;
      },
    },
    { pollMs: 20 },
  );
  await enqueue(sql, job(1));
  await until(async () => looks === 4 && (await unfinished()) === 0);
});

test('each of many jobs is done exactly once by several workers', async () => {
  const done: string[] = [];
  for (let n = 0; n < 3; n += 1) work({ expire: async (payload) => void done.push(payload.activityId) });
  await inTransaction(db, async (tx) => {
    for (let n = 0; n < 200; n += 1) await enqueue(tx.sql, job(n));
  });
  await until(async () => (await unfinished()) === 0);
  expect(done.sort()).toEqual(Array.from({ length: 200 }, (_, n) => `ac-${n}`).sort());
});
