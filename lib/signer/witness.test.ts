import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { abandonHash, checkpointHash } from '@/lib/evidence/checkpoint';
import { rootAt } from '@/lib/ledger/replay';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { createReplayDriver, type ReplayDriver } from './replay-driver';
import { createReserveFloor, type ReserveFloor } from './reserve-floor';
import { openStore, type Store } from './store';
import { createWitness, type Witness } from './witness';

let directory: string;
let store: Store;
let world: World;
let replay: ReplayDriver;
let floor: ReserveFloor;
let witness: Witness;
let now: number;

/** Shows the node everything that is in the world's chain. */
const feed = () =>
  replay.extend(
    world.orgId,
    world.items.map((item, seq) => ({ seq, ...item })),
  );
const head = (at = now) => ({
  orgId: world.orgId,
  seq: world.items.length - 1,
  root: rootAt(world.replica, world.items.length - 1) ?? '',
  at,
});
const code = (outcome: ReturnType<Witness['signCheckpoint']>): string => (outcome.ok ? 'signed' : outcome.refusal.code);
/** A reserved transfer, at the time the world has. */
const reserved = (): string => {
  const activityId = activityIdOf(world.transfer(world.wallet()));
  world.reserve(activityId);
  feed();
  return activityId;
};

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-witness-'));
  store = openStore(directory);
  world = createWorld();
  now = world.now();
  const [me] = world.nodes;
  if (!me) throw new Error('No node.');
  const configuration = { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' } as const;
  replay = createReplayDriver({ store, ports: TEST_PORTS, configuration, clock: () => now, log: () => {} });
  floor = createReserveFloor(store);
  witness = createWitness({ store, replay, floor, clock: () => now, sign: me.sign });
  feed();
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

test('a node signs the head it has checked and stored', () => {
  const signed = witness.signCheckpoint(head());
  const key = world.nodes[0]?.certificate.signingKey ?? '';
  expect(signed.ok && TEST_PORTS.verifyEd25519(key, checkpointHash(head()), signed.value.signature)).toBe(true);
});

test('a node signs no head it has not reached', () => {
  world.append('expiry', { activityId: 'ac-none' });
  expect(code(witness.signCheckpoint(head()))).toBe('signer.checkpoint_ahead');
});

test('a node signs no other root than its own, also not that of an earlier entry', () => {
  world.wallet();
  feed();
  expect(code(witness.signCheckpoint({ ...head(), root: rootAt(world.replica, 0) ?? '' }))).toBe(
    'signer.checkpoint_root',
  );
});

test('a node signs nothing of an organisation it does not follow, or no longer', () => {
  expect(code(witness.signCheckpoint({ ...head(), orgId: 'or-other' }))).toBe('signer.unknown_organisation');
  replay.stop(world.orgId, 'a fork', new Uint8Array(0));
  expect(code(witness.signCheckpoint(head()))).toBe('signer.ledger_stopped');
  expect(code(witness.signAbandon(world.orgId, 'ac-none'))).toBe('signer.ledger_stopped');
  expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
});

test('a node signs no time further than 120 s from its clock, ahead or behind', () => {
  expect(code(witness.signCheckpoint(head(now + 120_001)))).toBe('signer.checkpoint_clock');
  expect(code(witness.signCheckpoint(head(now - 120_001)))).toBe('signer.checkpoint_clock');
  expect(code(witness.signCheckpoint(head(now - 120_000)))).toBe('signed');
  expect(code(witness.signCheckpoint(head(now + 120_000)))).toBe('signed');
});

test('a node signs no time before the last one it signed, however long ago, and the same head again later', () => {
  expect(code(witness.signCheckpoint(head(now + 60_000)))).toBe('signed');
  expect(code(witness.signCheckpoint(head(now + 59_999)))).toBe('signer.checkpoint_earlier');
  expect(code(witness.signCheckpoint(head(now + 60_000)))).toBe('signed');
  store.run('UPDATE witnessed SET signed_at = signed_at - 1000000');
  expect(code(witness.signCheckpoint(head(now + 60_000)))).toBe('signed');
  expect(code(witness.signCheckpoint(head(now + 59_999)))).toBe('signer.checkpoint_earlier');
});

test('a checkpoint is fresh for 30 s by the clock of the node that signed it, and only if it stands in the ledger', () => {
  const unsigned = world.checkpoint(now);
  feed();
  expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
  expect(code(witness.signCheckpoint({ orgId: world.orgId, ...unsigned }))).toBe('signed');
  expect(witness.freshCheckpoints(world.orgId)).toEqual([{ orgId: world.orgId, ...unsigned }]);
  witness.signCheckpoint(head());
  expect(witness.freshCheckpoints(world.orgId)).toHaveLength(1);
  now += 30_000;
  expect(witness.freshCheckpoints(world.orgId)).toHaveLength(1);
  now += 1;
  expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
});

test.each(['seq', 'root', 'at'] as const)(
  'a standing checkpoint with another %s than the signed one is not fresh',
  (field) => {
    world.wallet();
    feed();
    const signed = { ...head(), seq: 1, root: rootAt(world.replica, 1) ?? '' };
    expect(code(witness.signCheckpoint(signed))).toBe('signed');
    const other = { seq: 2, root: rootAt(world.replica, 2) ?? '', at: now + 1 };
    const { seq, root, at }: typeof other = Object.assign({ ...signed }, { [field]: other[field] });
    world.append(
      'checkpoint',
      { seq, root, at },
      { at, nodeSignatures: world.signatures(checkpointHash({ orgId: world.orgId, seq, root, at }), [1, 2, 3]) },
    );
    feed();
    expect(witness.freshCheckpoints(world.orgId)).toEqual([]);
  },
);

test('a node promises to abandon what is reserved and unreleased, remembers it, and signs exactly that', () => {
  const activityId = reserved();
  expect(witness.hasPromised(world.orgId, activityId)).toBe(false);
  const signed = witness.signAbandon(world.orgId, activityId);
  const key = world.nodes[0]?.certificate.signingKey ?? '';
  const hash = abandonHash(world.orgId, activityId);
  expect(signed.ok && TEST_PORTS.verifyEd25519(key, hash, signed.value.signature)).toBe(true);
  expect(witness.hasPromised(world.orgId, activityId)).toBe(true);
  expect(witness.hasPromised(world.orgId, 'ac-other')).toBe(false);
  expect(code(witness.signAbandon(world.orgId, activityId))).toBe('signed');
});

test('a node abandons nothing that is not reserved', () => {
  const activityId = activityIdOf(world.transfer(world.wallet()));
  feed();
  expect(code(witness.signAbandon(world.orgId, activityId))).toBe('signer.abandon_not_reserved');
  expect(code(witness.signAbandon(world.orgId, 'ac-none'))).toBe('signer.abandon_not_reserved');
});

test('a node that has released its part abandons the activity never', () => {
  const activityId = reserved();
  const row = (nonce: string, org: string, activity: string, released: number) =>
    store.run(
      "INSERT INTO ceremony (nonce, org, activity, bundle, digest, pin, counter, released, at, state) VALUES (?, ?, ?, '', '', '', ?, ?, 0, 'RELEASED')",
      nonce,
      org,
      activity,
      store.all('SELECT 1 FROM ceremony').length,
      released,
    );
  row('a', world.orgId, 'ac-other', 1);
  row('b', 'or-other', activityId, 1);
  row('c', world.orgId, activityId, 0);
  expect(code(witness.signAbandon(world.orgId, activityId))).toBe('signed');
  row('d', world.orgId, activityId, 1);
  expect(code(witness.signAbandon(world.orgId, activityId))).toBe('signer.abandon_released');
});

test('a node abandons nothing that was reserved where its store was lost, whatever time the server wrote there', () => {
  const dated = activityIdOf(world.transfer(world.wallet()));
  world.reserve(dated, {}, {}, { at: world.now() + 6 * 86_400_000 });
  feed();
  expect(code(witness.signAbandon(world.orgId, dated))).toBe('signed');
  const activityId = reserved();
  floor.hear('key', { [world.orgId]: { seq: world.items.length - 1 } });
  for (const older of [dated, activityId])
    expect(code(witness.signAbandon(world.orgId, older))).toBe('signer.abandon_older');
  const later = reserved();
  expect(code(witness.signAbandon(world.orgId, later))).toBe('signed');
  // Of each peer the first word counts; where the node came back nothing below counts at all.
  floor.hear('key', { [world.orgId]: { seq: 1_000 } });
  expect(code(witness.signAbandon(world.orgId, later))).toBe('signed');
  floor.comeBack();
  expect(code(witness.signAbandon(world.orgId, later))).toBe('signer.abandon_older');
});
