import type { Json } from '@/lib/domain/canonical-json';
import { sha256, utf8ToBytes } from '@/lib/domain/hash';
import { BOB, MALLORY } from '@/lib/ledger/testing/signing';
import { attack, group, NOTHING } from './attack';
import { HIT, type ScreeningForgery } from './scenes';

const ANOTHER_KEY = sha256(utf8ToBytes('not the oracle'));
const GENUINE_OTHER = 'a genuine answer about another transfer';
const GENUINE_OLD = 'a genuine answer from before';
const CLEAN = { findings: [] } as const;

/** Mallory is on the list, and a policy blocks who is. With the answer as it is told here he would not be. */
const cleaner = (name: string, holds: string, forgery: ScreeningForgery | ((now: number) => ScreeningForgery)) =>
  attack('screening', name, holds, ({ world, screened, take }) =>
    take(screened([typeof forgery === 'function' ? forgery(world.now()) : forgery])),
  );

export const SCREENINGS = group('screenings', [
  cleaner('a genuine hit', NOTHING, HIT),
  attack('screening', 'no screening at all', NOTHING, ({ screened, take }) => take(screened([]))),
  attack(
    'screening',
    'no screening, under a policy that skips every failure',
    NOTHING,
    ({ screened, take, lenient }) => {
      lenient();
      return take(screened([]));
    },
  ),
  cleaner('a clean answer signed by another key', 'a key of the attacker’s own', { ...CLEAN, secretKey: ANOTHER_KEY }),
  cleaner('a hit whose findings were taken out', NOTHING, { ...HIT, after: { findings: [] } }),
  cleaner('a hit whose outcome was made a failure', NOTHING, { ...HIT, after: { outcome: 'failed', findings: [] } }),
  cleaner('a clean answer without a signature', NOTHING, { ...CLEAN, after: { signature: '' } }),
  cleaner('a clean answer that is stale', GENUINE_OLD, (now) => ({ ...CLEAN, at: now - 301_000 })),
  cleaner('a clean answer that is stale, with a new date', GENUINE_OLD, (now) => ({
    ...CLEAN,
    at: now - 301_000,
    after: { at: now },
  })),
  cleaner('a clean answer from the future', 'an answer signed for later', (now) => ({ ...CLEAN, at: now + 31_000 })),
  cleaner('a clean answer about another recipient', GENUINE_OTHER, { ...CLEAN, to: BOB }),
  cleaner('a clean answer about another recipient, passed off as this one', GENUINE_OTHER, {
    ...CLEAN,
    to: BOB,
    after: { to: MALLORY },
  }),
  cleaner('a clean answer about another amount', GENUINE_OTHER, { ...CLEAN, amount: '1' }),
  cleaner('a clean answer about another asset', GENUINE_OTHER, { ...CLEAN, asset: MALLORY }),
  cleaner('a clean answer about another network', GENUINE_OTHER, { ...CLEAN, network: 'Polygon' }),
  cleaner('a clean answer about another sender', GENUINE_OTHER, { ...CLEAN, from: BOB }),
  cleaner('a clean answer about a transfer that came in', GENUINE_OTHER, { ...CLEAN, direction: 'incoming' }),
  cleaner('a clean answer given to another organisation', GENUINE_OTHER, { ...CLEAN, orgId: 'or-other' }),
  attack(
    'screening',
    'a clean answer given to another organisation, passed off as this one’s',
    GENUINE_OTHER,
    ({ world, screened, take }) => take(screened([{ ...CLEAN, orgId: 'or-other', after: { orgId: world.orgId } }])),
  ),
  cleaner('a clean answer of another vendor', GENUINE_OTHER, { ...CLEAN, vendor: 'GlobalLedger' }),
  attack('screening', 'a clean answer beside the hit', GENUINE_OLD, ({ screened, take }) =>
    take(screened([CLEAN, HIT])),
  ),
  attack(
    'screening',
    'a clean answer that is too old when the signature is made',
    GENUINE_OLD,
    ({ world, screened, take }) => {
      const id = screened([CLEAN]);
      world.wait(301_000);
      return take(id);
    },
  ),
  attack('screening', 'an answer reserved in time, and too old in the ceremony', GENUINE_OLD, async (opened) => {
    const { world, screened, reserve, demand, scene } = opened;
    const id = screened([CLEAN]);
    reserve(id);
    world.wait(301_000);
    return demand(id, await scene.witness());
  }),
  attack('screening', 'a hit before signing, left out', GENUINE_OLD, ({ world, screened, take, renew, fact }) => {
    const first = fact(CLEAN);
    const id = screened([CLEAN]);
    world.wait(301_000);
    renew(id, [first]);
    return take(id);
  }),
  attack('screening', 'a hit before signing, renewed with an answer nobody signed', NOTHING, (opened) => {
    const { world, screened, take, renew, fact } = opened;
    const id = screened([CLEAN]);
    world.wait(301_000);
    renew(id, [fact({ ...HIT, after: { findings: [] } })]);
    return take(id);
  }),
  attack(
    'screening',
    'a hit before signing, renewed with an answer about another transfer',
    GENUINE_OTHER,
    (opened) => {
      const { world, screened, take, renew, fact } = opened;
      const id = screened([CLEAN]);
      world.wait(301_000);
      renew(id, [fact({ ...CLEAN, to: BOB })]);
      return take(id);
    },
  ),
  attack('screening', 'a hit before signing', NOTHING, ({ world, screened, take, renew, fact }) => {
    const id = screened([CLEAN]);
    world.wait(1_000);
    renew(id, [fact(HIT)]);
    return take(id);
  }),
  attack('screening', 'a hit before signing, cleared by a later answer', 'a genuine later answer', (opened) => {
    const { world, screened, take, renew, fact } = opened;
    const id = screened([CLEAN]);
    world.wait(1_000);
    renew(id, [fact(HIT)]);
    world.wait(1_000);
    renew(id, [fact(CLEAN)]);
    return take(id);
  }),
  attack('screening', 'a hit between the reservation and the ceremony', NOTHING, async (opened) => {
    const { world, screened, reserve, demand, renew, fact, scene } = opened;
    const id = screened([CLEAN]);
    reserve(id);
    world.wait(1_000);
    renew(id, [fact(HIT)]);
    return demand(id, await scene.witness());
  }),
  attack(
    'screening',
    'an approval from before the hit',
    'Ann’s vote',
    ({ world, ann, asking, screened, take, renew, fact }) => {
      asking();
      const id = screened([{ outcome: 'failed' }]);
      world.wait(1_000);
      world.vote(ann, world.activity(id).approvalId ?? '');
      world.wait(1_000);
      renew(id, [fact(HIT)]);
      return take(id);
    },
  ),
  attack(
    'screening',
    'a screening put into the state by a broadcast entry',
    NOTHING,
    ({ world, screened, take, fact }) => {
      const id = screened([]);
      const screening = [fact(CLEAN)] as unknown as Json;
      world.append('broadcast', { activityId: id, status: 'Failed', screening }, { effects: { screening } });
      return take(id);
    },
  ),
]);
