import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { checkBundle } from '@/lib/evidence/check-bundle';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { headsWith, type OrgHead, type SignedHeartbeat } from '@/lib/ledger/heartbeat';
import { rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, fate, type World } from '@/lib/ledger/testing/world';
import { createReplayDriver } from './replay-driver';
import { createReserveFloor } from './reserve-floor';
import { openStore } from './store';
import { createWatch } from './watch';
import { createWitness } from './witness';

const adminKey = softwareKey('P-256');
/** Two of these are the same organisation: what a server that forks begins with. */
const branch = (): World => createWorld({ adminKey });

let root: string;
let now: number;
let nodes: ReturnType<typeof startNode>[];

const startNode = (number: number, world: World, directory = path.join(root, `node-${number}`)) => {
  const me = world.nodes[number - 1];
  if (!me) throw new Error('No node.');
  const store = openStore(directory);
  const clock = () => now;
  const configuration = { node: number, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  const replay = createReplayDriver({ store, ports: TEST_PORTS, configuration, clock, log: () => {} });
  const watch = createWatch({ me: number, store, replay, clock, sign: me.sign });
  const witness = createWitness({
    store,
    replay,
    floor: createReserveFloor(store),
    clock,
    sign: me.sign,
    covers: watch.covers,
  });
  return { number, store, directory, replay, watch, witness };
};
type Node = ReturnType<typeof startNode>;

const show = (node: Node, world: World, upTo = world.items.length) => {
  const outcome = node.replay.extend(
    world.orgId,
    world.items.slice(0, upTo).map((item, seq) => ({ seq, ...item })),
  );
  node.watch.compare(world.orgId);
  return outcome.ok ? 'followed' : outcome.refusal.code;
};
const headOf = (world: World, seq = world.items.length - 1): OrgHead => ({
  orgId: world.orgId,
  seq,
  root: rootAt(world.replica, seq) ?? '',
});
/** A round as a server runs it that shows each node the head it likes. */
const round = (shown: (node: Node) => OrgHead): SignedHeartbeat[] => {
  now += 1;
  return nodes.flatMap((node) => {
    const heads = [shown(node)];
    const signed = node.watch.signHeartbeat(now, heads);
    if (!signed.ok) return [];
    const { root: over, signature } = signed.value;
    return [{ node: node.number, at: now, root: over, heads: headsWith(heads, signed.value), signature }];
  });
};
const gossip = (beats: readonly SignedHeartbeat[]) => nodes.forEach((node) => void node.watch.hear(beats));
const stopped = () => nodes.filter((node) => node.replay.stopped().length > 0).map((node) => node.number);
/** How many of the four witness a head. */
const witnesses = (head: OrgHead) =>
  nodes.filter((node) => node.witness.signCheckpoint({ ...head, at: now }).ok).length;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-traces-'));
  const world = branch();
  now = world.now();
  nodes = [1, 2, 3, 4].map((number) => startNode(number, world));
});
afterEach(() => {
  for (const { store } of nodes) store.close();
  fs.rmSync(root, { recursive: true, force: true });
});

test('forked: of two histories shown to two halves neither is witnessed, and the first exchange of heads stops all four', () => {
  const [a, b] = [branch(), branch()];
  a.wallet();
  b.register();
  nodes.forEach((node, i) => void show(node, i < 2 ? a : b));
  expect([witnesses(headOf(a)), witnesses(headOf(b))]).toEqual([2, 2]);
  gossip(round((node) => headOf(node.number < 3 ? a : b)));
  expect(stopped()).toEqual([1, 2, 3, 4]);
  expect(witnesses(headOf(a))).toBe(0);
});

test('forked: a checkpoint that only half of the nodes signed counts for nothing in the ledger', () => {
  const a = branch();
  a.wallet();
  const { seq, root: over } = headOf(a);
  const hash = checkpointHash({ orgId: a.orgId, seq, root: over, at: now });
  const made = a.append('checkpoint', { seq, root: over, at: now }, { nodeSignatures: a.signatures(hash, [1, 2]) });
  expect(fate(made)).not.toBe('applied');
  expect(find(a.state, 'checkpoint', 'last')).toBeUndefined();
});

