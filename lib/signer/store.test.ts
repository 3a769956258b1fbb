import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal } from './journal';
import { createPairs } from './pairs';
import { fileKeyWrapper, openRecord, sealRecord } from './sealed-records';
import { openStore, type Store } from './store';

let directory: string;
let store: Store;
beforeEach(() => {
  directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-store-')), 'signer-1');
  store = openStore(directory);
});
afterEach(() => {
  store.close();
  fs.rmSync(path.dirname(directory), { recursive: true, force: true });
});

const restart = (): void => {
  store.close();
  store = openStore(directory);
};
const clock = (): number => 1_800_000_000_000;
const ceremony = (nonce: string, more: object = {}) => ({
  nonce,
  orgId: 'or-1',
  activityId: 'xfr-1',
  bundleHash: 'b',
  digest: 'd',
  pin: 'chain:sender:0',
  ...more,
});

test("a node's directory belongs to its owner alone, and its store to one process", () => {
  expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
  expect(fs.statSync(path.join(directory, 'signer.db')).mode & 0o777).toBe(0o600);
  expect(() => openStore(directory)).toThrow(/in use/);
});

test('a store of an earlier version gets the columns it lacks and keeps its rows', () => {
  createJournal(store, clock).accept(ceremony('n1'));
  store.run('DROP INDEX ceremony_unaccounted');
  store.run('ALTER TABLE ceremony DROP COLUMN found');
  restart();
  expect(store.get('SELECT nonce, found FROM ceremony')).toEqual({ nonce: 'n1', found: 0 });
});

test('a restart resumes no ceremony and remembers what was released', () => {
  const journal = createJournal(store, clock);
  journal.accept(ceremony('n1'));
  expect(journal.begin('n1', 'c1').ok).toBe(true);
  journal.release('n1');
  restart();
  const again = createJournal(store, clock);
  expect(again.state('n1')).toBe('ABORTED');
  expect(() => again.advance('n1', 'DONE')).toThrow();
  expect(again.judgeRelease(ceremony('n2', { pin: 'chain:sender:1' }), () => false).ok).toBe(false);
  expect(again.judgeRelease(ceremony('n2'), () => false).ok).toBe(true);
  expect(again.judgeRelease(ceremony('n3', { activityId: 'xfr-2' }), () => false).ok).toBe(false);
});

test('a ceremony id is used once, also after a restart', () => {
  createJournal(store, clock).claim('c1');
  restart();
  const journal = createJournal(store, clock);
  journal.accept(ceremony('n1'));
  expect(journal.begin('n1', 'c1').ok).toBe(false);
});

test('counters of this node rise for ever, and a counter of a peer counts once', () => {
  expect(createJournal(store, clock).accept(ceremony('n1')).counter).toBe(1);
  restart();
  const journal = createJournal(store, clock);
  expect(journal.accept(ceremony('n2')).counter).toBe(2);
  expect(journal.seeCounter('peer', 500)).toBe(true);
  expect(journal.seeCounter('peer', 499)).toBe(true);
  expect(journal.seeCounter('peer', 500)).toBe(false);
  expect(journal.seeCounter('peer', 100)).toBe(false);
  expect(journal.begin('n9', 'c9', [{ node: 2, key: 'peer', counter: 500 }]).ok).toBe(false);
  expect(
    journal.begin('n9', 'c9', [
      { node: 2, key: 'other', counter: 7 },
      { node: 3, key: 'peer', counter: 500 },
    ]).ok,
  ).toBe(false);
  expect(journal.seeCounter('other', 7)).toBe(false);
});

test('a cancel promises durably that its holder is never released again', () => {
  const journal = createJournal(store, clock);
  journal.accept(ceremony('n1'));
  journal.begin('n1', 'c1');
  journal.release('n1', { orgId: 'or-1', activityId: 'xfr-held' });
  restart();
  expect(store.get("SELECT kind FROM promise WHERE activity = 'xfr-held'")?.kind).toBe('cancel');
});

test('a burned pair stays burned after a restart, and its secrets are gone', () => {
  const wrapper = fileKeyWrapper(directory);
  const peer = { node: 2, key: 'ab'.repeat(32) };
  const seeds = () => new Uint8Array(128 * 32).fill(7);
  const pairs = createPairs({ store, wrapper, node: 1, clock });
  expect(pairs.begin(peer, 1)).toBe(true);
  pairs.save(peer, {
    me: 1,
    peer: 2,
    pairId: new Uint8Array(32),
    pairEpoch: 1,
    zero: new Uint8Array(32).fill(5),
    asAlice: { delta: new Uint8Array(16).fill(3), seeds: seeds() },
    asBob: { seeds0: seeds(), seeds1: seeds() },
  });
  expect(pairs.ready(peer.key)).toEqual([1]);
  const held = pairs.get(peer.key, 1);
  pairs.burn(peer, [Uint8Array.of(1)]);
  expect(held?.asAlice.delta.every((byte) => byte === 0)).toBe(true);
  restart();
  const again = createPairs({ store, wrapper, node: 1, clock });
  expect(again.excluded(peer.key)).toBe('burned');
  expect(again.get(peer.key, 1)).toBeNull();
  expect(store.get('SELECT sealed FROM pair')?.sealed).toBeNull();
  expect(again.begin(peer, 1)).toBe(false);
});

test('a sealed record opens only with the fields it was sealed with', () => {
  const wrapper = fileKeyWrapper(directory);
  const secret = Uint8Array.of(1, 2, 3);
  const sealed = sealRecord(secret, { kind: 'share', keyId: 'key-1' }, wrapper);
  expect([...openRecord(sealed, { kind: 'share', keyId: 'key-1' }, wrapper)]).toEqual([1, 2, 3]);
  expect(() => openRecord(sealed, { kind: 'share', keyId: 'key-2' }, wrapper)).toThrow();
});
