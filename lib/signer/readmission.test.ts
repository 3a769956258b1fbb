import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { entryHash } from '@/lib/ledger/entry';
import { heartbeatHash, heartbeatRoot, type OrgHead } from '@/lib/ledger/heartbeat';
import { certificatesInForce } from '@/lib/ledger/nodes';
import { rootAt } from '@/lib/ledger/replay';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { createWorld, type World } from '@/lib/ledger/testing/world';
import { acceptHash, type SignedAccept } from '@/lib/transport/accept';
import { type Hello, helloHash } from '@/lib/transport/messages';
import { createJournal, type Journal } from './journal';
import { isForgottenCheckpoint } from './own-checkpoints';
import { allowReadmission, createReadmission } from './readmission';
import { createReplayDriver, type ReplayDriver } from './replay-driver';
import { createReserveFloor, type ReserveFloor } from './reserve-floor';
import { createRollbackGuard, type RollbackGuard } from './rollback';
import { openStore, type Store } from './store';
import { createWatch, type Watch } from './watch';

const ASKS = 'cd'.repeat(32);
let directory: string;
let store: Store;
let world: World;
let now: number;
let replay: ReplayDriver;
let journal: Journal;
let rollback: RollbackGuard;
let floor: ReserveFloor;
let watch: Watch;
let look: () => void;
let alarms: string[];

