import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerService } from '@/lib/activity/ports';
import { composeLedger } from '@/lib/compose/ledger';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import { createDb } from '@/lib/db/client';
import { appendRecovered } from '@/lib/db/ledger-recovery';
import { sequenceOnce } from '@/lib/db/sequencer';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase } from '@/lib/db/testing/postgres';
import { createWitnessStore } from '@/lib/db/witness-store';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { type SignerNode, startSignerNode } from '@/lib/signer/node';
import { createOrganisation, pause, until } from '@/lib/signer/testing/cluster';
import { type Coordinator, createCoordinator } from './coordinator';

const K = 2;
const N = 3;
type Server = Awaited<ReturnType<typeof openServer>>;

let relayUrl: string | null = null;
const nodes = new Map<number, SignerNode>();
const closing: (() => unknown)[] = [];
const never = (): never => {
  throw new Error('Nothing is signed here.');
};

/** A server on that database: ledger, sequencer and, from `meetNodes` on, a coordinator the nodes dial. */
const openServer = async (url: string, { isChaining = true } = {}) => {
  const db = createDb({ url });
  const { ledger, close } = composeLedger(db);
  const sql = pgSql(db.pool);
  const lines: string[] = [];
  let isOpen = isChaining;
  const sequencing = (async () => {
    while (isOpen) if ((await sequenceOnce(db).catch(() => 0)) === 0) await pause(5);
  })();
  let isClosed = false;
  let coordinator: Coordinator | null = null;
  return {
    db,
    ledger,
    lines,
    isChaining,
    meetNodes: async (): Promise<Coordinator> => {
      coordinator = await createCoordinator({
        quorum: { k: K, n: N },
        port: 0,
        heartbeatMs: 3_600_000,
        ports: {
          ledger,
          records: {
            activity: never,
            wallet: never,
            key: never,
            org: never,
            freeze: never,
            delayedUntil: never,
            unsignable: never,
          },
          wake: never,
          prepare: never,
          onReleased: never,
          nodes: signerNodeStore(sql),
          witness: createWitnessStore(sql),
          recovered: (orgId, after, entries) => appendRecovered(db, orgId, after, entries),
          replay: LEDGER_PORTS,
          verifyEcdsa: LEDGER_PORTS.verifyEcdsa,
          newApprovalId: never,
          clock: Date.now,
          log: (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields })),
        },
      });
      relayUrl = coordinator.relayUrl;
      const relay = coordinator.relay;
      await until(() => relay.connected().length === N, 30_000);
      return coordinator;
    },
    leaves: async (orgId: string) =>
      (
        await sql.query(
          "SELECT seq::text AS seq, kind, content, encode(body, 'hex') AS body, encode(bytes, 'hex') AS bytes, hash, root, subject FROM ledger_leaves WHERE org_id = $1 ORDER BY ledger_leaves.seq",
          [orgId],
        )
      ).rows,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      relayUrl = null;
      isOpen = false;
      await sequencing;
      await coordinator?.close();
      await close();
      await db.close();
    },
  };
};

