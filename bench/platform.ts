import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { REGISTRY } from '@/lib/compose/registry';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { platformOn, type TestPlatform } from '@/lib/http/testing/platform';
import { migrate } from '@/prisma/migrate';

/** The front door in this process over a PostgreSQL of its own, for as long as the work takes. */
export const onPlatform = async <T>(name: string, work: (platform: TestPlatform) => Promise<T>): Promise<T> => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), `countersign-bench-${name}-`));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url());
    const database = { url: postgres.url(), drop: async () => {} };
    const platform = await platformOn(database, { registry: REGISTRY });
    try {
      return await work(platform);
    } finally {
      await platform.close();
    }
  } finally {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
};
