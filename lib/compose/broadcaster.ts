import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { startJobWorker } from '@/lib/db/job-worker';
import { composeBroadcast } from './broadcast';
import { broadcastChains, evmClients } from './broadcast-chain';
import { databaseUrl } from './database-url';
import { composeLedger } from './ledger';

const RESUME_MS = 60_000;

/** Sends signed transactions and follows each to its end. Any number of broadcasters may run: a job is held by one of them. */
export const startBroadcaster = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 12,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const { ledger, close } = composeLedger(db);
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
  await resume();
  const timer = setInterval(resume, RESUME_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await worker.stop();
      await close();
      await db.close();
    },
  };
};
