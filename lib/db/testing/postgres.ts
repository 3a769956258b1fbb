import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { migrate } from '@/prisma/migrate';

export type TestDatabase = { url: string; drop: () => Promise<void> };

/** Names the directory that the run's test files share; set by global-setup.ts. */
export const TEST_CLUSTER_VARIABLE = 'COUNTERSIGN_TEST_CLUSTER';

/**
 * Makes a database of its own on the run's PostgreSQL cluster, a clone of the migrated template unless `migrated` is false.
 * The first call of a run starts the cluster, in whichever test process it happens.
 */
export const createTestDatabase = async (options: { migrated?: boolean } = {}): Promise<TestDatabase> => {
  const cluster = await sharedCluster();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onCluster(cluster.url, (client) =>
    client.query(
      `CREATE DATABASE ${name} TEMPLATE ${options.migrated === false ? 'template0' : TEMPLATE} STRATEGY file_copy`,
    ),
  );
  const url = new URL(cluster.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => onCluster(cluster.url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
};

/** What the run's processes know of the cluster. */
export type SharedCluster = { url: string; pid: number; farDir?: string };

/** The file in which the process that started the cluster says where it is. */
export const clusterFile = (dir: string): string => path.join(dir, 'cluster.json');

const TEMPLATE = 'template_migrated';

const sharedCluster = async (): Promise<SharedCluster> => {
  const dir = process.env[TEST_CLUSTER_VARIABLE];
  if (!dir)
    throw new Error(
      `${TEST_CLUSTER_VARIABLE} is not set: lib/db/testing/global-setup.ts is missing from the vitest configuration.`,
    );
  for (;;) {
    if (fs.existsSync(clusterFile(dir))) return JSON.parse(fs.readFileSync(clusterFile(dir), 'utf8')) as SharedCluster;
    if (takesTheStart(dir)) return startShared(dir);
    if (fs.existsSync(path.join(dir, 'failed'))) throw new Error(fs.readFileSync(path.join(dir, 'failed'), 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const takesTheStart = (dir: string): boolean => {
  try {
    fs.writeFileSync(path.join(dir, 'starting'), String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
};

const startShared = async (dir: string): Promise<SharedCluster> => {
  try {
    const postgres = await startEmbeddedPostgres({
      dataDir: path.join(dir, 'data'),
      // A test cluster is thrown away after the run, so surviving a power cut buys nothing.
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
    });
    await onCluster(postgres.url('postgres'), (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
    await migrate(postgres.url(TEMPLATE));
    const shared: SharedCluster = {
      url: postgres.url('postgres'),
      pid: postgres.pid,
      farDir: farDirOf(postgres.cluster.clusterDir, dir),
    };
    postgres.release();
    fs.writeFileSync(path.join(dir, 'unfinished'), JSON.stringify(shared), { mode: 0o600 });
    fs.renameSync(path.join(dir, 'unfinished'), clusterFile(dir));
    return shared;
  } catch (error) {
    fs.writeFileSync(
      path.join(dir, 'failed'),
      `The test cluster did not start: ${error instanceof Error ? error.stack : error}`,
    );
    throw error;
  }
};

const farDirOf = (clusterDir: string, dir: string): string | undefined =>
  clusterDir.startsWith(dir) ? undefined : path.dirname(clusterDir);

const onCluster = async (url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};
