import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { dueExpiries } from '@/lib/db/due-expiries';
import { pgSql } from '@/lib/db/sql';
import { evmClients } from './broadcast-chain';
import { databaseUrl } from './database-url';
import { composeLedger } from './ledger';
import { reconcileOnce } from './reconciliation';

const TICK_MS = 1000;
/** Between two comparisons of the chains with the ledger. */
const RECONCILE_MS = 10_000;

/**
 * Writes down what the clock has decided: approvals past their time, approved requests that nobody signed for a week. Compares what
 * left our wallets with what the ledger knows.
 */
export const startScheduler = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 4,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const { ledger, close } = composeLedger(db);
  let stopping = false;
  let wake = () => {};
  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        for (const { orgId, ...body } of await dueExpiries(pgSql(db.pool), Date.now())) {
          const outcome = await ledger.append({ orgId, kind: 'expiry', body });
          if (!outcome.ok) log.debug({ orgId, ...body, code: outcome.refusal.code }, 'expiry not due after all');
        }
      } catch (error) {
        log.warn({ err: error }, 'could not look for what expired; trying again');
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, TICK_MS);
      });
    }
  };
  const chains = evmClients(env.rpcUrls);
  let wakeReconciliation = () => {};
  const reconcile = async (): Promise<void> => {
    while (!stopping) {
      await reconcileOnce({ sql: pgSql(db.pool), chains, log }).catch((err: unknown) =>
        log.warn({ err }, 'could not compare chains and ledger; trying again'),
      );
      await new Promise<void>((resolve) => {
        wakeReconciliation = resolve;
        setTimeout(resolve, RECONCILE_MS);
      });
    }
  };
  const running = Promise.all([loop(), reconcile()]);
  return {
    stop: async () => {
      stopping = true;
      wake();
      wakeReconciliation();
      await running;
      await close();
      await db.close();
    },
  };
};