/** A copy of a database nobody is connected to, as a dump and its restoration would make it. */
const copyOf = async (url: string, name: string): Promise<string> => {
  const admin = new URL(url);
  const source = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${source}_${name} TEMPLATE ${source}`);
  await client.end();
  closing.push(async () => {
    const again = new pg.Client({ connectionString: admin.href });
    await again.connect();
    await again.query(`DROP DATABASE IF EXISTS ${source}_${name} WITH (FORCE)`);
    await again.end();
  });
  const copy = new URL(url);
  copy.pathname = `/${source}_${name}`;
  return copy.href;
};

const followed = (coordinator: Coordinator, orgId: string, seq: number) =>
  Promise.all([...nodes.keys()].map((node) => coordinator.feed.reached(node, orgId, seq, 10_000)));

let server: Server;
let orgId: string;
let organisation: Awaited<ReturnType<typeof createOrganisation>>;
let copies: { readonly [name in 'behind' | 'forked' | 'waiting']: string };
/** What the nodes hold: the ledger as it was before anything was restored. */
let leaves: Awaited<ReturnType<Server['leaves']>>;

const permission = (name: string) =>
  organisation.act('permissions.createPermission', 'POST', '/permissions', { name, operations: ['Wallets:Read'] });

beforeAll(async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-recovery-'));
  closing.push(() => fs.rmSync(root, { recursive: true, force: true }));
  const database = await createTestDatabase();
  closing.push(database.drop);
  for (let node = 1; node <= N; node += 1) {
    const options = { node, k: K, n: N, directory: path.join(root, String(node)), genesis: 'any' } as const;
    nodes.set(
      node,
      startSignerNode({ ...options, relayUrl: () => relayUrl, ports: LEDGER_PORTS, log: () => {}, onFatal: never }),
    );
  }
  server = await openServer(database.url);
  const present: Pick<LedgerService, 'append' | 'submit' | 'context' | 'waitChained'> = {
    append: (input) => server.ledger.append(input),
    submit: (request) => server.ledger.submit(request),
    context: (input) => server.ledger.context(input),
    waitChained: async (...input) => (server.isChaining ? server.ledger.waitChained(...input) : -1),
  };
  organisation = await createOrganisation(present, { k: K, n: N, nodes });
  orgId = organisation.orgId;
  const { seq } = await organisation.act('wallets.createWallet', 'POST', '/wallets', { network: 'EthereumSepolia' });
  await followed(await server.meetNodes(), orgId, seq);
  await server.close();
  const copy = (name: string) => copyOf(database.url, name);
  const [behind, forked] = [await copy('behind'), await copy('forked')];
  server = await openServer(database.url, { isChaining: false });
  await permission('one');
  await server.close();
  copies = { behind, forked, waiting: await copy('waiting') };

  server = await openServer(database.url);
  const coordinator = await server.meetNodes();
  await coordinator.heartbeat();
  await permission('two');
  const last = await permission('three');
  await followed(coordinator, orgId, last.seq);
  leaves = await server.leaves(orgId);
  await server.close();
}, 120_000);

afterAll(async () => {
  for (const node of nodes.values()) node.close();
  await server.close();
  for (const close of closing.reverse()) await close();
});

/** Puts the restored copy in the place of the server that was. */
const restore = async (url: string, options: Parameters<typeof openServer>[1] = {}): Promise<Server> => {
  await server.close();
  server = await openServer(url, options);
  return server;
};

test('a server that chained an entry of its own after it was restored is told of the fork, and nothing is overwritten', async () => {
  const { ledger, meetNodes, lines } = await restore(copies.forked);
  const own = await permission('instead');
  const before = await ledger.head(orgId);
  const coordinator = await meetNodes();
  await until(() => lines.some((line) => line.includes('recovery.fork')));
  // Other ledgers are written to all the same.
  await until(async () => (await coordinator.waitsFor()) === null);
  expect(await ledger.head(orgId)).toEqual(before);
  expect(before?.seq).toBe(own.seq);
  for (const node of nodes.values()) expect(node.status().stopped).toEqual([]);
}, 60_000);

test('an entry that was committed and not chained when the copy was made takes the place it had', async () => {
  const { db, meetNodes, leaves: held } = await restore(copies.waiting, { isChaining: false });
  expect((await held(orgId)).map(({ seq }) => seq)).toContain(null);
  await meetNodes();
  await until(async () => (await held(orgId)).length >= leaves.length);
  expect(await held(orgId)).toEqual(leaves);
  expect(await compareReplayWithDatabase(db, orgId)).toEqual([]);
}, 60_000);

test('a restored server takes back every entry after its own last one, and goes on from there', async () => {
  const { db, ledger, meetNodes, leaves: held } = await restore(copies.behind);
  const lost = leaves.length - (await held(orgId)).length;
  expect(lost).toBe(4);
  const coordinator = await meetNodes();
  await until(async () => (await held(orgId)).length >= leaves.length);
  expect(await held(orgId)).toEqual(leaves);
  await until(async () => (await coordinator.waitsFor()) === null);
  expect(await compareReplayWithDatabase(db, orgId)).toEqual([]);
  const next = await permission('four');
  expect(next.seq).toBe(leaves.length);
  expect(await followed(coordinator, orgId, next.seq)).toEqual([true, true, true]);
  await coordinator.heartbeat();
  expect((await ledger.head(orgId))?.seq).toBe(next.seq + 1);
  expect(await compareReplayWithDatabase(db, orgId)).toEqual([]);
}, 60_000);
