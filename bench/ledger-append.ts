import { randomUUID } from 'node:crypto';
import type { Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createWorld } from '@/lib/ledger/testing/world';
import type { Figure } from './figure';

const WRITERS = 16;
const ENTRIES = 8_000;
const ROUNDS = 3;

/** Leaves as `submit` writes them, each in its own transaction. @returns milliseconds. */
const write = async (pool: Db['pool'], orgId: string, content: string, body: Buffer): Promise<number> => {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const client = await pool.connect();
      for (let i = 0; i < ENTRIES / WRITERS; i += 1) {
        await client.query('BEGIN');
        await client.query(
          'INSERT INTO ledger_leaves (id, org_id, kind, content, body, subject) VALUES ($1, $2, $3, $4, $5, $6)',
          [randomUUID(), orgId, 'userAction', content, body, 'bench'],
        );
        await client.query('COMMIT');
      }
      client.release();
    }),
  );
  return performance.now() - started;
};

const chainAll = async (pool: Db['pool'], isOpen: () => boolean): Promise<void> => {
  for (;;) {
    const wasOpen = isOpen();
    if ((await sequenceOnce({ pool })) > 0) continue;
    if (!wasOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** 16 writers, all leaves chained when the clock stops, beside the same inserts that nobody chains. */
export const benchAppend = async (pool: Db['pool'], print: (line: string) => void): Promise<Figure[]> => {
  const world = createWorld();
  const { leaf, body } = world.request(
    world.admin,
    'permissions.createPermission',
    {},
    {
      name: 'bench',
      operations: ['Wallets:Read'],
    },
  );
  const content = JSON.stringify(leaf);
  const chained: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    print(`ledger: append, round ${round} of ${ROUNDS} …`);
    const without = await write(pool, `or-plain-${round}`, content, Buffer.from(body));
    await chainAll(pool, () => false);
    const started = performance.now();
    let isWriting = true;
    const chaining = chainAll(pool, () => isWriting);
    await write(pool, `or-chained-${round}`, content, Buffer.from(body));
    isWriting = false;
    await chaining;
    // The first round warms up.
    if (round > 0) chained.push(ENTRIES / ((performance.now() - started) / 1000));
    if (round > 0) plain.push(ENTRIES / (without / 1000));
  }
  const best = Math.max(...chained);
  return [
    {
      name: 'append, 16 writers, chained, against the same unchained',
      value: best / Math.max(...plain),
      unit: '×',
      target: 0.6,
      isFloor: true,
    },
    { name: 'of which chained entries', value: best, unit: '/s' },
  ];
};