test('forked: a server that also withholds the heads gets no checkpoint renewed on either side', () => {
  const [a, b] = [branch(), branch()];
  a.wallet();
  b.register();
  nodes.forEach((node, i) => void show(node, i < 2 ? a : b));
  const beats = round((node) => headOf(node.number < 3 ? a : b));
  for (const node of nodes) node.watch.hear(beats.filter((beat) => beat.node < 3 === node.number < 3));
  expect(stopped()).toEqual([]);
  expect(nodes.map((node) => node.watch.covers(a.orgId, 1))).toEqual([false, false, false, false]);
});

test('truncated: a node that is kept behind is no fork, and is not made to believe that it has everything', () => {
  const world = branch();
  world.wallet();
  const behind = world.items.length;
  world.register();
  nodes.forEach((node) => void show(node, world, node.number === 4 ? behind : undefined));
  gossip(round(() => headOf(world)));
  expect(stopped()).toEqual([]);
  expect(nodes.map((node) => node.watch.covers(world.orgId, behind - 1))).toEqual([true, true, true, false]);
  expect(nodes[3]?.watch.isCaughtUp(2)).toBe(false);
  if (nodes[3]) show(nodes[3], world);
  gossip(round(() => headOf(world)));
  expect(nodes.map((node) => node.watch.covers(world.orgId, behind))).toEqual([true, true, true, true]);
});

test('truncated: a server that drops the end and writes another one is stopped by every node that has seen more', () => {
  const [a, b] = [branch(), branch()];
  a.wallet();
  b.register();
  nodes.slice(0, 3).forEach((node) => void show(node, a));
  expect(nodes.map((node) => show(node, b))).toEqual([
    'signer.ledger_fork',
    'signer.ledger_fork',
    'signer.ledger_fork',
    'followed',
  ]);
});

test('withheld: a checkpoint renewed by heartbeats carries no release once a tightening stands above it', () => {
  const world = branch();
  const wallet = world.wallet();
  const voter = world.approver();
  world.policy(ALWAYS, asks([voter.userId]));
  const id = activityIdOf(world.transfer(wallet));
  world.vote(voter, world.activity(id).approvalId ?? '');
  world.reserve(id);
  now = world.now();
  const checkpoint = { orgId: world.orgId, ...world.checkpoint(now) };
  nodes.forEach((node) => void show(node, world));
  for (const node of nodes) expect(node.witness.signCheckpoint(checkpoint).ok).toBe(true);
  const [node] = nodes;
  const verdict = () => {
    const following = node?.replay.find(world.orgId);
    if (!node || !following?.ok) throw new Error('Not followed.');
    const { reservation } = world.activity(id);
    const bundle = {
      v: 1 as const,
      orgId: world.orgId,
      activityId: id,
      head: { seq: checkpoint.seq, root: checkpoint.root },
      unsigned: reservation?.unsigned ?? '',
      digests: [reservation?.digest ?? ''],
      attempt: 0,
      participants: [1, 2, 3],
    };
    const place = { now, freshSignedCheckpoints: node.witness.freshCheckpoints(world.orgId) };
    const judged = checkBundle(following.value.replica, bundle, TEST_PORTS, place);
    return judged.ok ? 'SIGNED' : judged.refusal.code;
  };
  now += 31_000;
  expect(verdict()).toBe('evidence.stale_checkpoint');
  gossip(round(() => headOf(world)));
  expect(verdict()).toBe('SIGNED');
  world.done(world.admin, 'x.freeze', {}, {});
  nodes.forEach((one) => void show(one, world));
  gossip(round(() => headOf(world)));
  expect(verdict()).toBe('evidence.uncovered');
});

test('rolled back: a node whose store is an old copy and that is shown another end is found by the heads the others signed', () => {
  const [a, b] = [branch(), branch()];
  const old = path.join(root, 'copy');
  const [first] = nodes;
  if (!first) throw new Error('No node.');
  show(first, a);
  first.store.close();
  fs.cpSync(first.directory, old, { recursive: true });
  a.wallet();
  b.register();
  nodes[0] = startNode(1, a);
  nodes.forEach((node) => void show(node, a));
  gossip(round(() => headOf(a)));
  expect(stopped()).toEqual([]);
  nodes[0].store.close();
  nodes[0] = startNode(1, a, old);
  expect(show(nodes[0], b)).toBe('followed');
  gossip(round((node) => headOf(node.number === 1 ? b : a)));
  expect(stopped()).toEqual([1, 2, 3, 4]);
});
