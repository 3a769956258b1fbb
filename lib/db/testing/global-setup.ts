import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isGone } from '@/lib/db/embedded-postgres-leftover';
import { clusterFile, type SharedCluster, TEST_CLUSTER_VARIABLE } from '@/lib/db/testing/postgres';

/** Gives a test run a place for its PostgreSQL cluster, which starts only when a test asks for a database, and clears it away. */
export const setup = (): (() => Promise<void>) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-test-'));
  fs.chmodSync(dir, 0o711); // the database account has to pass through
  process.env[TEST_CLUSTER_VARIABLE] = dir;
  return async () => {
    if (fs.existsSync(clusterFile(dir))) {
      const shared = JSON.parse(fs.readFileSync(clusterFile(dir), 'utf8')) as SharedCluster;
      process.kill(shared.pid, 'SIGINT');
      await isGone(shared.pid, 10_000);
      if (shared.farDir) fs.rmSync(shared.farDir, { recursive: true, force: true });
    }
    fs.rmSync(dir, { recursive: true, force: true });
  };
};
