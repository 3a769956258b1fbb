import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLedgerService } from '@/lib/activity/service';
import { hashBody } from '@/lib/authentication/statement';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import { createDb, type Db } from '@/lib/db/client';
import { createLedgerFeed } from '@/lib/db/ledger-feed';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { createListener } from '@/lib/db/listener';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import type { Json } from '@/lib/domain/canonical-json';
import { bytesToHex } from '@/lib/domain/hash';
import { decideEntry } from '@/lib/ledger/decide';
import type { ActivityRecord } from '@/lib/ledger/records';
import { emptyReplica, extendReplica } from '@/lib/ledger/replay';
import { statementId } from '@/lib/ledger/statement-check';
import type { Served } from '@/lib/ledger/testing/cast';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { everyRecord } from '@/lib/ledger/testing/every-record';
import { EVERY_ACT, type History, playHistory, type Step } from '@/lib/ledger/testing/histories';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Piece, piecesOf, TAMPERS, type Tampering, tamper } from '@/lib/ledger/testing/tampering';

/**
 * The API and the signers decide the same: a history is played in memory by the signers' code, then every request of it is handed to
 * the API over PostgreSQL, at the same times and with the same random numbers, and forged requests between them.
 */
const NUMBER = fc.nat({ max: 2 ** 20 });
const STEP: fc.Arbitrary<Step> = fc.record({ act: fc.constantFrom(...EVERY_ACT), a: NUMBER, b: NUMBER, c: NUMBER });
const FORGED = TAMPERS.filter(
  (how) => /alter|poison|transplant|forged|duplicate|flip/i.test(how) && how !== 'alterEntry',
);
const TAMPERING: fc.Arbitrary<Tampering> = fc.record({
  how: fc.constantFrom(...FORGED),
  i: NUMBER,
  j: NUMBER,
  x: NUMBER,
  y: NUMBER,
});
const step = (act: Step['act'], a = 0, b = 0, c = 0): Step => ({ act, a, b, c });
/** `strict`: what velocity policies said goes on counting after one is archived and another changed, then no longer. */
const COOLING: readonly Step[] = [
  step('settings', 1, 1),
  step('policy', 0, 0, 5),
  step('sumPolicy', 0, 0, 1),
  step('transfer', 0, 1),
  step('changePolicy', 0, 1),
  step('changePolicy', 0, 2),
  ...Array.from({ length: 3 }, (_, place) => [step('transfer', place, 1), step('checkpoint'), step('wait', 2)]).flat(),
  step('vote', 0, 1, 1),
  step('reserve'),
  step('settings', 1, 0),
  ...[5, 5].flatMap((long) => [step('wait', long), step('transfer', 2, 1), step('checkpoint')]),
];
const histories = [
  ...fc.sample(fc.array(STEP, { minLength: 60, maxLength: 80, size: 'max' }), { seed: 7, numRuns: 3 }),
  COOLING,
];

/** A request's status, and which rules were asked and triggered. */
const judgedOf = ({ status, evaluations }: ActivityRecord): string =>
  `${status}: ${evaluations.map(({ compared, triggered }) => `${compared?.what ?? 'always'} ${triggered}`).join(', ')}`;

let database: TestDatabase;
let db: Db;
let close: () => Promise<void>;
let now = 0;
let draws: Uint8Array[] = [];
/** What the oracle says to the request at hand. */
let served: Served = {};
let ledger: ReturnType<typeof createLedgerService>;

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, maxConnections: 4 });
  const listener = createListener(db.url, []);
  close = listener.close;
  ledger = createLedgerService({
    store: createLedgerStore(db),
    feed: createLedgerFeed(db, listener),
    ports: LEDGER_PORTS,
    now: () => now,
    random: (length) => draws.shift() ?? new Uint8Array(length).map(() => Math.floor(Math.random() * 256)),
    price: async () => served.price ?? null,
    screening: async ({ vendor }) => served.screening?.find((said) => said.vendor === vendor) ?? null,
  });
});
afterEach(() => {
  draws = [];
});
afterAll(async () => {
  await close();
  await db.close();
  await database.drop();
});

