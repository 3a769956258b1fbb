import type pg from 'pg';
import type { Db } from '@/lib/db/client';
import { pgSql, prismaSql, type Sql } from '@/lib/db/sql';
import type { Prisma } from '@/lib/generated/prisma/client';

/** One open transaction, in both languages. */
export type Transaction = { prisma: Prisma.TransactionClient; sql: Sql };

export type TransactionOptions = {
  isolation?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
  /** How often the work is done again after a serialization failure or a deadlock. */
  retries?: number;
  timeoutMs?: number;
  /**
   * Rows are found by indexes alone, and a prepared statement is planned once, not for each length of its lists: planning would take
   * longer than the work. Its plan may have been made when the tables were empty, and is kept while they grow.
   */
  byIndex?: boolean;
};

/**
 * Does `work` in one transaction and commits it; an error of `work` rolls it back and is thrown on.
 * `work` may run more than once, so it must not do anything that a rollback doesn't undo.
 */
export const inTransaction = <T>(
  db: Pick<Db, 'prisma'>,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> =>
  withRetries(options.retries ?? 3, () =>
    db.prisma.$transaction((prisma) => work({ prisma, sql: prismaSql(prisma) }), {
      isolationLevel: options.isolation ?? 'ReadCommitted',
      maxWait: 10_000,
      timeout: options.timeoutMs ?? 30_000,
    }),
  );

/** The same on a raw connection, about four times cheaper. */
export const inSqlTransaction = <T>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<T>,
  options: Pick<TransactionOptions, 'isolation' | 'retries' | 'byIndex'> = {},
): Promise<T> =>
  withRetries(options.retries ?? 3, async () => {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A connection that is lost says so here as well as to its statements; unheard, that would end the process.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    const begin = `BEGIN ISOLATION LEVEL ${ISOLATION[options.isolation ?? 'ReadCommitted']}`;
    // Not waited for: it goes to the database together with the first statements of the work.
    const begun = client.query(options.byIndex ? `${begin}; ${BY_INDEX}` : begin);
    try {
      const [, result] = await Promise.all([begun, work(insideOf(begun, pgSql(client)))]);
      // SECURITY: sent once every statement of the work has been answered. One that never left this process would else be left out.
      await client.query('COMMIT').catch(asUnknownOutcome);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  });

/**
 * INVARIANT: outside a transaction each statement is committed by itself. Where none was begun, the work that learned of it last sends
 * nothing more; what it sent at once with the beginning only reads and locks.
 */
const insideOf = (begun: Promise<unknown>, sql: Sql): Sql => {
  let refusal: { readonly cause: unknown } | undefined;
  begun.catch((cause: unknown) => {
    refusal = { cause };
  });
  return {
    query: async (statement, params) => {
      if (refusal) throw refusal.cause;
      return sql.query(statement, params);
    },
  };
};

/** The connection broke while the database committed: what was written may stand or not. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
  constructor(options: ErrorOptions) {
    super('The connection to the database broke before it said whether the transaction was committed.', options);
  }
}

const asUnknownOutcome = (cause: unknown): never => {
  // An error of the database has a class and `severity`: then nothing was committed. One of the connection has neither.
  throw cause instanceof Error && 'severity' in cause ? cause : new UnknownOutcomeError({ cause });
};

/** True if the database gave up a transaction that may succeed when it is done again. */
export const isRetryable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { code?: unknown }).code;
  return code === '40001' || code === '40P01' || code === 'P2034';
};

const BY_INDEX = [
  'enable_seqscan = off',
  // Where an index gives the order asked for, no smaller one is read whole and sorted.
  'enable_sort = off',
  'plan_cache_mode = force_generic_plan',
]
  .map((setting) => `SET LOCAL ${setting}`)
  .join('; ');

const ISOLATION = {
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
} as const;

/** Does again what the database gave up for a serialization failure or a deadlock. `attempt` leaves nothing behind when it fails. */
export const withRetries = async <T>(retries: number, attempt: () => Promise<T>): Promise<T> => {
  for (let done = 0; ; done += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (done >= retries || !isRetryable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** done));
    }
  }
};
