import fc from 'fast-check';
import { expect } from 'vitest';
import { canonicalJson } from '@/lib/domain/canonical-json';
import { emptyReplica, extendReplica, type Replica, rootAt } from '../replay';
import type { OrgState } from '../state';
import { authorityOf, differencesOf, tightenings, unsanctioned } from './authority';
import type { Item } from './chain';
import { LIKELY_ACTS, playHistory, type Step } from './histories';
import { TEST_PORTS } from './ports';
import { keyOf, piecesOf, show, TAMPERS, type Tampering, tamper } from './tampering';
import { follow } from './world';

const NUMBER = fc.nat({ max: 2 ** 20 });
const STEP: fc.Arbitrary<Step> = fc.record({ act: fc.constantFrom(...LIKELY_ACTS), a: NUMBER, b: NUMBER, c: NUMBER });
const STEPS = fc.array(STEP, { minLength: 8, maxLength: 40, size: 'max' });
const ENROLMENT = fc.constantFrom('server' as const, 'vouched' as const);
const TAMPERING: fc.Arbitrary<Tampering> = fc.record({
  how: fc.constantFrom(...TAMPERS),
  i: NUMBER,
  j: NUMBER,
  x: NUMBER,
  y: NUMBER,
});

export type Sample = { readonly runs: number; readonly seed?: number };
const parameters = ({ runs, seed }: Sample) => ({ numRuns: runs, ...(seed === undefined ? {} : { seed }) });

const rootOf = (replica: Replica): string | null => rootAt(replica, replica.head?.seq ?? -1);
const idIn = (body: Uint8Array): string =>
  (JSON.parse(new TextDecoder().decode(body)) as { activityId: string }).activityId;

const subset = (inner: ReadonlySet<string>, outer: ReadonlySet<string>, what: string): void =>
  expect(
    [...inner].filter((item) => !outer.has(item)),
    what,
  ).toEqual([]);

/** Entries a server may make by itself or place at another time: that they count gives nobody anything they did not sign for. */
const SERVERS_OWN = [
  'expiry',
  'reject',
  'reopen',
  'broadcast',
  'reserve',
  'release',
  'checkpoint',
  'registration',
  'keyCertificate',
];

/**
 * A server that rewrites an unseen ledger and chains it anew. For an honest node that meets it: what is void changes nothing; all that
 * stands was signed for, by a slower reading of the rules; and unless an entry that tightens was withheld, nothing is allowed that
 * the honest ledger would not allow.
 */
export const rewrittenLedgersAllowNothing = (sample: Sample): void => {
  const tally = { releasable: 0, void: 0, applied: 0 };
  fc.assert(
    fc.property(
      STEPS,
      ENROLMENT,
      fc.array(TAMPERING, { minLength: 1, maxLength: 3 }),
      (steps, enrolment, tamperings) => {
        const history = playHistory(steps, enrolment);
        const { world } = history;
        const pieces = piecesOf(world.items);
        const honest = show(world, pieces);
        expect(honest.fates.map(({ extension }) => extension.kind)).not.toContain('broken');
        expect(unsanctioned(history, honest, world.now()), 'the honest ledger').toEqual([]);

        const rewritten = tamperings.reduce(
          (list, one) => tamper(history, list, one),
          pieces as readonly (typeof pieces)[number][],
        );
        const shown = show(world, rewritten);
        expect(unsanctioned(history, shown, world.now()), 'the rewritten ledger').toEqual([]);

        const standing = shown.fates.filter(({ extension }) => extension.kind !== 'void').map(({ piece }) => piece);
        const without = show(world, standing.slice(0, -1));
        expect(differencesOf(shown.replica.state, without.replica.state), 'what is void changes nothing').toEqual([]);

        const known = new Set(pieces.map(keyOf));
        const foreign = shown.fates.filter(
          ({ piece, extension }) => extension.kind === 'applied' && !known.has(keyOf(piece)),
        );
        const abandoned = new Set(pieces.filter(({ leaf }) => leaf.kind === 'abandon').map(({ body }) => idIn(body)));
        for (const { piece } of foreign)
          if (piece.leaf.kind === 'abandon') expect(abandoned).toContain(idIn(piece.body));
          else if (piece.leaf.kind !== 'userAction') expect(SERVERS_OWN).toContain(piece.leaf.kind);

        const [before, after] = [
          authorityOf(honest.replica.state, world.now()),
          authorityOf(shown.replica.state, world.now()),
        ];
        tally.releasable += after.releasable.size;
        tally.void += shown.fates.length - standing.length;
        tally.applied += standing.length;
        const counted = new Set(
          shown.fates.filter(({ extension }) => extension.kind === 'applied').map(({ piece }) => keyOf(piece)),
        );
        const withheld = [...tightenings(history)].some((key) => !counted.has(key));
        const isOrdered = tamperings.every(({ how }) => how !== 'move' && how !== 'duplicate');
        if (withheld || !isOrdered || foreign.length > 0) return;
        subset(after.releasable, before.releasable, 'releasable');
        subset(after.credentials, before.credentials, 'credentials');
        subset(after.grants, before.grants, 'grants');
        subset(before.policies, after.policies, 'policies');
      },
    ),
    parameters(sample),
  );
  // A sample in which nothing could be signed, or nothing was void, would show nothing.
  expect(tally.releasable).toBeGreaterThan(sample.runs / 4);
  expect(tally.void).toBeGreaterThan(sample.runs / 4);
};