const chain = async (): Promise<void> => {
  while ((await sequenceOnce(db)) > 0);
};

/** Hands the piece to the API as whoever made it would. @returns `ok`, or the code of the refusal. */
const enter = async (
  { world, drawn, served: facts }: History,
  { leaf, body }: Piece,
  query: { [name: string]: string } = {},
): Promise<string> => {
  const { orgId } = world;
  now = leaf.at;
  const { statement, assertion, effects, nodeSignatures } = leaf;
  draws = statement ? [...(drawn.get(statementId(statement)) ?? [])] : [];
  served = (statement && facts.get(statementId(statement))) ?? {};
  if (leaf.kind === 'checkpoint') await chain();
  const outcome =
    statement && assertion
      ? await ledger.submit({ orgId, operationId: '', statement, assertion, body, query })
      : await ledger.append({
          orgId,
          kind: leaf.kind,
          body: JSON.parse(new TextDecoder().decode(body)) as Json,
          effects,
          ...(nodeSignatures ? { nodeSignatures } : {}),
        });
  // A Block is an entry too.
  return outcome.ok || outcome.refusal.code === 'policy.blocked' ? 'ok' : outcome.refusal.code;
};

describe.each(histories.map((steps, index) => ({ steps, index })))('history $index', ({ steps, index }) => {
  test('is written byte for byte as the signers decided it, and forgeries are refused with the same code', async () => {
    const history = playHistory(steps, index % 2 ? 'vouched' : 'server', `lockstep ${index}`);
    const { world } = history;
    const honest = piecesOf(world.items);
    const forgeries = fc.sample(TAMPERING, { seed: index, numRuns: honest.length });
    const replica = emptyReplica(world.orgId);
    let compared = 0;
    for (const [place, piece] of honest.entries()) {
      const forged = tamper(history, honest, forgeries[place] as Tampering).find(
        (item) => item.leaf.kind === 'userAction' && !honest.includes(item),
      );
      if (place > 0 && forged) {
        const leaf = { ...forged.leaf, at: piece.leaf.at, bodyHash: hashBody(forged.body) };
        const decided = decideEntry(replica.state, leaf, forged.body, TEST_PORTS);
        if (!decided.ok && !decided.refusal.code.startsWith('ledger.')) {
          expect(await enter(history, { leaf, body: forged.body }), `forgery before entry ${place}`).toBe(
            decided.refusal.code,
          );
          compared += 1;
        }
      }
      const credentialChallenge = String(piece.leaf.effects.challenge ?? '');
      expect(
        await enter(history, piece, credentialChallenge ? { credentialChallenge } : {}),
        `entry ${place}, ${piece.leaf.kind} ${piece.leaf.statement?.path ?? ''}`,
      ).toBe('ok');
      extendReplica(replica, world.items[place]?.bytes ?? new Uint8Array(0), piece.body, TEST_PORTS);
    }
    await chain();
    const feed = await ledger.feed(world.orgId, 0, 100_000);
    expect(feed.map(({ bytes }) => bytesToHex(bytes))).toEqual(world.items.map(({ bytes }) => bytesToHex(bytes)));
    expect(await compareReplayWithDatabase(db, world.orgId)).toEqual([]);
    expect(compared).toBeGreaterThan(5);
    if (steps === COOLING)
      expect(everyRecord(world.state, 'activity').map(judgedOf)).toEqual([
        'Pending: sumInUsd true, count false',
        'Pending: sumInUsd true, always true, count false',
        'Rejected: sumInUsd true, always true, count true',
        'Rejected: sumInUsd true, always true, count true',
        'Pending: always true',
        'Pending: always true',
      ]);
  });
});
