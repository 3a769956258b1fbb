import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listSignerNodes } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase } from '@/lib/db/testing/postgres';
import { readEnvironment } from '@/lib/env';
import { healthAnswer } from '@/lib/http/health';
import { createLogger } from '@/lib/logger';
import { readRunFile } from '@/lib/run-file';
import { type SignerNode, startSignerNode } from '@/lib/signer/node';
import { createOrganisation, until } from '@/lib/signer/testing/cluster';
import { startBroadcaster } from './broadcaster';
import { startCoordinator } from './coordinator';
import { LEDGER_PORTS } from './ledger-ports';
import type { RunningProcess } from './process';
import { startScheduler } from './scheduler';
import { startSequencer } from './sequencer';
import { composeWeb, type Web } from './web';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-restored-'));
const log = createLogger({ name: 'test', level: 'debug', destination: { write: () => {} } });
const nodes = new Map<number, SignerNode>();
let relayUrl: string | null = null;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let web: Web;
let coordinator: RunningProcess | null = null;
let others: RunningProcess[] = [];
let organisation: Awaited<ReturnType<typeof createOrganisation>>;

const contextOn = (url: string) => ({
  name: 'test',
  env: readEnvironment({ DATA_DIR: root, DATABASE_URL: url, RATE_LIMIT: '0' }),
  log,
});
const begin = async (url: string): Promise<void> => {
  const context = contextOn(url);
  web = composeWeb(context);
  others = await Promise.all([startSequencer(context), startScheduler(context), startBroadcaster(context)]);
};
const coordinate = async (url: string): Promise<void> => {
  coordinator = await startCoordinator(contextOn(url));
  relayUrl = readRunFile(root).relayUrl ?? null;
};
const end = async (): Promise<void> => {
  for (const one of others) await one.stop();
  await web.close();
  await coordinator?.stop();
  coordinator = null;
  for (const node of nodes.values()) node.close();
  nodes.clear();
};
const startNode = (node: number): void => {
  nodes.set(
    node,
    startSignerNode({
      node,
      k: 3,
      n: 4,
      directory: path.join(root, `signer-${node}`),
      genesis: 'any',
      relayUrl: () => relayUrl,
      ports: LEDGER_PORTS,
      log: () => {},
      onFatal: (error) => {
        throw error;
      },
    }),
  );
};
const ledgersOf = async (): Promise<string> => {
  const { body } = await healthAnswer(web.services);
  return (body as { readonly ledgers: string }).ledgers;
};
const permission = (name: string) =>
  organisation.act('permissions.createPermission', 'POST', '/permissions', { name, operations: ['Wallets:Read'] });

beforeAll(async () => {
  database = await createTestDatabase();
  await begin(database.url);
  await coordinate(database.url);
  for (const node of [1, 2, 3, 4]) startNode(node);
  await until(async () => (await healthAnswer(web.services)).status === 200, 60_000);
  // Through whichever web process is there.
  const ledger = {
    append: (input: Parameters<Web['services']['ledger']['append']>[0]) => web.services.ledger.append(input),
    submit: (input: Parameters<Web['services']['ledger']['submit']>[0]) => web.services.ledger.submit(input),
    context: (input: Parameters<Web['services']['ledger']['context']>[0]) => web.services.ledger.context(input),
    waitChained: (...input: Parameters<Web['services']['ledger']['waitChained']>) =>
      web.services.ledger.waitChained(...input),
  };
  organisation = await createOrganisation(ledger, { k: 3, n: 4, nodes });
}, 120_000);
afterAll(async () => {
  await end();
  await onCluster((name) => `DROP DATABASE IF EXISTS ${name}_old WITH (FORCE)`);
  await database.drop();
  fs.rmSync(root, { recursive: true, force: true });
});

const onCluster = async (statement: (name: string) => string): Promise<string> => {
  const url = new URL(database.url);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(statement(name)).finally(() => client.end());
  url.pathname = `/${name}_old`;
  return url.href;
};
/** A copy of the database as it is now, which nobody is connected to. */
const copy = () => onCluster((name) => `CREATE DATABASE ${name}_old TEMPLATE ${name}`);

test('nothing is written to a restored database before it has taken back what the nodes hold, however few there are', async () => {
  const { seq } = await permission('before');
  await end();
  const old = await copy();
  await begin(database.url);
  await coordinate(database.url);
  for (const node of [1, 2, 3, 4]) startNode(node);
  const last = await permission('lost');
  expect(last.seq).toBe(seq + 1);
  const head = async () => (await web.services.ledger.head(organisation.orgId))?.seq;
  await until(async () => {
    const followed = await listSignerNodes(pgSql(web.services.db.pool));
    return followed.every(({ heads }) => (heads[organisation.orgId]?.seq ?? -1) >= last.seq);
  }, 30_000);
  await end();

  await begin(old);
  expect(await ledgersOf()).toContain('the coordinator');
  expect(await healthAnswer(web.services)).toMatchObject({ status: 503 });
  await expect(permission('instead')).rejects.toThrow('recovery.waiting');
  await coordinate(old);
  startNode(1);
  await until(async () => (await ledgersOf()).includes('1 did'), 30_000);
  await expect(permission('instead')).rejects.toThrow('recovery.waiting');
  expect(await head()).toBe(seq);
  for (const node of [2, 3, 4]) startNode(node);
  await until(async () => (await ledgersOf()) === 'ok', 30_000);
  expect(await head()).toBe(last.seq);
  expect((await permission('after')).seq).toBe(last.seq + 1);
}, 180_000);
