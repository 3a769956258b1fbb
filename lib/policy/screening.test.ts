import { describe, expect, test } from 'vitest';
import { type Finding, isWorse, joinScreenings, renewScreening, type Screening } from './screening';

const screening = (more: Partial<Screening> = {}): Screening => ({
  vendor: 'Chainalysis',
  outcome: 'screened',
  sources: ['a'],
  findings: [],
  at: 10,
  ...more,
});
const FOUND: Finding = { kind: 'alert', category: 'mixer', categoryId: 3, level: 'HIGH' };
/** The same but for one member. */
const OTHERS: readonly Finding[] = [
  { ...FOUND, kind: 'exposure' },
  { ...FOUND, category: 'theft' },
  { ...FOUND, categoryId: 4 },
  { ...FOUND, level: 'LOW' },
];
const message = (state: NonNullable<Screening['message']>['state']) => ({ message: { state, since: 1 } });

describe('two answers about one moment', () => {
  test('that are the same are one, by all who answered', () => {
    const said = { findings: [FOUND], score: 5, ...message('pending') };
    expect(
      joinScreenings(screening({ ...said, sources: ['a', 'b'] }), screening({ ...said, sources: ['b', 'c'] })),
    ).toEqual(screening({ ...said, sources: ['a', 'b', 'c'] }));
  });
  test.each([
    ['outcome', { outcome: 'failed' }],
    ['findings', { findings: [FOUND] }],
    ['score', { score: 1 }],
    ['message', message('accepted')],
  ] as const)('that differ in their %s tell nothing but what was found, whichever came first', (_what, more) => {
    for (const joined of [joinScreenings(screening(), screening(more)), joinScreenings(screening(more), screening())])
      expect(joined).toMatchObject({ outcome: 'conflicting', reason: 'two signed answers differ' });
  });
  test('that differ in the state of a message alone differ', () => {
    const joined = joinScreenings(screening(message('delivered')), screening(message('rejected')));
    expect(joined.outcome).toBe('conflicting');
  });
  test('hold what either found, once', () => {
    const joined = joinScreenings(
      screening({ findings: [FOUND, { ...FOUND, categoryId: 4 }] }),
      screening({ findings: [FOUND, { ...FOUND, categoryId: 5 }] }),
    );
    expect(joined.findings.map(({ categoryId }) => categoryId)).toEqual([3, 4, 5]);
    expect(joined.outcome).toBe('conflicting');
  });
  test.each(OTHERS)('hold two findings that differ in one thing: %j', (other) => {
    expect(joinScreenings(screening({ findings: [FOUND] }), screening({ findings: [other] })).findings).toEqual([
      FOUND,
      other,
    ]);
  });
  test('hold the worse score, also where one has none, and none where neither has', () => {
    const score = (a?: number, b?: number) =>
      joinScreenings(screening(a === undefined ? {} : { score: a }), screening(b === undefined ? {} : { score: b }))
        .score;
    expect([score(3, 9), score(9, 3), score(undefined, 2), score(2), score()]).toEqual([9, 9, 2, 2, undefined]);
    expect(joinScreenings(screening(), screening())).not.toHaveProperty('score');
  });
  test('say what the younger one says of its message, and count as long as the older one', () => {
    const [older, younger] = [
      screening({ at: 5, ...message('pending') }),
      screening({ at: 7, ...message('rejected') }),
    ];
    for (const joined of [joinScreenings(older, younger), joinScreenings(younger, older)])
      expect(joined).toMatchObject({ at: 5, message: { state: 'rejected' } });
  });
});

describe('a later answer', () => {
  test('takes the place of the earlier one, and keeps what that one found', () => {
    const earlier = screening({ findings: [FOUND], score: 7, ...message('pending') });
    const later = screening({ at: 20, findings: [{ ...FOUND, categoryId: 4 }], sources: ['b'] });
    expect(renewScreening(earlier, later)).toEqual({
      ...later,
      score: 7,
      findings: [FOUND, { ...FOUND, categoryId: 4 }],
    });
  });
  test('is worse where it found something, and not where it found the same', () => {
    expect(isWorse(screening({ findings: [FOUND] }), screening({ findings: [FOUND] }))).toBe(false);
    const both = screening({ findings: [FOUND, { ...FOUND, category: 'another' }] });
    expect(isWorse(both, both)).toBe(false);
    expect(isWorse(screening({ findings: [FOUND] }), screening())).toBe(false);
    for (const other of OTHERS)
      expect(isWorse(screening({ findings: [FOUND] }), screening({ findings: [FOUND, other] }))).toBe(true);
  });
  test('is worse where its score is higher', () => {
    const worse = (a?: number, b?: number) => isWorse(screening({ score: a }), screening({ score: b }));
    expect([worse(3, 4), worse(4, 4), worse(4, 3), worse(undefined, 1), worse(1), worse(undefined, 0)]).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });
  test('is worse where it fails in another way than before, and not where it is an answer', () => {
    const worse = (a: Screening['outcome'], b: Screening['outcome']) =>
      isWorse(screening({ outcome: a }), screening({ outcome: b }));
    expect([
      worse('screened', 'failed'),
      worse('failed', 'conflicting'),
      worse('failed', 'failed'),
      worse('failed', 'screened'),
      worse('screened', 'screened'),
    ]).toEqual([true, true, false, false, false]);
  });
  test('is worse where the other side rejected the message since', () => {
    const worse = (a: object, b: object) => isWorse(screening(a), screening(b));
    expect([
      worse(message('pending'), message('rejected')),
      worse({}, message('rejected')),
      worse(message('rejected'), message('rejected')),
      worse(message('pending'), message('accepted')),
      worse(message('rejected'), {}),
    ]).toEqual([true, true, false, false, false]);
  });
});
