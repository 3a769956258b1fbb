import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  headsWith,
  heartbeatHash,
  heartbeatRoot,
  inOrder,
  type OrgHead,
  type SignedHeartbeat,
} from '@/lib/ledger/heartbeat';
import { rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { type Alarm, createAlarms } from './alarms';
import {
  createOwnReleases,
  RELEASE_MISSING,
  RELEASE_PATIENCE_MS,
  RELEASE_UNKNOWN,
  RETRY_PATIENCE_MS,
} from './own-releases';
import { createReplayDriver, type ReplayDriver, type StopCode } from './replay-driver';
import { createReserveFloor } from './reserve-floor';
import { openStore, type Store } from './store';
import { createWatch, type Watch } from './watch';
import { createWitness, type Witness } from './witness';

let directory: string;
let store: Store;
let world: World;
let replay: ReplayDriver;
let watch: Watch;
let witness: Witness;
let now: number;
let stops: { code: StopCode; evidence: string }[];

const feed = (upTo = world.items.length) =>
  replay.extend(
    world.orgId,
    world.items.slice(0, upTo).map((item, seq) => ({ seq, ...item })),
  );
const headAt = (seq: number): OrgHead => ({ orgId: world.orgId, seq, root: rootAt(world.replica, seq) ?? '' });
const head = (): OrgHead => headAt(world.items.length - 1);
const other: OrgHead = { orgId: 'or-other', seq: 4, root: 'ab'.repeat(32) };
/** What a node signs, honest or not. */
const beatOf = (node: number, heads: readonly OrgHead[], at = now): SignedHeartbeat => {
  const root = heartbeatRoot(heads) ?? '';
  const signer = world.nodes[node - 1];
  if (!signer) throw new Error('No node.');
  return { node, at, root, heads, signature: signer.sign(heartbeatHash({ at, root })) };
};
const code = (outcome: ReturnType<Watch['signHeartbeat']>): string => (outcome.ok ? 'signed' : outcome.refusal.code);
const isStopped = (): boolean => replay.stopped().length > 0;

const start = (): void => {
  const [me] = world.nodes;
  if (!me) throw new Error('No node.');
  stops = [];
  const configuration = { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  const onStopped = (_orgId: string, stop: StopCode, _reason: string, evidence: Uint8Array) =>
    void stops.push({ code: stop, evidence: Buffer.from(evidence).toString() });
  replay = createReplayDriver({ store, ports: TEST_PORTS, configuration, clock: () => now, log: () => {}, onStopped });
  watch = createWatch({ me: 1, store, replay, clock: () => now, sign: me.sign });
  witness = createWitness({
    store,
    replay,
    floor: createReserveFloor(store),
    clock: () => now,
    sign: me.sign,
    covers: watch.covers,
  });
};

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-watch-'));
  store = openStore(directory);
  world = createWorld();
  now = world.now();
  start();
  feed();
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

describe('a heartbeat', () => {
  test('covers all organisations the node holds as shown, and names the others', () => {
    const heads = inOrder([head(), other]);
    const signed = watch.signHeartbeat(now, heads);
    if (!signed.ok) throw new Error(signed.refusal.code);
    expect(signed.value.without).toEqual(['or-other']);
    expect(signed.value.root).toBe(heartbeatRoot([head()]));
    const key = world.nodes[0]?.certificate.signingKey ?? '';
    const hash = heartbeatHash({ at: now, root: signed.value.root });
    expect(TEST_PORTS.verifyEd25519(key, hash, signed.value.signature)).toBe(true);
  });

  test('never covers a root the node does not hold, an entry it lacks, or a ledger it stopped', () => {
    const differing = (heads: OrgHead[]) => {
      now += 1;
      const signed = watch.signHeartbeat(now, heads);
      if (!signed.ok) throw new Error(signed.refusal.code);
      const { without, instead, root } = signed.value;
      expect(root).toBe(heartbeatRoot(headsWith(heads, { without, instead })));
      return { without, instead };
    };
    expect(differing([{ ...head(), root: 'cd'.repeat(32) }])).toEqual({ without: [], instead: [head()] });
    expect(differing([{ ...head(), seq: 99 }])).toEqual({ without: [], instead: [head()] });
    expect(differing([head()])).toEqual({ without: [], instead: [] });
    replay.stop(world.orgId, 'a fork', new Uint8Array(0));
    expect(differing([head()])).toEqual({ without: [world.orgId], instead: [] });
  });

  test('is signed only within 120 s of the clock and never at or before the last one, also after a restart', () => {
    expect(code(watch.signHeartbeat(now + 120_001, [head()]))).toBe('signer.heartbeat_clock');
    expect(code(watch.signHeartbeat(now - 120_001, [head()]))).toBe('signer.heartbeat_clock');
    expect(code(watch.signHeartbeat(now, [head()]))).toBe('signed');
    start();
    expect(code(watch.signHeartbeat(now, [head()]))).toBe('signer.heartbeat_earlier');
    expect(code(watch.signHeartbeat(now + 1, [head()]))).toBe('signed');
    expect(code(watch.signHeartbeat(now + 2, [head(), head()]))).toBe('signer.malformed');
  });

  test('of k nodes renews a checkpoint the node signed for 30 s, of fewer it does not', () => {
    world.wallet();
    const checkpoint = world.checkpoint(now);
    feed();
    expect(witness.signCheckpoint({ orgId: world.orgId, ...checkpoint }).ok).toBe(true);
    now += 30_001;
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
    watch.signHeartbeat(now, [head()]);
    watch.hear([beatOf(2, [head()])]);
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
    watch.hear([beatOf(2, [head()]), beatOf(3, [head()], now - 1), beatOf(4, [headAt(0)])]);
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
    watch.hear([beatOf(3, [head()])]);
    expect(witness.freshCheckpoints(world.orgId)).toEqual([{ orgId: world.orgId, ...checkpoint }]);
    now += 30_001;
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
  });

  test('renews no checkpoint that the node itself did not sign', () => {
    world.checkpoint(now);
    feed();
    watch.signHeartbeat(now, [head()]);
    watch.hear([beatOf(2, [head()]), beatOf(3, [head()]), beatOf(4, [head()])]);
    expect(watch.covers(world.orgId, head().seq)).toBe(true);
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
  });
});

describe('a fork', () => {
  const forked = (seq = head().seq): OrgHead => ({ ...headAt(seq), root: 'ef'.repeat(32) });

  test('a peer that signed another root at a place this node holds stops the ledger, and its signature is kept', () => {
    watch.hear([beatOf(3, inOrder([forked(0), other]))]);
    expect(replay.find(world.orgId)).toMatchObject({ ok: false, refusal: { code: 'signer.ledger_stopped' } });
    expect(stops).toMatchObject([{ code: 'signer.fork' }]);
    const evidence = JSON.parse(stops[0]?.evidence ?? '');
    expect(evidence).toMatchObject({ signed: { node: 3, head: forked(0) }, other: { node: 1, root: headAt(0).root } });
    expect(stops[0]?.evidence).not.toContain('or-other');
    expect(store.all('SELECT kind FROM evidence')).toHaveLength(1);
    expect(witness.signCheckpoint({ ...head(), at: now }).ok).toBe(false);
    start();
    expect(isStopped()).toBe(true);
  });

  test('a peer that is only behind or ahead is no fork', () => {
    world.wallet();
    watch.hear([beatOf(2, [headAt(0)]), beatOf(3, [head()]), beatOf(4, [head()])]);
    expect(isStopped()).toBe(false);
    feed();
    watch.compare(world.orgId);
    expect(isStopped()).toBe(false);
  });

  test('a peer that signed another history beyond this head is found as soon as this node gets there', () => {
    const behind = world.items.length;
    world.wallet();
    watch.hear([beatOf(2, [forked()])]);
    expect(isStopped()).toBe(false);
    feed(behind);
    watch.compare(world.orgId);
    expect(isStopped()).toBe(false);
    feed();
    watch.compare(world.orgId);
    expect(stops).toMatchObject([{ code: 'signer.fork' }]);
  });

  test('two signed heads of one node at one place are a fork, also where this node can tell neither right nor wrong', () => {
    world.wallet();
    watch.hear([beatOf(2, [head()])]);
    watch.hear([beatOf(2, [forked()], now + 1)]);
    const evidence = JSON.parse(stops[0]?.evidence ?? '');
    expect(evidence).toMatchObject({ signed: { node: 2, head: forked() }, other: { node: 2, head: head() } });
  });

  test('nothing that is not signed by a node of the genesis stops anything', () => {
    const [first] = world.nodes;
    const beat = beatOf(3, [forked(0)]);
    watch.hear([
      { ...beat, node: 2 },
      { ...beat, node: 9 },
      { ...beat, at: beat.at + 1 },
      { ...beat, heads: [headAt(0)] },
      { ...beat, node: 1, signature: first?.sign(heartbeatHash(beat)) ?? '' },
    ]);
    expect(isStopped()).toBe(false);
    watch.hear([beat]);
    expect(isStopped()).toBe(true);
  });

  test('a second entry shown at one place stops the ledger under its own code', () => {
    world.wallet();
    feed();
    const [genesis, second] = world.items;
    if (!genesis || !second) throw new Error('The world is too short.');
    replay.extend(world.orgId, [{ seq: 1, bytes: genesis.bytes, body: genesis.body }]);
    expect(stops).toMatchObject([{ code: 'signer.ledger_fork' }]);
  });
});

describe("a node's own releases", () => {
  let raised: (Alarm & { isCleared: boolean })[];
  const compare = () => {
    const alarms = createAlarms(
      store,
      (alarm, isCleared) => void raised.push({ ...alarm, isCleared }),
      () => {},
    );
    createOwnReleases({ store, replay, alarms, clock: () => now }).compare();
    return alarms.all().map((alarm) => `${alarm.code} ${alarm.subject}`);
  };
  const done = (activityId: string, digest: string, state = 'DONE') =>
    store.run(
      "INSERT INTO ceremony (nonce, ceremony, org, activity, bundle, digest, pin, counter, released, at, state, result) VALUES (?, ?, ?, ?, '', ?, '', ?, 1, ?, ?, 'sig')",
      `n-${digest}`,
      `c-${digest}`,
      world.orgId,
      activityId,
      digest,
      store.all('SELECT 1 FROM ceremony').length,
      now,
      state,
    );
  beforeEach(() => {
    raised = [];
  });

  test('a signature it helped to make that never comes into the ledger is an alarm that names it', () => {
    done('ac-one', 'd1');
    now += RELEASE_PATIENCE_MS - 1;
    expect(compare()).toEqual([]);
    now += 1;
    expect(compare()).toEqual([`${RELEASE_MISSING} ac-one`]);
    expect(compare()).toEqual([`${RELEASE_MISSING} ac-one`]);
    expect(raised).toMatchObject([{ content: { digest: 'd1', ceremonyId: 'c-d1' }, isCleared: false }]);
  });

  test('a part it gave without seeing a signature is an alarm where neither a release nor an abandon follows', () => {
    const [abandoned, made] = [0, 1].map(() => {
      const activityId = activityIdOf(world.transfer(world.wallet()));
      world.reserve(activityId);
      return activityId;
    });
    for (const [i, state] of ['ABORTED', 'RELEASED'].entries()) done(`ac-${state}`, `d${i}`, state);
    done(abandoned ?? '', 'd2', 'ABORTED');
    done(made ?? '', 'd3', 'RELEASED');
    now += RETRY_PATIENCE_MS - 1;
    feed();
    expect(compare()).toEqual([]);
    now += 1;
    const unknown = (ids: readonly (string | undefined)[]) => ids.map((id) => `${RELEASE_UNKNOWN} ${id}`);
    expect(compare().sort()).toEqual(unknown(['ac-ABORTED', 'ac-RELEASED', abandoned, made]).sort());
    world.abandon(abandoned ?? '');
    world.release(made ?? '');
    feed();
    expect(compare().sort()).toEqual(unknown(['ac-ABORTED', 'ac-RELEASED']).sort());
    expect(store.all('SELECT activity FROM ceremony WHERE found = 0')).toHaveLength(2);
  });

  test('the alarm ends when the release is found, and only for the digest that was signed', () => {
    const activityId = activityIdOf(world.transfer(world.wallet()));
    world.reserve(activityId);
    const digest = find(world.replica.state, 'activity', activityId)?.reservation?.digest ?? '';
    done(activityId, digest);
    now += RELEASE_PATIENCE_MS;
    feed();
    expect(compare()).toEqual([`${RELEASE_MISSING} ${activityId}`]);
    world.release(activityId);
    feed();
    expect(compare()).toEqual([]);
    expect(raised.map(({ isCleared }) => isCleared)).toEqual([false, true]);
    // Looked at no more: the index over what is not found stays small.
    expect(store.all('SELECT found FROM ceremony')).toEqual([{ found: 1 }]);
    done(activityId, 'another digest');
    now += RELEASE_PATIENCE_MS;
    expect(compare()).toEqual([`${RELEASE_MISSING} ${activityId}`]);
  });
});
