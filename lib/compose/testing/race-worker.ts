import { createDb } from '@/lib/db/client';
import { composeLedger } from '../ledger';
import type { RaceAnswer, RaceTask, ToRaceWorker } from './race';

/** One of several API processes that race over a database. Told tasks, it says `ready`, and runs them all at once on `go`. */
let tasks: readonly RaceTask[] = [];
let orgId = '';
let aheadMs = 0;
let composed: ReturnType<typeof composeLedger> | undefined;
let db: ReturnType<typeof createDb> | undefined;

const run = async (task: RaceTask): Promise<RaceAnswer> => {
  const { name } = task;
  if (!composed) return { name, code: 'not composed' };
  if (task.kind === 'append') {
    const written = await composed.ledger.append({ orgId, kind: task.entry, body: task.body, effects: {} });
    return { name, code: written.ok ? 'ok' : written.refusal.code };
  }
  const outcome = await composed.ledger.submit({
    orgId,
    operationId: task.operationId,
    statement: task.statement,
    assertion: task.assertion,
    body: new Uint8Array(Buffer.from(task.body, 'base64')),
    query: {},
  });
  return outcome.ok ? { name, code: 'ok', id: outcome.value.result.id } : { name, code: outcome.refusal.code };
};

process.on('message', async (message: ToRaceWorker) => {
  if (message.kind === 'tasks') {
    db ??= createDb({ url: message.url, maxConnections: 6 });
    composed ??= composeLedger(db, { now: () => Date.now() + aheadMs });
    ({ tasks, orgId, aheadMs } = message);
    process.send?.('ready');
    return;
  }
  if (message.kind === 'go') {
    process.send?.(await Promise.all(tasks.map(run)));
    return;
  }
  await composed?.close();
  await db?.close();
  process.exit(0);
});
