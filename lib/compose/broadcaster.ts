import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { startJobWorker } from '@/lib/db/job-worker';
import { pgSql } from '@/lib/db/sql';
import { composeBroadcast } from './broadcast';
import { broadcastChains, evmClients } from './broadcast-chain';
import { databaseUrl } from './database-url';
import { composeLedger } from './ledger';
import { createRecoveryGate, type RecoveryGate, waitingWhileClosed } from './recovery-gate';

const RESUME_MS = 60_000;

/** Sends signed transactions and follows each to its end. Any number of broadcasters may run: a job is held by one of them. */
export const startBroadcaster = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 12,
    onError: (error) => {
      log.warn({ err: error }, 'database connection lost');
      gate.recheck();
    },
  });
  const gate: RecoveryGate = createRecoveryGate(pgSql(db.pool), log);
  const composed = composeLedger(db);
  const ledger = waitingWhileClosed(composed.ledger, gate);
  const chains = broadcastChains(evmClients(env.rpcUrls));
  const broadcast = composeBroadcast({ db, ledger, chains, log });
  const worker = startJobWorker({
    db,
    handlers: broadcast.handlers,
    concurrency: 16,
    onError: (err, job) => log.warn({ err, job }, 'broadcasting failed'),
  });
  // Also while running: a job that was lost must not leave a signed transaction to nobody.
  const resume = () =>
    broadcast.resume().catch((err: unknown) => log.warn({ err }, 'could not look for open transactions'));
  void resume();
  const timer = setInterval(resume, RESUME_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await gate.close();
      await worker.stop();
      await composed.close();
      await db.close();
    },
  };
};
