import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDb } from '@/lib/db/client';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { migrate } from '@/prisma/migrate';
import type { Figure } from './figure';
import { benchAppend } from './ledger-append';
import { benchMemory } from './ledger-memory';
import { benchProofs } from './ledger-proofs';
import { benchReplay } from './ledger-replay';

/** The ledger by itself: a PostgreSQL of its own, and the nodes' code in this process. */
export const benchLedger = async ({
  print,
  full = false,
}: {
  readonly print: (line: string) => void;
  readonly full?: boolean;
}): Promise<Figure[]> => {
  const figures = [...benchReplay(print), ...benchMemory(print, { isFull: full })];
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-ledger-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url());
    const db = createDb({ url: postgres.url(), maxConnections: 20 });
    try {
      figures.push(...(await benchAppend(db.pool, print)), ...(await benchProofs(db.pool, print)));
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
  return figures;
};
