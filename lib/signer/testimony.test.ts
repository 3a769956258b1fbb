import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { type ShownTestimony, type Testimony, testimonyHash } from '@/lib/ledger/testimony';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { showing, testimonyOf } from '@/lib/ledger/testing/testimonies';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import type { FeedEntry } from './entry-taking';
import { createReplayDriver } from './replay-driver';
import { openStore, type Store } from './store';

const FIRST = 20;
const adminKey = softwareKey('P-256');
let directory: string;
let store: Store;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-testimony-'));
  store = openStore(directory);
});
afterEach(() => {
  store.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

/** Signatures of credentials and wallet keys that were verified for real. */
let verified = 0;
const COUNTING: LedgerPorts = {
  ...TEST_PORTS,
  verifyCredential: (input) => {
    verified += 1;
    return TEST_PORTS.verifyCredential(input);
  },
  verifyEcdsa: (...input) => {
    verified += 1;
    return TEST_PORTS.verifyEcdsa(...input);
  },
};

const joiner = (world: World, lines: string[] = []) => {
  verified = 0;
  const [me] = world.nodes;
  if (!me) throw new Error('No node.');
  const driver = createReplayDriver({
    store,
    ports: COUNTING,
    configuration: { node: 1, k: 3, n: 4, certificate: me.certificate, genesis: 'any' },
    clock: world.now,
    log: (_level, message) => void lines.push(message),
  });
  return driver;
};

const itemsOf = (world: World): FeedEntry[] => world.items.map((item, seq) => ({ seq, ...item }));

/** What the server shows with entries that end at `upTo`: signed by those nodes, then altered. */
const shown = (
  world: World,
  upTo: number,
  { said, by, ...altered }: Partial<ShownTestimony> & { said?: Testimony; by?: number[] } = {},
): ShownTestimony => ({ ...showing(world, { said, by })(upTo), ...altered });

/** A ledger with an approved payment, and an entry that a stranger signed under the administrator's credential id. */
const ledger = () => {
  const world = createWorld({ adminKey });
  const walletId = world.wallet();
  for (let i = 0; i < FIRST; i += 1)
    world.done(world.admin, 'permissions.createPermission', {}, { name: `p${i}`, operations: ['Wallets:Read'] });
  const id = activityIdOf(world.transfer(walletId));
  world.reserve(id);
  world.release(id);
  world.checkpoint();
  const { credId } = adminKey;
  const forged = world.act(
    world.admin,
    'permissions.createPermission',
    {},
    { name: 'forged', operations: ['Wallets:Read'] },
    { assertion: (challenge) => ({ ...softwareKey('P-256').assert(challenge), credId }) },
  );
  if (forged.kind !== 'void') throw new Error('The forged entry holds.');
  for (let i = 0; i < 5; i += 1) world.transfer(walletId);
  world.checkpoint();
  return { world, walletId, id, forged: forged.entry.seq };
};

/** Feeds the first entries as they are and the rest with the testimony. */
const join = (world: World, testimony: ShownTestimony, items = itemsOf(world), lines: string[] = []) => {
  const driver = joiner(world, lines);
  expect(driver.extend(world.orgId, items.slice(0, FIRST)).ok).toBe(true);
  verified = 0;
  const outcome = driver.extend(world.orgId, items.slice(FIRST), testimony);
  return { driver, outcome };
};

const isAsVerified = (world: World, driver: ReturnType<typeof joiner>, forged: number): void => {
  expect(driver.voids()).toBe(1);
  expect(driver.voidsUpTo(world.orgId, world.items.length)).toEqual([forged]);
  const found = driver.find(world.orgId);
  if (!found.ok) throw new Error(found.refusal.message);
  const { replica } = found.value;
  expect(rootAt(replica, world.items.length - 1)).toBe(rootAt(world.replica, world.items.length - 1));
  for (const kind of ['permission', 'policy', 'key', 'wallet', 'org'] as const)
    expect([...replica.state.tables[kind].values()]).toEqual([...world.state.tables[kind].values()]);
  for (const [id, activity] of world.state.tables.activity)
    expect(find(replica.state, 'activity', id)).toEqual(activity);
};

test('a node that is shown what three others found verifies one signature, that of the void entry, and has the same state', () => {
  const { world, forged } = ledger();
  const { driver, outcome } = join(world, shown(world, world.items.length - 1));
  expect(outcome.ok).toBe(true);
  expect(verified).toBe(1);
  isAsVerified(world, driver, forged);
});

test('a testimony reaches further than the entries it is shown with, and no further back than it says', () => {
  const { world } = ledger();
  const items = itemsOf(world);
  const driver = joiner(world);
  driver.extend(world.orgId, items.slice(0, FIRST));
  verified = 0;
  expect(driver.extend(world.orgId, items.slice(FIRST, FIRST + 3), shown(world, FIRST + 2)).ok).toBe(true);
  expect(verified).toBe(0);
  const short = { said: testimonyOf(world, FIRST + 4) };
  expect(driver.extend(world.orgId, items.slice(FIRST + 3), shown(world, items.length - 1, short)).ok).toBe(true);
  expect(verified).toBeGreaterThan(5);
});

test.each<[string, (input: ReturnType<typeof ledger>) => ShownTestimony]>([
  ['two nodes signed', ({ world }) => shown(world, world.items.length - 1, { by: [2, 3] })],
  [
    'two nodes signed, one of them twice',
    ({ world }) => {
      const said = testimonyOf(world);
      const signatures = world.signatures(testimonyHash(said), [2, 3, 3]);
      return shown(world, said.seq, { signatures });
    },
  ],
  [
    'one of three signed under another number',
    ({ world }) => {
      const said = testimonyOf(world);
      const [a, b, c] = world.signatures(testimonyHash(said), [2, 3, 3]);
      return shown(world, said.seq, {
        signatures: [a, b, c && { ...c, node: 4 }].filter((item) => item !== undefined),
      });
    },
  ],
  ['the void entry was taken out of the list', ({ world }) => shown(world, world.items.length - 1, { voids: [] })],
  [
    'an entry that holds was put into the list',
    ({ world, forged }) => shown(world, world.items.length - 1, { voids: [forged - 3, forged] }),
  ],
  [
    'it was signed for an earlier place',
    ({ world, forged }) =>
      shown(world, world.items.length - 1, { ...testimonyOf(world), said: testimonyOf(world, forged) }),
  ],
  [
    'it was signed for another organisation',
    ({ world }) => {
      const said = { ...testimonyOf(world), orgId: createWorld({ adminKey, seed: 'other' }).orgId };
      return shown(world, said.seq, { said });
    },
  ],
  [
    'it is of a ledger with another entry at one place',
    ({ world }) => shown(world, world.items.length - 1, { said: { ...testimonyOf(world), root: 'ab'.repeat(32) } }),
  ],
  ['the proof is another', ({ world }) => shown(world, world.items.length - 1, { path: ['ab'.repeat(32)] })],
])('a testimony counts for nothing when %s: everything is verified', (_what, make) => {
  const input = ledger();
  const { world, forged } = input;
  const { driver, outcome } = join(world, make(input));
  expect(outcome.ok).toBe(true);
  expect(verified).toBeGreaterThan(5);
  isAsVerified(world, driver, forged);
});

test('where k nodes call void what is void by no rule here, the node believes its own rules and says so', () => {
  const { world, forged } = ledger();
  const lines: string[] = [];
  const said = { ...testimonyOf(world), voids: [forged - 2, forged] };
  const { driver, outcome } = join(world, shown(world, world.items.length - 1, { said }), itemsOf(world), lines);
  expect(outcome.ok).toBe(true);
  expect(lines.filter((line) => line.startsWith('ALERT'))).toHaveLength(1);
  isAsVerified(world, driver, forged);
});

test('where k nodes say that an entry held which the rules forbid, the node believes its own rules', () => {
  const { world, walletId, id } = ledger();
  // Nobody's signature is wrong here: the activity is released, and can't be abandoned.
  world.abandon(id);
  world.transfer(walletId);
  const lines: string[] = [];
  const { voids } = testimonyOf(world);
  const said = { ...testimonyOf(world), voids: voids.slice(0, 1) };
  const { driver } = join(world, shown(world, world.items.length - 1, { said }), itemsOf(world), lines);
  expect(lines.filter((line) => line.startsWith('ALERT'))).toHaveLength(1);
  expect(driver.voidsUpTo(world.orgId, world.items.length)).toEqual(voids);
});
