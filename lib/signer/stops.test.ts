import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { rootAt } from '@/lib/ledger/replay';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { createWorld, type World } from '@/lib/ledger/testing/world';
import { createReplayDriver, type ReplayDriver } from './replay-driver';
import { createReserveFloor } from './reserve-floor';
import { clearStop, takeBranch } from './stops';
import { openStore, type Store } from './store';
import { createWitness, type Witness } from './witness';

const adminKey = softwareKey('P-256');
let directory: string;
let store: Store;
/** Two histories of one organisation that part behind its genesis. */
let mine: World;
let other: World;
let replay: ReplayDriver;
let witness: Witness;

const grow = (world: World, names: readonly string[]): void => {
  for (const name of names)
    world.done(world.admin, 'permissions.createPermission', {}, { name, operations: ['Wallets:Read'] });
};
const start = (): void => {
  const [me] = mine.nodes;
  if (!me) throw new Error('No node.');
  const configuration = { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
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
const evidence = () => store.all('SELECT kind, content FROM evidence ORDER BY id');
const take = () => takeBranch(store, other.orgId, other.items, { ports: TEST_PORTS, now: 5 });

const restart = (): void => {
  store.close();
  store = openStore(directory);
  start();
};
/** Shows the node the other history, which stops it, and starts it again: the stop outlives that. */
const stop = (): void => {
  expect(feed(other)).toMatchObject({ refusal: { code: 'signer.ledger_fork' } });
  restart();
  expect(feed(mine)).toMatchObject({ refusal: { code: 'signer.ledger_stopped' } });
};

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-stops-'));
  store = openStore(directory);
  mine = createWorld({ adminKey });
  other = createWorld({ adminKey });
  grow(mine, ['a', 'b', 'c']);
  grow(other, ['d', 'e', 'f', 'g']);
  start();
  feed(mine);
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

test('a cleared stop gives up only what lies above the last checkpoint this node signed, and keeps it as evidence', () => {
  expect(signHead()).toBe(true);
  const signed = mine.items.length;
  grow(mine, ['h', 'i']);
  feed(mine);
  stop();
  const before = evidence().length;
  expect(clearStop(store, mine.orgId, 5)).toMatchObject({ ok: true, value: { leftFrom: signed, kept: 2 } });
  expect(
    evidence()
      .slice(before)
      .map(({ kind }) => kind),
  ).toEqual(['left-entry', 'left-entry', 'stop-cleared']);
  restart();
  expect(replay.stopped()).toEqual([]);
  expect(replay.head(mine.orgId)?.seq).toBe(signed - 1);
  expect(feed(mine)).toMatchObject({ ok: true });
  expect(replay.find(mine.orgId)).toMatchObject({ ok: true });
  // The same other history stops it again.
  expect(feed(other)).toMatchObject({ refusal: { code: 'signer.ledger_fork' } });
});

test('what this node signed it leaves only for a history that a checkpoint of k nodes covers as far', () => {
  expect(signHead()).toBe(true);
  stop();
  expect(take()).toMatchObject({ refusal: { code: 'signer.branch_unwitnessed' } });
  other.checkpoint(other.now(), [2, 3]);
  expect(take()).toMatchObject({ refusal: { code: 'signer.branch_unwitnessed' } });
  other.checkpoint(other.now(), [2, 3, 4]);
  expect(take()).toMatchObject({ ok: true, value: { leftFrom: 1, kept: 3 } });
  restart();
  expect(replay.stopped()).toEqual([]);
  expect(replay.head(mine.orgId)?.seq).toBe(other.items.length - 1);
  expect(feed(other)).toMatchObject({ ok: true });
});

test('what it did not sign it leaves for any history that replays from the same genesis', () => {
  stop();
  const foreign = createWorld({ adminKey, seed: 'another' });
  expect(takeBranch(store, mine.orgId, foreign.items, { ports: TEST_PORTS, now: 5 })).toMatchObject({ ok: false });
  const [first, ...rest] = other.items;
  expect(
    takeBranch(store, mine.orgId, [...(first ? [first] : []), ...rest.slice(1)], { ports: TEST_PORTS, now: 5 }),
  ).toMatchObject({ refusal: { code: 'signer.branch_broken' } });
  expect(take()).toMatchObject({ ok: true });
  restart();
  expect(feed(other)).toMatchObject({ ok: true });
});

test('nothing is cleared where nothing is stopped', () => {
  expect(clearStop(store, mine.orgId, 5)).toMatchObject({ refusal: { code: 'signer.not_stopped' } });
  expect(take()).toMatchObject({ refusal: { code: 'signer.not_stopped' } });
});
