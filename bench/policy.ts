import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDb } from '@/lib/db/client';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { migrate } from '@/prisma/migrate';
import type { Figure } from './figure';
import { benchPolicyDatabase } from './policy-database';
import { benchEvaluation } from './policy-evaluation';

/** Policies and approvals: the engine beside Cedar, and what they cost in a PostgreSQL of their own. */
export const benchPolicy = async ({ print }: { readonly print: (line: string) => void }): Promise<Figure[]> => {
  const figures = benchEvaluation(print);
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-policy-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url());
    const db = createDb({ url: postgres.url(), maxConnections: 12 });
    try {
      figures.push(...(await benchPolicyDatabase(db, print)));
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
  return figures;
};
