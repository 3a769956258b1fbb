import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import type { ShownTestimony } from '@/lib/ledger/testimony';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { showing } from '@/lib/ledger/testing/testimonies';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { verifyChain } from '@/lib/ledger/verify-chain';
import { createReplayDriver } from '@/lib/signer/replay-driver';
import { openStore } from '@/lib/signer/store';
import { type Figure, median } from './figure';

const ENTRIES = 3_000;
const FEED = 200;
const BUNDLES = 120;

const persons = (kind: 'P-256' | 'Ed25519'): World => {
  const world = createWorld({ adminKey: softwareKey(kind) });
  for (let i = 0; i < ENTRIES; i += 1) {
    world.wait(200);
    if (i % 250 === 249) world.checkpoint();
    world.act(world.admin, 'permissions.createPermission', {}, { name: `p${i}`, operations: ['Wallets:Read'] });
  }
  return world;
};

/** A wallet that pays again and again: of five entries two carry a signature, one of them the wallet's. */
const payments = (): World => {
  const world = createWorld({ adminKey: softwareKey('P-256') });
  const walletId = world.wallet();
  for (let nonce = 0; world.items.length < ENTRIES; nonce += 1) {
    world.wait(200);
    const id = activityIdOf(world.transfer(walletId));
    world.reserve(id, { nonce });
    world.checkpoint();
    world.release(id);
    world.append('broadcast', { activityId: id, status: 'Broadcasted' });
  }
  return world;
};

/**
 * A node that lost its store takes the ledger again, everything on its disk: every entry decided, and every signature verified but for
 * those that k other nodes testify to.
 */
const catchUp = (world: World, { shown }: { readonly shown?: (upTo: number) => ShownTestimony } = {}): number => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-node-'));
  const store = openStore(directory);
  const [me] = world.nodes;
  if (!me) throw new Error('The ledger has no nodes.');
  const configuration = { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  const driver = createReplayDriver({ store, ports: LEDGER_PORTS, configuration, clock: world.now, log: () => {} });
  const items = world.items.map((item, seq) => ({ seq, ...item }));
  const started = performance.now();
  for (let from = 0; from < items.length; from += FEED) {
    const part = items.slice(from, from + FEED);
    const outcome = driver.extend(world.orgId, part, shown?.(part.at(-1)?.seq ?? 0));
    if (!outcome.ok) throw new Error(outcome.refusal.message);
  }
  const rate = items.length / ((performance.now() - started) / 1000);
  if (driver.voids() > 0) throw new Error('Entries of the benchmark are void.');
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
  return rate;
};

const verification = (world: World): number => {
  const stored = world.items.map(({ bytes }) => bytes);
  const rates = Array.from({ length: 7 }, () => {
    const started = performance.now();
    if (verifyChain(stored).kind !== 'whole') throw new Error('The chain is broken.');
    return stored.length / ((performance.now() - started) / 1000);
  });
  return Math.max(...rates);
};

/** From the request to the verdict: four assertions, the reserve and the witnessed checkpoint replayed, then the judgement of the bytes. */
const bundles = (): number[] => {
  const world = createWorld();
  const wallet = world.wallet();
  const voters = [world.approver(), world.approver(), world.approver()];
  world.policy(
    ALWAYS,
    asks(
      voters.map(({ userId }) => userId),
      3,
    ),
  );
  const follower: Replica = emptyReplica(world.orgId);
  let seen = 0;
  const follow = (): void => {
    for (; seen < world.items.length; seen += 1) {
      const item = world.items[seen];
      if (item && extendReplica(follower, item.bytes, item.body, LEDGER_PORTS).kind !== 'applied')
        throw new Error(`Entry ${seen} of the benchmark does not apply.`);
    }
  };
  return Array.from({ length: BUNDLES }, (_, nonce) => {
    follow();
    world.wait(1_000);
    const id = activityIdOf(world.transfer(wallet));
    for (const voter of voters) world.vote(voter, world.activity(id).approvalId ?? '');
    world.reserve(id, { nonce });
    const under = world.checkpoint();
    const started = performance.now();
    follow();
    const judged = world.judge(id, { under, follower });
    const time = performance.now() - started;
    if (!judged.ok) throw new Error(judged.refusal.message);
    return time;
  }).slice(20);
};

const ROUNDS = 3;

/** The best of several rounds of each, in turn: the first one finds no code compiled. */
const bestOf = (...works: readonly (() => number)[]): number[] => {
  const rounds = Array.from({ length: ROUNDS }, () => works.map((work) => work()));
  return works.map((_, index) => Math.max(...rounds.map((rates) => rates[index] ?? 0)));
};

export const benchReplay = (print: (line: string) => void): Figure[] => {
  print('ledger: catch-up and verification …');
  const [first, second, paid] = [persons('P-256'), persons('Ed25519'), payments()];
  const [shown, shownPaid] = [showing(first), showing(paid)];
  const [p256 = 0, ed25519 = 0, told = 0, paidVerified = 0, paidTold = 0] = bestOf(
    () => catchUp(first),
    () => catchUp(second),
    () => catchUp(first, { shown }),
    () => catchUp(paid),
    () => catchUp(paid, { shown: shownPaid }),
  );
  const rate = verification(first);
  print('ledger: bundles …');
  const times = bundles().sort((a, b) => a - b);
  const p99 = times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
  return [
    { name: 'chain and root over stored bytes', value: rate, unit: '/s', target: 50_000, isFloor: true },
    { name: 'catch-up of a node, P-256 assertions', value: p256, unit: '/s', target: 3_000, isFloor: true },
    { name: 'catch-up of a node, Ed25519 assertions', value: ed25519, unit: '/s', target: 3_000, isFloor: true },
    { name: 'catch-up below what k nodes testified, P-256', value: told, unit: '/s' },
    { name: 'catch-up, payments, everything verified', value: paidVerified, unit: '/s' },
    { name: 'catch-up, payments, below what k nodes testified', value: paidTold, unit: '/s' },
    { name: 'bundle with 3 approvals, p99', value: p99, unit: 'ms', target: 50 },
    { name: 'bundle with 3 approvals, median', value: median(times), unit: 'ms' },
  ];
};
