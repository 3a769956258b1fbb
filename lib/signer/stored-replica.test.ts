import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { GROWING_KINDS, isGrowing, RECORD_KINDS, type RecordKind } from '@/lib/ledger/records';
import { type Extension, emptyReplica, extendReplica, rootAt } from '@/lib/ledger/replay';
import { find, type OrgState } from '@/lib/ledger/state';
import { asks, BLOCK, countLimit } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { createWorld, type World } from '@/lib/ledger/testing/world';
import { CLOCK_TOLERANCE_MS } from '@/lib/ledger/window-book';
import { createReplayDriver } from './replay-driver';
import { STATE_VERSION } from './replica-store';
import { openStore, type Store } from './store';

const adminKey = softwareKey('P-256');
const MINUTE = 60_000;

let directory: string;
let store: Store;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-replica-'));
  store = openStore(directory);
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

/** A node that holds almost nothing in memory. */
const start = (world: World, log: string[] = [], kept: Store = store) => {
  const [me] = world.nodes;
  if (!me) throw new Error('No node.');
  return createReplayDriver({
    store: kept,
    ports: TEST_PORTS,
    configuration: { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' },
    clock: world.now,
    log: (_level, message) => void log.push(message),
    recentRecords: 2,
  });
};
const restart = (): void => {
  store.close();
  store = openStore(directory);
};

/** Moves of a history; numbers choose what they are about. */
const MOVES = [
  'transfer',
  'transferOnce',
  'replayed',
  'vote',
  'deny',
  'reserve',
  'release',
  'abandon',
  'cancelled',
  'checkpoint',
  'wait',
  'limit',
  'unlimited',
] as const;
type Move = { readonly move: (typeof MOVES)[number]; readonly choice: number };

/** Plays a history in a world that holds everything in memory. @returns how many entries were void. */
const play = (world: World, moves: readonly Move[]): number => {
  const voters = [world.approver(), world.approver()];
  const wallets = [world.wallet(), world.wallet()];
  const everybody = voters.map(({ userId }) => userId);
  const policies = [
    world.policy(countLimit(2, 60), asks(everybody, 1)),
    world.policy(countLimit(5, 60), BLOCK),
    world.policy(countLimit(3, 2), asks(everybody, 2)),
  ];
  const { activity, approval } = world.state.tables;
  let voids = 0;
  let nonce = 0;
  const pick = <T>(list: readonly T[], choice: number): T | undefined => list[choice % Math.max(list.length, 1)];
  const seen = (extension: Extension): void => {
    if (extension.kind === 'void') voids += 1;
  };
  for (const { move, choice } of moves) {
    const wallet = pick(wallets, choice) ?? '';
    const activities = [...activity.keys()].reverse();
    const chosen = pick(activities, choice >> 1) ?? '';
    const pending = [...approval.values()].filter(({ status }) => status === 'Pending');
    world.wait(1000 * (choice % 40));
    try {
      if (move === 'transfer') seen(world.transfer(wallet));
      if (move === 'transferOnce') seen(world.transfer(wallet, { externalId: `once-${choice % 3}` }));
      if (move === 'replayed') {
        const request = world.request(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia' });
        seen(world.place(request));
        if (choice % 2 === 0) world.wait(choice % 4 === 0 ? 10 : 4 * MINUTE);
        seen(world.place({ ...request, leaf: { ...request.leaf, at: world.now() } }));
      }
      if (move === 'vote' || move === 'deny')
        seen(
          world.vote(
            pick(voters, choice) ?? world.admin,
            pick(pending, choice >> 1)?.id ?? 'none',
            move === 'vote' ? 'Approved' : 'Denied',
          ),
        );
      if (move === 'reserve') seen(world.reserve(chosen, { nonce: nonce++ }));
      if (move === 'release') seen(world.release(chosen));
      if (move === 'abandon') seen(world.abandon(chosen));
      if (move === 'cancelled')
        seen(world.act(world.admin, 'wallets.cancelTransfer', { walletId: wallet, transferId: chosen }, {}));
      if (move === 'checkpoint') world.checkpoint();
      if (move === 'wait') world.wait((1 + (choice % 70)) * MINUTE);
      if (move === 'limit')
        policies.push(world.policy(countLimit(1 + (choice % 4), 1 + (choice % 90)), asks(everybody)));
      if (move === 'unlimited')
        seen(world.act(world.admin, 'policies.archivePolicy', { policyId: pick(policies, choice) ?? '' }));
    } catch (error) {
      // Nothing stands there that this move could be about.
      if (!(error instanceof Error) || !/^(No activity|Not reservable)/.test(error.message)) throw error;
    }
  }
  return voids;
};

/** In the order they came: policies are evaluated in it. Statements have none, and those long expired are forgotten. */
const heldRecords = (state: OrgState, kind: RecordKind, now: number) => {
  const records = [...(state.tables[kind] as ReadonlyMap<string, { readonly expiresAt: number }>)];
  return kind === 'statement'
    ? records
        .filter(([, { expiresAt }]) => expiresAt >= now)
        .map(([id]) => id)
        .sort()
    : records;
};

const expectSame = (world: World, driver: ReturnType<typeof start>): void => {
  const found = driver.find(world.orgId);
  if (!found.ok) throw new Error(found.refusal.message);
  const { replica } = found.value;
  const { state } = replica;
  const last = find(world.state, 'checkpoint', 'last')?.at ?? 0;
  expect(replica.head).toEqual(world.replica.head);
  expect(replica.frontier).toEqual(world.replica.frontier);
  expect(replica.governedAt).toBe(world.replica.governedAt);
  for (const kind of RECORD_KINDS)
    if (!isGrowing(kind))
      expect(heldRecords(state, kind, last - CLOCK_TOLERANCE_MS)).toEqual(
        heldRecords(world.state, kind, last - CLOCK_TOLERANCE_MS),
      );
  for (const kind of GROWING_KINDS)
    for (const [id, record] of world.state.tables[kind]) expect(state.tables[kind].get(id)).toEqual(record);
  for (const id of world.state.tables.activity.keys()) {
    expect(replica.touched.get(id)).toBe(world.replica.touched.get(id));
    expect(state.windows.of(id)).toEqual(world.state.windows.of(id));
  }
  for (const walletId of world.state.tables.wallet.keys())
    for (const before of [undefined, ...world.state.tables.activity.keys()])
      for (const ago of [0, 2 * MINUTE, 60 * MINUTE]) {
        const query = { later: world.now() - ago, countedNow: world.now(), ...(before ? { before } : {}) };
        expect(state.windows.total(walletId, query)).toEqual(world.state.windows.total(walletId, query));
      }
  for (let seq = 0; seq < world.items.length; seq += 1) expect(rootAt(replica, seq)).toBe(rootAt(world.replica, seq));
};

const itemsOf = (world: World) => world.items.map((item, seq) => ({ seq, ...item }));
const feed = (driver: ReturnType<typeof start>, world: World, from: number, to: number): void => {
  const outcome = driver.extend(world.orgId, itemsOf(world).slice(from, to));
  if (!outcome.ok) throw new Error(outcome.refusal.message);
};

const aMove = fc.record({ move: fc.constantFrom(...MOVES), choice: fc.nat(1000) });

test('a node that keeps its records in its store decides every history as one that holds all of them in memory', () => {
  fc.assert(
    fc.property(
      fc.array(aMove, { minLength: 20, maxLength: 60 }),
      fc.array(fc.record({ size: fc.integer({ min: 1, max: 12 }), restarts: fc.boolean() }), { minLength: 3 }),
      (moves, batches) => {
        const world = createWorld({ adminKey });
        const voids = play(world, moves);
        for (const { org } of store.all('SELECT DISTINCT org FROM entry'))
          store.run('DELETE FROM entry WHERE org = ?', org ?? '');
        let driver = start(world);
        for (let from = 0, round = 0; from < world.items.length; round += 1) {
          const { size, restarts } = batches[round % batches.length] ?? { size: 1, restarts: false };
          feed(driver, world, from, from + size);
          from += size;
          if (!restarts) continue;
          restart();
          driver = start(world);
        }
        expect(driver.voids()).toBe(voids);
        expectSame(world, driver);
      },
    ),
    { numRuns: 15 },
  );
});

const anyWorld = (): World => {
  const world = createWorld({ adminKey });
  const moves = Array.from({ length: 60 }, (_, i) => ({
    move: MOVES[(7 * i) % MOVES.length] ?? 'transfer',
    choice: (31 * i) % 97,
  }));
  play(world, moves);
  return world;
};

const MADE_AGAIN = 'The state of a ledger is made again from its entries.';

test('a start reads the state of the stored head instead of replaying the ledger', () => {
  const world = anyWorld();
  feed(start(world), world, 0, world.items.length);
  restart();
  const log: string[] = [];
  expectSame(world, start(world, log));
  expect(log).not.toContain(MADE_AGAIN);
});

test.each([
  ['another head', "UPDATE state_head SET hash = 'ab'"],
  ['another root', "UPDATE state_head SET root = 'ab'"],
  ['another version of the rules', 'UPDATE state_head SET version = version - 1'],
  ['fewer entries', 'UPDATE state_head SET seq = seq - 1'],
  ['no state, as in a store of an earlier version', 'DELETE FROM state_head'],
  ['a node of the tree that is not there', 'UPDATE entry SET top = NULL WHERE seq = (SELECT MAX(seq) FROM entry)'],
  [
    'a node of the tree that is another',
    'UPDATE entry SET top = zeroblob(32) WHERE seq = (SELECT MAX(seq) FROM entry)',
  ],
])('a stored state of %s is not believed: it is made again from the entries', (_, harm) => {
  const world = anyWorld();
  feed(start(world), world, 0, world.items.length);
  store.run(harm);
  restart();
  const log: string[] = [];
  expectSame(world, start(world, log));
  expect(log).toContain(MADE_AGAIN);
});

test('state and entries reach the disk together or not at all', () => {
  const world = anyWorld();
  const half = world.items.length >> 1;
  const driver = start(world);
  feed(driver, world, 0, half);
  store.run(
    'CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.seq % 7 = 6 BEGIN SELECT RAISE(ABORT, "disk full"); END',
  );
  expect(() => feed(driver, world, half, world.items.length)).toThrow(/disk full/);
  expect(driver.head(world.orgId)?.seq).toBe(half - 1);
  store.run('DROP TRIGGER full');
  feed(driver, world, half, world.items.length);
  expectSame(world, driver);
  restart();
  expectSame(world, start(world));
});

test('a node takes entries without reading a list of rows, which would keep memory until the event loop turns', () => {
  const world = anyWorld();
  const lists: string[] = [];
  const all: Store['all'] = (sql, ...values) => {
    lists.push(sql);
    return store.all(sql, ...values);
  };
  const driver = start(world, [], { ...store, all });
  lists.length = 0;
  feed(driver, world, 0, world.items.length);
  expect(lists).toEqual([]);
  expectSame(world, driver);
});

/** Every record that replay makes of known ledgers. */
const goldenState = (): string => {
  const directory = path.resolve(import.meta.dirname, '../evidence/activity-evidence/golden');
  const states = fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { orgId, entries } = JSON.parse(fs.readFileSync(path.join(directory, name), 'utf8')) as {
        orgId: string;
        entries: { entry: string; body: string }[];
      };
      const replica = emptyReplica(orgId);
      for (const { entry, body } of entries) extendReplica(replica, utf8ToBytes(entry), utf8ToBytes(body), TEST_PORTS);
      return Object.entries(replica.state.tables).map(([kind, table]) => ({
        kind,
        records: [...table.values()] as unknown as Json,
      }));
    });
  return sha256Hex(canonicalBytes(states));
};

// When this fails because a rule or a record changed: raise STATE_VERSION, or nodes go on from a state of the old rules.
test('known ledgers give the state that STATE_VERSION stands for', () => {
  expect({ version: STATE_VERSION, state: goldenState() }).toMatchInlineSnapshot(`
    {
      "state": "502e7a4bac780caca3bf53d4fac484b9b90787173a061e96df04332cdba9afed",
      "version": 8,
    }
  `);
});
