import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDb } from '@/lib/db/client';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { migrate } from '@/prisma/migrate';
import type { Figure } from './figure';
import { benchAdmission } from './policy-admission';
import { benchEvaluation } from './policy-evaluation';
import { benchQueue } from './policy-queue';
import { benchVelocity } from './policy-windows';

type Print = (line: string) => void;

/** A PostgreSQL of its own for one measurement. */
const onDatabase = async (
  bench: (db: ReturnType<typeof createDb>, print: Print) => Promise<Figure[]>,
  print: Print,
): Promise<Figure[]> => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-policy-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url());
    const db = createDb({ url: postgres.url(), maxConnections: 12 });
    try {
      return await bench(db, print);
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
};

/** Policies and approvals: the engine beside Cedar, and what they cost in PostgreSQL; each can be measured alone. */
export const POLICY_PARTS: Readonly<
  Record<string, (options: { readonly print: Print }) => Promise<Figure[]> | Figure[]>
> = {
  'policy-evaluation': ({ print }) => benchEvaluation(print),
  'policy-admission': ({ print }) => onDatabase(benchAdmission, print),
  'policy-windows': ({ print }) => onDatabase(benchVelocity, print),
  'policy-queue': ({ print }) => onDatabase(benchQueue, print),
};
