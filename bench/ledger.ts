import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDb, type Db } from '@/lib/db/client';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { migrate } from '@/prisma/migrate';
import { benchAudit } from './audit-memory';
import type { Figure } from './figure';
import { benchAppend } from './ledger-append';
import { benchMemory } from './ledger-memory';
import { benchProofs } from './ledger-proofs';
import { benchReplay } from './ledger-replay';
import { benchVerify } from './ledger-verify';
import { onPlatform } from './platform';

type Options = { readonly print: (line: string) => void; readonly full?: boolean };

/** A PostgreSQL of its own for as long as the work takes. */
const onDatabase = async (work: (pool: Db['pool']) => Promise<Figure[]>): Promise<Figure[]> => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-ledger-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url());
    const db = createDb({ url: postgres.url(), maxConnections: 20 });
    try {
      return await work(db.pool);
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
};

/** The ledger by itself, in parts that can be run alone: the nodes' code in this process, the command, and the database. */
export const LEDGER_PARTS: Readonly<Record<string, (options: Options) => Promise<Figure[]> | Figure[]>> = {
  'ledger-replay': ({ print }) => benchReplay(print),
  'ledger-verify': ({ print }) => benchVerify(print),
  'ledger-memory': ({ print, full = false }) => benchMemory(print, { isFull: full }),
  'ledger-audit': ({ print }) => onPlatform('audit', (platform) => benchAudit(platform, print)),
  'ledger-append': ({ print }) => onDatabase((pool) => benchAppend(pool, print)),
  'ledger-proofs': ({ print }) => onDatabase((pool) => benchProofs(pool, print)),
};
