import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { dueExpiries } from '@/lib/db/due-expiries';
import { BATCH, deleteExpired, deleteIdleBuckets } from '@/lib/db/expired';
import { pgSql } from '@/lib/db/sql';
import { governanceReader } from '@/lib/db/state-loader';
import { evmClients } from './broadcast-chain';
import { databaseUrl } from './database-url';
import { judgeIncomingOnce } from './incoming';
import { composeLedger } from './ledger';
import { reconcileOnce } from './reconciliation';
import { createRecoveryGate, type RecoveryGate, waitingWhileClosed } from './recovery-gate';
import { remindOnce } from './reminders';
import { startRounds } from './rounds';
import { followOnce } from './wallet-followers';

const TICK_MS = 1000;
/** Between two looks for approvers who wait to be reminded. */
const REMIND_MS = 15_000;
/** Between two looks for what expired and can be forgotten. */
const FORGET_MS = 30_000;
/** Between two looks at the chains for what moved into and out of our wallets. */
const FOLLOW_MS = 2_000;
/** Between two comparisons of the chains with the ledger. */
const RECONCILE_MS = 10_000;
/** Of so many comparisons one asks every network about every address, also where no wallet of its key is: once a minute. */
const EVERYWHERE_EACH = 6;

/**
 * Writes down what the clock has decided: approvals past their time, approved requests that nobody signed for a week. Reminds approvers. Compares what
 * left our wallets with what the ledger knows, and keeps what moved into and out of them; policies on incoming transfers judge the former.
 */
export const startScheduler = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 4,
    onError: (error) => {
      log.warn({ err: error }, 'database connection lost');
      gate.recheck();
    },
  });
  const gate: RecoveryGate = createRecoveryGate(pgSql(db.pool), log);
  const composed = composeLedger(db, { oracleUrl: env.oracleUrl });
  const ledger = waitingWhileClosed(composed.ledger, gate);
  const expiries = startRounds(
    TICK_MS,
    async () => {
      for (const { orgId, ...body } of await dueExpiries(pgSql(db.pool), Date.now())) {
        const outcome = await ledger.append({ orgId, kind: 'expiry', body });
        if (!outcome.ok) log.debug({ orgId, ...body, code: outcome.refusal.code }, 'expiry not due after all');
      }
    },
    (error) => log.warn({ err: error }, 'could not look for what expired; trying again'),
  );
  const governance = governanceReader(pgSql(db.pool));
  const reminders = startRounds(
    REMIND_MS,
    () => remindOnce(db, governance, Date.now()),
    (error) => log.warn({ err: error }, 'could not look for approvals to remind of; trying again'),
  );
  const chains = evmClients(env.rpcUrls);
  let looks = 0;
  const reconciliation = startRounds(
    RECONCILE_MS,
    () => {
      looks += 1;
      return reconcileOnce({ sql: pgSql(db.pool), chains, log, everywhere: looks % EVERYWHERE_EACH === 1 });
    },
    (error) => log.warn({ err: error }, 'could not compare chains and ledger; trying again'),
  );
  const following = startRounds(
    FOLLOW_MS,
    async () => {
      await followOnce({ sql: pgSql(db.pool), chains, log });
      await judgeIncomingOnce({ sql: pgSql(db.pool), ledger, now: Date.now });
    },
    (error) => log.warn({ err: error }, 'could not read what moved on the chains; trying again'),
  );
  let bucketsAfter: string | null = null;
  const forgetting = startRounds(
    FORGET_MS,
    async () => {
      while ((await deleteExpired(pgSql(db.pool))) >= BATCH);
      bucketsAfter = await deleteIdleBuckets(pgSql(db.pool), bucketsAfter);
    },
    (error) => log.warn({ err: error }, 'could not delete what expired; trying again'),
  );
  return {
    stop: async () => {
      await gate.close();
      await Promise.all([
        expiries.stop(),
        reminders.stop(),
        reconciliation.stop(),
        following.stop(),
        forgetting.stop(),
      ]);
      await composed.close();
      await db.close();
    },
  };
};