const sameState = (a: OrgState, b: OrgState): void => expect(differencesOf(a, b)).toEqual([]);

/** A server that changes bytes, order or number of entries a node is about to get, without chaining anew. */
export const brokenChainsStopTheNode = (sample: Sample): void =>
  fc.assert(
    fc.property(
      STEPS,
      ENROLMENT,
      fc.constantFrom('byte', 'drop', 'swap', 'duplicate', 'tail'),
      NUMBER,
      NUMBER,
      NUMBER,
      (steps, enrolment, how, i, j, y) => {
        const { world } = playHistory(steps, enrolment);
        const at = i % (world.items.length - 1);
        const honest = (k: number) => world.items[k] as Item;
        const flipped = ({ bytes, body }: Item): Item => {
          const copy = bytes.slice();
          copy[j % copy.length] = (copy[j % copy.length] ?? 0) ^ (1 + (y % 255));
          return { bytes: copy, body };
        };
        const shown = [...world.items];
        if (how === 'byte') shown[at] = flipped(honest(at));
        if (how === 'drop') shown.splice(at, 1);
        if (how === 'swap') [shown[at], shown[at + 1]] = [honest(at + 1), honest(at)];
        if (how === 'duplicate') shown.splice(at, 0, honest(at));
        if (how === 'tail') shown[world.items.length - 1] = flipped(honest(world.items.length - 1));
        const replica = emptyReplica(world.orgId);
        const reached = shown.findIndex(
          ({ bytes, body }) => extendReplica(replica, bytes, body, TEST_PORTS).kind === 'broken',
        );
        // The last entry has no follower whose link would break: its own bytes are what k nodes sign in the next checkpoint.
        const changedAt = how === 'tail' ? world.items.length - 1 : how === 'duplicate' ? at + 1 : at;
        if (reached === -1) {
          expect(rootOf(replica)).not.toBe(rootOf(world.replica));
          return;
        }
        expect(reached).toBeGreaterThanOrEqual(changedAt);
        expect(reached).toBeLessThanOrEqual(changedAt + 1);
        // Up to what was changed the node holds the honest state, and it goes on from there when it gets the honest entries.
        if (reached !== changedAt) return;
        sameState(replica.state, follow(world, changedAt).state);
        for (const { bytes, body } of world.items.slice(changedAt)) extendReplica(replica, bytes, body, TEST_PORTS);
        sameState(replica.state, world.state);
      },
    ),
    parameters(sample),
  );

/** A node that has seen an honest beginning can't be led into any other continuation that leaves it out or changes it. */
export const seenEntriesStay = (sample: Sample): void =>
  fc.assert(
    fc.property(
      STEPS,
      ENROLMENT,
      fc.array(TAMPERING, { minLength: 1, maxLength: 2 }),
      NUMBER,
      (steps, enrolment, tamperings, i) => {
        const history = playHistory(steps, enrolment);
        const { world } = history;
        const seen = 1 + (i % world.items.length);
        const replica = follow(world, seen);
        const pieces = tamperings.reduce(
          (list, one) => tamper(history, list, one),
          piecesOf(world.items) as readonly ReturnType<typeof piecesOf>[number][],
        );
        const chained = show(world, pieces);
        const before = canonicalJson({ head: replica.head, root: rootOf(replica) });
        const same = rootAt(chained.replica, seen - 1) === rootOf(replica);
        const items = chained.items.slice(seen);
        for (const { bytes, body } of items) {
          const { kind } = extendReplica(replica, bytes, body, TEST_PORTS);
          if (!same) expect(kind).toBe('broken');
        }
        if (!same) expect(canonicalJson({ head: replica.head, root: rootOf(replica) })).toBe(before);
      },
    ),
    parameters(sample),
  );
