import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { beat } from '@/lib/db/heartbeats';
import { LEAF_CHANNEL } from '@/lib/db/ledger-store';
import { createListener } from '@/lib/db/listener';
import { sequenceOnce } from '@/lib/db/sequencer';
import { pgSql } from '@/lib/db/sql';
import { databaseUrl } from './database-url';

const POLL_MS = 200;
const BEAT_MS = 1000;

/** Chains leaves as they are committed: woken by NOTIFY, and by a poll in case one is lost. */
export const startSequencer = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const db = createDb({
    url: databaseUrl(env),
    maxConnections: 3,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const listener = createListener(db.url, [LEAF_CHANNEL], (error) => log.warn({ err: error }, 'listener lost'));
  let stopping = false;
  let wake = () => {};
  listener.on(LEAF_CHANNEL, () => wake());
  const loop = async (): Promise<void> => {
    let lastBeat = 0;
    while (!stopping) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, POLL_MS);
      });
      try {
        while ((await sequenceOnce(db)) > 0);
        if (Date.now() - lastBeat > BEAT_MS) {
          await beat(pgSql(db.pool), 'sequencer');
          lastBeat = Date.now();
        }
      } catch (error) {
        log.warn({ err: error }, 'could not chain; trying again');
      }
      await woken;
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping = true;
      wake();
      await running;
      await listener.close();
      await db.close();
    },
  };
};
