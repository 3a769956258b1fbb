import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { createBranches as createOffers } from '@/lib/compose/coordinator/branches';
import type { CoordinatorPorts } from '@/lib/compose/coordinator/ports';
import { entryHash } from '@/lib/ledger/entry';
import { rootAt } from '@/lib/ledger/replay';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { createWorld, type World } from '@/lib/ledger/testing/world';
import type { Relay } from '@/lib/transport/relay-server';
import type { Alarm } from './alarms';
import { createBranches } from './branches';
import { createReplayDriver, type ReplayDriver } from './replay-driver';
import { createReserveFloor } from './reserve-floor';
import { openStore, type Store } from './store';
import { createWitness, type Witness } from './witness';

const adminKey = softwareKey('P-256');
const NODE = 1;
let directory: string;
let store: Store;
/** Two histories of one organisation that have a few entries in common. */
let mine: World;
let other: World;
let replay: ReplayDriver;
let witness: Witness;
let alarms: Alarm[];
let asked: string[];
let clock = 0;

const grow = (world: World, names: readonly string[]): void => {
  for (const name of names)
    world.done(world.admin, 'permissions.createPermission', {}, { name, operations: ['Wallets:Read'] });
};
const start = (): void => {
  const [me] = mine.nodes;
  if (!me) throw new Error('No node.');
  const configuration = { node: NODE, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  replay = createReplayDriver({ store, ports: TEST_PORTS, configuration, clock: mine.now, log: () => {} });
  witness = createWitness({ store, replay, floor: createReserveFloor(store), clock: mine.now, sign: me.sign });
};
const feed = (world: World) =>
  replay.extend(
    world.orgId,
    world.items.map((item, seq) => ({ seq, ...item })),
  );
const signHead = (): boolean => {
  const seq = mine.items.length - 1;
  return witness.signCheckpoint({ orgId: mine.orgId, seq, root: rootAt(mine.replica, seq) ?? '', at: mine.now() }).ok;
};
/** The coordinator offers the node what the database holds. */
const offer = () => {
  const node = createBranches({
    store,
    replay,
    alarms: { raise: (alarm) => alarms.push(alarm) },
    ports: TEST_PORTS,
    clock: mine.now,
    log: () => {},
  });
  const ask = async (_node: number, method: string, params: never) => {
    asked.push(method);
    if (method === 'branch.holds') {
      const { orgId, seq, hash } = params as { orgId: string; seq: number; hash: string };
      return { ok: true, value: { holds: replay.hashAt(orgId, seq) === hash } };
    }
    const { orgId, items, ...part } = params as Record<'orgId', string> & {
      from: number;
      isLast: boolean;
      items: { seq: number; bytes: string; body: string }[];
    };
    const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
    return node.offer(orgId, {
      ...part,
      items: items.map(({ seq, bytes, body }) => ({ seq, bytes: bytesOf(bytes), body: bytesOf(body) })),
    });
  };
  clock += 1_000_000;
  const ports = {
    clock: () => clock,
    log: () => {},
    ledger: {
      head: async () => ({ seq: other.items.length - 1, hash: '', root: '' }),
      feed: async (_org: string, from: number, limit: number) =>
        other.items.map((item, seq) => ({ seq, ...item })).slice(from, from + Math.min(limit, 3)),
    },
  } as unknown as CoordinatorPorts;
  return createOffers({ ports, relay: () => ({ ask }) as unknown as Relay }).offer(
    NODE,
    mine.orgId,
    replay.head(mine.orgId)?.seq ?? -1,
  );
};
const evidence = () => store.all('SELECT kind, content FROM evidence ORDER BY id');
const bytesAt = (seq: number) =>
  store.get('SELECT bytes FROM entry WHERE org = ? AND seq = ?', mine.orgId, seq)?.bytes as Uint8Array;

const COMMON = 5;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-branches-'));
  store = openStore(directory);
  mine = createWorld({ adminKey });
  other = createWorld({ adminKey });
  alarms = [];
  asked = [];
  grow(mine, ['a', 'b', 'c', 'd']);
  for (const { bytes, body } of mine.items.slice(1)) {
    const { seq: _seq, prev: _prev, ...leaf } = JSON.parse(new TextDecoder().decode(bytes));
    other.place({ leaf, body });
  }
  // Ids that the copied entries took.
  other.random(4096);
  grow(mine, ['e', 'f']);
  grow(other, ['g', 'h', 'i', 'j', 'k', 'l']);
  start();
  feed(mine);
  if (!signHead()) throw new Error('The node does not sign its head.');
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

const stop = (): void => {
  expect(feed(other)).toMatchObject({ refusal: { code: 'signer.ledger_fork' } });
};

test('a stopped node leaves its signed history by itself for one that k nodes witnessed, and keeps the evidence', async () => {
  other.checkpoint(other.now(), [2, 3, 4]);
  const left = mine.items.slice(COMMON).map(({ bytes }) => entryHash(bytes));
  stop();
  const head = await offer();
  expect(head).toEqual(replay.head(mine.orgId));
  expect(head?.seq).toBe(other.items.length - 1);
  expect(replay.stopped()).toEqual([]);
  expect(replay.find(mine.orgId)).toMatchObject({ ok: true });
  expect(entryHash(bytesAt(COMMON))).toBe(entryHash(other.items[COMMON]?.bytes as Uint8Array));
  const kept = evidence().filter(({ kind }) => kind === 'left-entry');
  expect(kept.map(({ content }) => entryHash(content as Uint8Array))).toEqual(left);
  expect(alarms).toMatchObject([{ code: 'signer.branch_left', content: { leftFrom: COMMON, kept: left.length } }]);
  // The place where they part was found by a few questions.
  expect(asked.filter((method) => method === 'branch.holds').length).toBeLessThan(5);
  // It goes on from there, and a start finds the same.
  grow(other, ['m']);
  expect(feed(other)).toMatchObject({ ok: true });
  store.close();
  store = openStore(directory);
  start();
  expect(replay.head(mine.orgId)?.seq).toBe(other.items.length - 1);
});

test('it stays stopped where fewer than k nodes witnessed the other history, or not as far as this node signed its own', async () => {
  stop();
  expect(await offer()).toBeNull();
  other.checkpoint(other.now(), [2, 3]);
  expect(await offer()).toBeNull();
  expect(replay.stopped()).toHaveLength(1);
  expect(entryHash(bytesAt(COMMON))).toBe(entryHash(mine.items[COMMON]?.bytes as Uint8Array));
  expect(store.all('SELECT * FROM offered_entry')).toEqual([]);
  expect(alarms).toEqual([]);
});

test('it stays stopped where k nodes witnessed both histories', async () => {
  mine.checkpoint(mine.now(), [1, 2, 3]);
  feed(mine);
  other.checkpoint(other.now(), [2, 3, 4]);
  stop();
  expect(await offer()).toBeNull();
  expect(replay.stopped()).toHaveLength(1);
});

test('it stays stopped where the other history only goes on from its own: a peer signed something else', async () => {
  other = mine;
  mine.checkpoint(mine.now(), [2, 3, 4]);
  replay.stop(mine.orgId, 'node 4 signed another history', new Uint8Array());
  expect(await offer()).toBeNull();
  expect(replay.stopped()).toHaveLength(1);
});

test('a node that follows its ledger takes no other, and a history that does not replay is not taken', async () => {
  other.checkpoint(other.now(), [2, 3, 4]);
  expect(await offer()).toBeNull();
  stop();
  const cut = other.items.splice(COMMON + 1, 1);
  expect(await offer()).toBeNull();
  expect(replay.stopped()).toHaveLength(1);
  other.items.splice(COMMON + 1, 0, ...cut);
  expect(await offer()).toMatchObject({ seq: other.items.length - 1 });
});
