import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { beat } from '@/lib/db/heartbeats';
import { LEAF_CHANNEL } from '@/lib/db/ledger-writer';
import { createListener } from '@/lib/db/listener';
import { sequenceOnce } from '@/lib/db/sequencer';
import { pgSql } from '@/lib/db/sql';
import { databaseUrl } from './database-url';
import { createRecoveryGate, type RecoveryGate } from './recovery-gate';
import { startRounds } from './rounds';

const POLL_MS = 200;
const BEAT_MS = 1000;

/** Chains leaves as they are committed: woken by NOTIFY, and by a poll in case one is lost. */
export const startSequencer = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 3,
    onError: (error) => {
      log.warn({ err: error }, 'database connection lost');
      gate.recheck();
    },
  });
  // A leaf that a restored database had not chained yet may stand elsewhere in the nodes' chain.
  const gate: RecoveryGate = createRecoveryGate(pgSql(db.pool), log);
  const listener = createListener(db.url, [LEAF_CHANNEL], (error) => log.warn({ err: error }, 'listener lost'));
  let lastBeat = 0;
  const rounds = startRounds(
    POLL_MS,
    async () => {
      while (gate.refusal() === null && (await sequenceOnce(db)) > 0);
      if (Date.now() - lastBeat > BEAT_MS) {
        await beat(pgSql(db.pool), 'sequencer');
        lastBeat = Date.now();
      }
    },
    (error) => log.warn({ err: error }, 'could not chain; trying again'),
  );
  listener.on(LEAF_CHANNEL, () => rounds.wake());
  return {
    stop: async () => {
      await gate.close();
      await rounds.stop();
      await listener.close();
      await db.close();
    },
  };
};
