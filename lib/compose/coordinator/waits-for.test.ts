import { beforeEach, expect, test } from 'vitest';
import type { Directory } from './directory';
import type { Feed } from './feed';
import type { CoordinatorPorts, NodeHead } from './ports';
import { createLedgerRecovery, type LedgerRecovery } from './recovery';

const ORG = 'or-1';
let heads: NodeHead[];
let recovery: LedgerRecovery;

/** 3 of 4; the database's ledger ends at entry 5. */
beforeEach(() => {
  heads = [];
  const feed = {
    heads: (orgId: string) => (orgId === ORG ? heads : []),
    organisations: () => (heads.length > 0 ? [ORG] : []),
    pump: () => {},
  } as unknown as Feed;
  const head = { seq: 5, hash: 'five', root: '' };
  const ports = {
    witness: { heads: async () => [{ orgId: ORG, ...head }] },
    ledger: { head: async () => head },
    log: () => {},
  } as unknown as CoordinatorPorts;
  recovery = createLedgerRecovery({
    ports,
    quorum: { k: 3, n: 4 },
    relay: () => {
      throw new Error('No relay.');
    },
    feed: () => feed,
    directory: { certificate: () => null } as unknown as Directory,
  });
});
const hear = (node: number, seq: number): void => {
  heads = [...heads.filter((head) => head.node !== node), { node, seq, hash: String(seq) }];
  recovery.heard(node, { [ORG]: { seq } });
};

test('nothing is written before so many nodes were heard that one of them holds whatever k have witnessed', async () => {
  expect(await recovery.waitsFor()).toContain('2 of the 4 signers');
  hear(1, 5);
  expect(await recovery.waitsFor()).toContain('1 did');
  expect(await recovery.isInStep(ORG)).toBe(false);
  hear(1, 5);
  expect(await recovery.waitsFor()).toContain('1 did');
  hear(2, 4);
  expect(await recovery.waitsFor()).toBeNull();
  expect(await recovery.isInStep(ORG)).toBe(true);
});

test('a node that is ahead is waited for, also when it has gone away, until k nodes know of no more', async () => {
  hear(1, 5);
  hear(2, 6);
  expect(await recovery.waitsFor()).toContain(ORG);
  heads = heads.filter(({ node }) => node !== 2);
  expect(await recovery.waitsFor()).toContain('connect again');
  hear(3, 5);
  expect(await recovery.waitsFor()).toContain('connect again');
  hear(4, 5);
  expect(await recovery.waitsFor()).toBeNull();
});

test('nodes that went away again stay heard', async () => {
  hear(1, 5);
  hear(2, 5);
  heads = [];
  expect(await recovery.waitsFor()).toBeNull();
});