/** Node 1 with whatever its store holds. */
const start = (): void => {
  const [me] = world.nodes;
  if (!me) throw new Error('No node.');
  const clock = () => now;
  const configuration = { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  replay = createReplayDriver({ store, ports: TEST_PORTS, configuration, clock, log: () => {} });
  journal = createJournal(store, clock);
  const members = () =>
    replay.organisations().flatMap((orgId) => {
      const following = replay.find(orgId);
      return following.ok ? certificatesInForce(following.value.replica.state) : [];
    });
  const ownKey = me.certificate.signingKey;
  floor = createReserveFloor(store);
  const guard = {
    node: 1,
    k: 3,
    store,
    journal,
    members,
    ownKey,
    floor,
    asks: ASKS,
    clock,
    log: () => {},
    alarm: (code: string) => void alarms.push(code),
    changed: () => {},
  };
  rollback = createRollbackGuard(guard);
  watch = createWatch({ me: 1, store, replay, clock, sign: me.sign });
  const parts = { store, journal, rollback, watch, replay, floor, k: 3, clock };
  look = createReadmission({
    ...parts,
    log: () => {},
    readmitted: () => void alarms.push('over'),
    changed: () => {},
  }).look;
};
const feed = (upTo = world.items.length) =>
  replay.extend(
    world.orgId,
    world.items.slice(0, upTo).map((item, seq) => ({ seq, ...item })),
  );
/** What node 1 signed when it accepted an attempt, under its own key or another node's. */
const acceptance = (counter: number, by = 1): SignedAccept => {
  const hex = 'ab'.repeat(32);
  const accept = {
    v: 1,
    node: 1,
    bundleHash: hex,
    digest: hex,
    nonce: hex,
    head: { seq: 0, hash: hex },
    counter,
    pairs: {},
  } as const;
  return { accept, signature: world.nodes[by - 1]?.sign(acceptHash(accept)) ?? '' };
};
type Word = { readonly challenge?: string; readonly shows?: SignedAccept; readonly holds?: number };
const hashAt = (seq: number): string => entryHash(world.items[seq]?.bytes ?? new Uint8Array());
const last = () => world.items.length - 1;
/** What peers say of themselves since this process began: how far each holds the ledger. */
const tell = (nodes: readonly number[], holds = last()): void =>
  rollback.hear(nodes.map((node) => report(node, 7, { challenge: ASKS, holds })));
/** A peer's signed word: how far it has seen node 1 count, and what it shows of that. */
const report = (node: number, seen: number, { challenge = 'ab'.repeat(32), shows, holds }: Word = {}) => {
  const peer = world.nodes[node - 1];
  if (!peer) throw new Error('No node.');
  const status: Hello['status'] = {
    selfTest: true,
    quarantined: false,
    backend: '',
    specVersion: '',
    unaudited: true,
    pairs: [],
    stopped: [],
    counts: {},
  };
  const certificate = { ...peer.certificate };
  const hello: Hello = {
    v: 1,
    node,
    certificate,
    k: 3,
    n: 4,
    heads: holds === undefined ? {} : { [world.orgId]: { seq: holds, hash: hashAt(holds) } },
    clock: now,
    counter: 0,
    counters: { [world.nodes[0]?.certificate.signingKey ?? '']: seen },
    ...(shows ? { acceptances: structuredClone([shows]) as Hello['acceptances'] } : {}),
    status,
  };
  return { challenge, hello, signature: peer.sign(helloHash(challenge, hello)) };
};
const head = (seq = world.items.length - 1): OrgHead => ({
  orgId: world.orgId,
  seq,
  root: rootAt(world.replica, seq) ?? '',
});
const beats = (nodes: readonly number[], of: OrgHead = head()) => {
  now += 1;
  return nodes.map((node) => {
    const root = heartbeatRoot([of]) ?? '';
    const signature = world.nodes[node - 1]?.sign(heartbeatHash({ at: now, root })) ?? '';
    return { node, at: now, root, heads: [of], signature };
  });
};

beforeEach(() => {
  alarms = [];
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-readmission-'));
  store = openStore(directory);
  world = createWorld();
  world.wallet();
  world.checkpoint();
  now = world.now();
  start();
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

test('a node whose store was lost knows no peer at first, and is in quarantine as soon as it follows a ledger again', () => {
  rollback.hear([report(2, 7), report(3, 9)]);
  expect(rollback.isQuarantined()).toBe(false);
  feed();
  rollback.look();
  expect(rollback.isQuarantined()).toBe(true);
  expect(rollback.highestReported()).toBe(9);
});

test('one peer alone, or a report that is not signed by a node of the genesis, puts nobody in quarantine', () => {
  feed();
  const forged = { ...report(3, 9), signature: report(2, 9).signature };
  rollback.hear([report(2, 7), forged]);
  expect(rollback.isQuarantined()).toBe(false);
});

test('one peer that shows what this node signed and does not remember is enough, before it follows any ledger', () => {
  rollback.hear([report(2, 7, { shows: acceptance(7, 3) })]);
  expect(rollback.isQuarantined()).toBe(false);
  rollback.hear([report(2, 7, { shows: acceptance(7) })]);
  expect(rollback.isQuarantined()).toBe(true);
  expect(rollback.highestReported()).toBe(7);
});

test('what this node signed and remembers says nothing against its store', () => {
  for (const nonce of ['n1', 'n2'])
    journal.accept({ nonce, orgId: world.orgId, activityId: 'a', bundleHash: 'b', digest: 'd', pin: 'p' });
  rollback.hear([report(2, 2, { shows: acceptance(2) })]);
  expect(rollback.isQuarantined()).toBe(false);
});

test('only the word of k − 1 peers given since the process began lets it know that its store is no old copy', () => {
  const peers = () => world.nodes.map(({ certificate }) => certificate);
  rollback.hear([report(2, 0), report(3, 0), report(4, 0), report(2, 0, { challenge: ASKS })]);
  expect(rollback.hasHeard(peers())).toBe(false);
  rollback.hear([{ ...report(3, 0, { challenge: ASKS }), signature: report(4, 0).signature }]);
  expect(rollback.hasHeard(peers())).toBe(false);
  // What was said earlier and comes late takes nothing away.
  rollback.hear([report(3, 0, { challenge: ASKS }), report(3, 0)]);
  expect(rollback.hasHeard(peers())).toBe(true);
  expect(rollback.hasHeard(peers().filter(({ node }) => node !== 3))).toBe(false);
});

test('a checkpoint in the ledger that bears this node’s signature and is newer than any its store signed shows an old copy', () => {
  const [me, other] = world.nodes;
  const ownKey = me?.certificate.signingKey ?? '';
  const checkpoint = (at: number) => ({ orgId: world.orgId, seq: 1, root: 'ab'.repeat(32), at });
  const signed = (at: number, by = me) => [{ node: 1, signature: by?.sign(checkpointHash(checkpoint(at))) ?? '' }];
  const isForgotten = (at: number, signatures = signed(at)) =>
    isForgottenCheckpoint(checkpoint(at), signatures, { node: 1, ownKey, store });
  expect(isForgotten(5)).toBe(true);
  expect(isForgotten(5, signed(5, other))).toBe(false);
  expect(isForgotten(5, signed(4))).toBe(false);
  store.run("INSERT INTO witnessed (org, seq, root, at, signed_at) VALUES (?, 1, 'ab', 5, 5)", world.orgId);
  expect(isForgotten(5)).toBe(false);
  expect(isForgotten(6)).toBe(true);
});

test('quarantine ends only when the operator allows it and k − 1 peers agree on every ledger and none is ahead', () => {
  feed(1);
  rollback.hear([report(2, 7), report(3, 9)]);
  tell([2, 3, 4]);
  watch.hear(beats([2, 3, 4], head(0)));
  look();
  expect(rollback.isQuarantined()).toBe(true);
  expect(allowReadmission(store, now)).toBe(true);
  watch.hear(beats([2, 3, 4]));
  look();
  expect(rollback.isQuarantined()).toBe(true);
  feed();
  watch.hear(beats([2]));
  look();
  expect(rollback.isQuarantined()).toBe(true);
  watch.hear(beats([2, 3]));
  now += 30_001;
  look();
  expect(rollback.isQuarantined()).toBe(true);
  watch.hear(beats([2, 3]));
  look();
  expect(rollback.isQuarantined()).toBe(false);
});

test('a node that came back counts above all that its peers remember, abandons nothing older and has no old pair set-up', () => {
  feed();
  store.run(
    "INSERT INTO pair (peer, key, epoch, fields, sealed, at, state) VALUES (2, 'key', 1, '{}', x'00', 0, 'READY')",
  );
  rollback.hear([report(2, 7), report(3, 900)]);
  tell([2, 4]);
  rollback.hear([report(3, 900, { challenge: ASKS, holds: last() })]);
  allowReadmission(store, now);
  watch.hear(beats([2, 3]));
  expect(floor.recovered(world.orgId)).toBeNull();
  look();
  expect(journal.counter()).toBeGreaterThan(900 + 255);
  expect([floor.recovered(world.orgId), floor.abandons(world.orgId)]).toEqual([last(), last()]);
  expect(floor.recovered('or-later')).toBe(-1);
  expect(store.all("SELECT sealed FROM pair WHERE state = 'READY'")).toEqual([]);
  rollback.hear([report(2, 7), report(3, 900)]);
  expect(rollback.isQuarantined()).toBe(false);
  start();
  expect(rollback.isQuarantined()).toBe(false);
});

test('a node that is not in quarantine has nothing to be allowed, and one that saw a fork stays out', () => {
  expect(allowReadmission(store, now)).toBe(false);
  feed();
  rollback.hear([report(2, 7), report(3, 9)]);
  tell([2, 3, 4]);
  allowReadmission(store, now);
  watch.hear([...beats([2, 3]), ...beats([4], { ...head(0), root: 'ef'.repeat(32) })]);
  look();
  expect(rollback.isQuarantined()).toBe(true);
});

test('a relay that has all peers agree on the older place to which a node was rolled back does not get it readmitted', () => {
  const old = last();
  feed();
  world.wallet();
  rollback.hear([report(2, 7), report(3, 9)]);
  allowReadmission(store, now);
  /** Peers that hold more sign the older head they are shown: it is theirs too. */
  const lookUnder = (carried: () => void): boolean => {
    carried();
    watch.hear(beats([2, 3, 4], head(old)));
    look();
    return rollback.isQuarantined();
  };
  expect(watch.isCaughtUp(2)).toBe(false);
  expect(lookUnder(() => {})).toBe(true);
  expect(watch.isCaughtUp(2)).toBe(true);
  // What they said before this process began, told as the answer to what it asks, is not signed over that.
  expect(
    lookUnder(() => rollback.hear([2, 3, 4].map((node) => ({ ...report(node, 7, { holds: old }), challenge: ASKS })))),
  ).toBe(true);
  // The word of the one that would tell is kept back.
  expect(lookUnder(() => tell([2, 3], old))).toBe(true);
  expect(lookUnder(() => tell([4], last()))).toBe(true);
  feed();
  now += 1;
  expect(lookUnder(() => tell([2, 3, 4]))).toBe(false);
  expect(alarms).toEqual(['signer.quarantined', 'over']);
});
