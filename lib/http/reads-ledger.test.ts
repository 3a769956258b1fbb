import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { pgSql } from '@/lib/db/sql';
import { createWitnessStore } from '@/lib/db/witness-store';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { heartbeatHash, heartbeatRoot, inOrder, type SignedHead, verifySignedHead } from '@/lib/ledger/heartbeat';
import { verifyConsistency, verifyInclusion } from '@/lib/ledger/merkle-proofs';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { chain, get, NODES, send, useKnownNodes, witness } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
let last: number;

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  for (let i = 0; i < 9; i += 1)
    await send(platform, admin, 'POST', '/permissions', { name: `p${i}`, operations: ['Wallets:Read'] });
  await chain(platform);
  for (let i = 0; i < 3; i += 1) await witness(platform, admin.orgId);
  last = (await get(platform, admin, '/x/ledger/head')).body.seq;
});
afterAll(() => platform.close());

describe('proofs over the ledger', () => {
  test('every entry is proved in every later tree, by a path that leads to the witnessed root', async () => {
    for (let at = 0; at <= last; at += 1)
      for (let seq = 0; seq <= at; seq += 1) {
        const { body } = await get(platform, admin, `/x/ledger/entries/${seq}/proof?at=${at}`);
        expect(verifyInclusion({ ...body, size: at + 1 })).toBe(true);
        expect(verifyInclusion({ ...body, seq: seq + 1, size: at + 1 })).toBe(false);
      }
    const { root } = (await get(platform, admin, '/x/ledger/head')).body;
    expect((await get(platform, admin, '/x/ledger/entries/0/proof')).body).toMatchObject({ at: last, root });
  });

  test('every tree is proved to begin with every earlier one', async () => {
    for (let to = 0; to <= last; to += 1)
      for (let from = 0; from <= to; from += 1) {
        const { body } = await get(platform, admin, `/x/ledger/consistency?from=${from}&to=${to}`);
        const { fromRoot, toRoot, path: hashes } = body;
        const proof = { first: from + 1, size: to + 1, firstRoot: fromRoot, root: toRoot, path: hashes };
        expect(verifyConsistency(proof)).toBe(true);
      }
  });

  test('places the ledger does not have are not found, and nonsense is refused', async () => {
    for (const [url, status] of [
      [`/x/ledger/entries/${last + 1}/proof`, 404],
      [`/x/ledger/entries/0/proof?at=${last + 1}`, 404],
      ['/x/ledger/entries/5/proof?at=4', 404],
      ['/x/ledger/entries/one/proof', 404],
      ['/x/ledger/entries/0/proof?at=-1', 400],
      [`/x/ledger/consistency?from=0&to=${last + 1}`, 404],
      ['/x/ledger/consistency?from=3&to=2', 404],
      ['/x/ledger/consistency?from=3', 400],
    ] as const)
      expect((await platform.call('GET', url, { token: admin.token })).status, url).toBe(status);
    expect((await platform.call('GET', '/x/ledger/checkpoints')).status).toBe(401);
  });

  test('what the migration computes for older ledgers is what the sequencer stores', async () => {
    const { pool } = platform.services.db;
    const trees = async () =>
      (await pool.query('SELECT leaf, tree FROM ledger_leaves WHERE seq IS NOT NULL ORDER BY leaf')).rows;
    const stored = await trees();
    const file = path.resolve(import.meta.dirname, '../../prisma/migrations/0006_witnesses/migration.sql');
    const backfill = readFileSync(file, 'utf8').match(/^ALTER TABLE ledger_leaves DISABLE[\s\S]+?ENABLE TRIGGER .+;/m);
    await pool.query('BEGIN').then(() => pool.query(backfill?.[0] ?? 'no backfill').then(() => pool.query('COMMIT')));
    expect(stored.length).toBeGreaterThan(12);
    expect(await trees()).toEqual(stored);
  });
});

describe('witnesses', () => {
  test('checkpoints come newest first, page by page, with the certificates their signatures hold under', async () => {
    const first = (await get(platform, admin, '/x/ledger/checkpoints?limit=2')).body;
    const rest = (await get(platform, admin, `/x/ledger/checkpoints?limit=2&paginationToken=${first.nextPageToken}`))
      .body;
    expect(rest.nextPageToken).toBeUndefined();
    const items = [...first.items, ...rest.items];
    expect(items.map((item) => item.entrySeq)).toEqual([last, last - 1, last - 2]);
    for (const item of items) {
      const hash = checkpointHash({ orgId: admin.orgId, seq: item.seq, root: item.root, at: Date.parse(item.at) });
      expect(item.nodeSignatures).toHaveLength(first.threshold);
      for (const { node, signature } of item.nodeSignatures) {
        const key = first.nodes.find((one: { node: number }) => one.node === node).signingKey;
        expect(TEST_PORTS.verifyEd25519(key, hash, signature)).toBe(true);
      }
    }
  });

  test('a heartbeat over all organisations shows each of them its own head and nothing of another', async () => {
    const heads = inOrder(
      [admin.orgId, stranger.orgId].map((orgId, i) => ({ orgId, seq: i, root: `${i}`.repeat(64) })),
    );
    const at = platform.services.now();
    const root = heartbeatRoot(heads) ?? '';
    const [node] = NODES;
    if (!node) throw new Error('No node.');
    const beat = { node: 1, at, root, heads, signature: node.sign(heartbeatHash({ at, root })) };
    await createWitnessStore(pgSql(platform.services.db.pool)).heartbeats([beat]);
    for (const person of [admin, stranger]) {
      const { body } = await get(platform, person, '/x/ledger/checkpoints');
      const [shown] = body.heartbeats;
      expect(body.heartbeats).toHaveLength(1);
      expect(shown.head.orgId).toBe(person.orgId);
      const signed: SignedHead = { ...shown, at: Date.parse(shown.at) };
      expect(verifySignedHead(signed, node.certificate.signingKey, TEST_PORTS.verifyEd25519)).toBe(true);
    }
  });

  test('an alarm of a node is kept once and shown with its evidence to its organisation alone', async () => {
    const store = createWitnessStore(pgSql(platform.services.db.pool));
    const alarm = {
      node: 2,
      code: 'signer.fork',
      subject: '7',
      message: 'A fork.',
      content: { seq: 7 },
      at: Date.now(),
    };
    await store.alarm(admin.orgId, alarm);
    await store.alarm(admin.orgId, { ...alarm, message: 'Again.' });
    const { alarms } = (await get(platform, admin, '/x/ledger/checkpoints')).body;
    expect(alarms).toMatchObject([{ node: 2, code: 'signer.fork', message: 'A fork.', evidence: { seq: 7 } }]);
    expect((await get(platform, stranger, '/x/ledger/checkpoints')).body.alarms).toEqual([]);
  });
});
