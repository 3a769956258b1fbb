import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Alternative, smallestChange } from './alternatives';
import { evaluatePolicies } from './evaluate';
import type { Policy, PolicyAction, PolicyActivity, PolicyRule } from './policy';
import { aGroup, anActivity, aPolicy, aTotal, someFacts } from './testing/builders';

const ETH = 10n ** 18n;
const address = (at: number): string => `0x${at.toString(16).padStart(40, '0')}`;
const STRANGER = address(0xbb);
const BLOCK: PolicyAction = { kind: 'Block' };
const NOTE: PolicyAction = { kind: 'NoAction' };
const ASK: PolicyAction = { kind: 'RequestApproval', approvalGroups: [aGroup(1, ['us-a'])] };
const amount = (limit: unknown): PolicyRule => ({
  kind: 'TransactionAmountLimit',
  configuration: { limit, currency: 'USD' },
});
const sum = (limit: unknown, timeframe: unknown = 60): PolicyRule => ({
  kind: 'TransactionAmountVelocity',
  configuration: { limit, currency: 'USD', timeframe },
});
const count = (limit: unknown, timeframe: unknown = 60): PolicyRule => ({
  kind: 'TransactionCountVelocity',
  configuration: { limit, timeframe },
});
const list = (...addresses: unknown[]): PolicyRule => ({
  kind: 'TransactionRecipientWhitelist',
  configuration: { addresses },
});
const policies = (...rules: readonly (readonly [PolicyRule, PolicyAction])[]): readonly Policy[] =>
  rules.map(([rule, action], at) => aPolicy(`plc-${at}`, { rule, action }));
const told = (
  rules: readonly (readonly [PolicyRule, PolicyAction])[],
  activity: PolicyActivity = anActivity(),
): readonly Alternative[] => {
  const all = policies(...rules);
  return smallestChange(all, activity, evaluatePolicies(all, activity));
};
const without = (...policyIds: string[]) => [{ kind: 'policies', policyIds }];
const past = (...totals: ReturnType<typeof aTotal>[]) => ({ inWindow: () => totals });
const to = (recipient: string | null) => ({ facts: someFacts({ recipient }) });
const atMost = (units: bigint, usd: string) => ({ kind: 'amount', amount: String(units), usd, bound: 'atMost' });
const atLeast = (units: bigint, usd: string) => ({ kind: 'amount', amount: String(units), usd, bound: 'atLeast' });

describe('an amount', () => {
  test('that would be looser is the nearest one, also where it only asks instead of blocking', () => {
    expect(
      told([
        [amount(6000), BLOCK],
        [amount(3000), ASK],
      ]),
    ).toEqual([
      { differences: [atMost(2n * ETH, '6000')], outcome: 'RequestApproval' },
      { differences: without('plc-0'), outcome: 'RequestApproval' },
    ]);
  });
  test('that satisfies one rule and not the other is passed over for one that satisfies both', () => {
    expect(
      told([
        [amount(6000), BLOCK],
        [amount(3000), BLOCK],
      ])[0],
    ).toEqual({
      differences: [atMost(ETH, '3000')],
      outcome: 'Allow',
    });
  });
  test('that would be stricter is the nearest one', () => {
    expect(
      told([
        [amount(12_000), BLOCK],
        [amount(9000), ASK],
      ]),
    ).toEqual([{ differences: [atLeast(3n * ETH + 1n, '9000.000000000000003')], outcome: 'RequestApproval' }]);
  });
  test('of fewer requests asked for is looser too, when fewer people are asked', () => {
    const other: PolicyAction = { kind: 'RequestApproval', approvalGroups: [aGroup(2, ['us-b', 'us-c'])] };
    expect(
      told([
        [amount(6000), ASK],
        [amount(3000), other],
      ])[0],
    ).toEqual({
      differences: [atMost(2n * ETH, '6000')],
      outcome: 'RequestApproval',
    });
  });
  test('is told by what is left of the fullest window of all wallets', () => {
    expect(
      told([[sum(9000), BLOCK]], anActivity(past(aTotal(1, '1000'), aTotal(1, '3000'), aTotal(1, '2000'))))[0],
    ).toEqual({
      differences: [atMost(2n * ETH, '6000')],
      outcome: 'Allow',
    });
  });
  test('is told by the limit itself where no wallet has a window', () => {
    expect(told([[sum(3000), BLOCK]])[0]).toEqual({ differences: [atMost(ETH, '3000')], outcome: 'Allow' });
  });
  test('is told only for later where the window alone is above the limit', () => {
    expect(told([[sum(3000), BLOCK]], anActivity(past(aTotal(1, '3001'))))).toEqual([
      { differences: [{ kind: 'later' }, atMost(ETH, '3000')], outcome: 'Allow' },
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
  });
  test.each([
    ['the price is nothing', { quote: { usd: '0', decimals: 18 } }],
    ['the price is unknown', { quote: null }],
    ['the price is malformed', { quote: { usd: 'dear', decimals: 18 } }],
    ['the amount is unknown', { amount: null }],
    ['the amount is malformed', { amount: '9000000000000000000000 ' }],
    ['the amount begins with a space', { amount: ' 9000000000000000000000' }],
  ])('is not told where %s', (_what, facts) => {
    const activity = anActivity({ facts: someFacts(facts), ...past(aTotal(0)) });
    for (const rule of [amount(5000), sum(5000), amount('many'), sum(5000, 0)])
      expect(told([[rule, ASK]], activity).flatMap((item) => item.differences.map(({ kind }) => kind))).not.toContain(
        'amount',
      );
  });
  test('is not told from a limit that can’t be read', () => {
    expect(told([[amount('many'), ASK]])).toEqual([{ differences: without('plc-0'), outcome: 'Allow' }]);
    expect(told([[{ kind: 'TransactionAmountLimit' }, ASK]])).toEqual([
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
  });
  test('has the decimals of limit and price', () => {
    const facts = someFacts({ amount: '500', quote: { usd: '0.25', decimals: 1 } });
    expect(told([[amount('1.5'), BLOCK]], anActivity({ facts }))[0]).toEqual({
      differences: [atMost(60n, '1.5')],
      outcome: 'Allow',
    });
  });
});

describe('an amount where the network fee counts too', () => {
  const fee = (feeCeiling: bigint, amount = 5n * ETH) => ({
    facts: someFacts({
      amount: String(amount),
      feeCeiling: String(feeCeiling),
      feeQuote: { usd: '3000', decimals: 18 },
    }),
  });
  test('is what the limit leaves beside the fee, and of a window beside what came before', () => {
    const activity = anActivity(fee(ETH));
    expect(told([[amount(9000), BLOCK]], activity)[0]).toEqual({
      differences: [atMost(2n * ETH, '9000')],
      outcome: 'Allow',
    });
    expect(told([[sum(12_000), BLOCK]], { ...activity, ...past(aTotal(1, '3000')) })[0]).toEqual({
      differences: [atMost(2n * ETH, '9000')],
      outcome: 'Allow',
    });
    expect(told([[amount(21_000), ASK]], activity)[0]).toEqual({
      differences: [atLeast(6n * ETH + 1n, '21000.000000000000003')],
      outcome: 'RequestApproval',
    });
  });
  test('is none where the fee alone is above the limit', () => {
    expect(told([[amount(2999), BLOCK]], anActivity(fee(ETH)))).toEqual([
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
  });
  test('alters the decision when it is applied, and one base unit less of a change does not', () => {
    const units = fc.bigInt({ min: 0n, max: 20n * ETH });
    const usd = fc.integer({ min: 0, max: 60_000 }).map((cents) => (cents / 100).toString());
    fc.assert(
      fc.property(
        fc.record({ amount: units, fee: units, price: usd, feePrice: usd, limit: usd, earlier: usd }),
        fc.boolean(),
        fc.boolean(),
        (drawn, isStrict, isSum) => {
          const facts = someFacts({
            amount: String(drawn.amount),
            feeCeiling: String(drawn.fee),
            quote: { usd: drawn.price, decimals: 18 },
            ...(isStrict ? { feeQuote: { usd: drawn.feePrice, decimals: 18 } } : {}),
          });
          const activity = anActivity({ facts, ...past(aTotal(1, drawn.earlier)) });
          const all = policies([isSum ? sum(drawn.limit) : amount(drawn.limit), BLOCK]);
          const judged = (units: bigint) =>
            evaluatePolicies(all, { ...activity, facts: { ...facts, amount: String(units) } }).outcome;
          const decision = evaluatePolicies(all, activity);
          const [found] = smallestChange(all, activity, decision).flatMap(({ differences, outcome }) =>
            differences.length === 1 && differences[0]?.kind === 'amount' ? [{ ...differences[0], outcome }] : [],
          );
          if (!found) {
            // Where something is asked, not even an amount of nothing would be let go; a price of nothing moves nothing.
            expect(drawn.price === '0' || decision.outcome === 'Allow' || judged(0n) === decision.outcome).toBe(true);
            expect(drawn.price === '0' || decision.outcome !== 'Allow').toBe(true);
            return;
          }
          const most = BigInt(found.amount);
          expect(judged(most)).toBe(found.outcome);
          expect(found.outcome).not.toBe(decision.outcome);
          expect(judged(found.bound === 'atMost' ? most + 1n : most - 1n)).toBe(decision.outcome);
        },
      ),
      { numRuns: 500, seed: 6 },
    );
  });
});

describe('a recipient', () => {
  test('is one that is listed, or any that is not', () => {
    expect(told([[list(address(1)), BLOCK]], anActivity(to(STRANGER)))).toEqual([
      { differences: [{ kind: 'recipient', address: address(1) }], outcome: 'Allow' },
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
    expect(told([[list(STRANGER), BLOCK]], anActivity(to(STRANGER)))).toEqual([
      { differences: [{ kind: 'recipient', address: null }], outcome: 'Block' },
    ]);
  });
  test('that every list holds is looked for in the shortest one', () => {
    const long = Array.from({ length: 30 }, (_, at) => address(at + 100));
    expect(
      told(
        [
          [list(...long), BLOCK],
          [list(address(1), address(127)), BLOCK],
        ],
        anActivity(to(STRANGER)),
      )[0],
    ).toEqual({
      differences: [{ kind: 'recipient', address: address(127) }],
      outcome: 'Allow',
    });
  });
  test('is looked for among the first twenty alone', () => {
    const first = Array.from({ length: 20 }, (_, at) => address(at + 1));
    const other = Array.from({ length: 40 }, (_, at) => address(at + 500));
    const kinds = (short: string[]) =>
      told(
        [
          [list(...short), BLOCK],
          [list(...other), BLOCK],
        ],
        anActivity(to(STRANGER)),
      )[0]?.differences[0]?.kind;
    expect([kinds([...first.slice(1), address(500)]), kinds([...first, address(500)])]).toEqual([
      'recipient',
      'policies',
    ]);
  });
  test.each([
    ['a list that can’t be read', [list(7, address(1)), BLOCK]],
    ['no list', [{ kind: 'AlwaysTrigger' }, BLOCK]],
    ['an empty list', [list(), BLOCK]],
  ] as const)('is not told from %s', (_what, rule) => {
    expect(told([rule], anActivity(to(STRANGER)))).toEqual([{ differences: without('plc-0'), outcome: 'Allow' }]);
  });
  test('is not told where somebody would have to be screened first', () => {
    const screened: PolicyRule = {
      kind: 'GlobalLedgerTransactionPrescreening',
      configuration: { riskScoreThreshold: 1 },
    };
    expect(
      told(
        [
          [list(address(1)), BLOCK],
          [screened, NOTE],
        ],
        anActivity(to(STRANGER)),
      ),
    ).toEqual([{ differences: without('plc-0'), outcome: 'Allow' }]);
  });
  test('that is unknown already can’t be a stricter one', () => {
    expect(told([[{ kind: 'AlwaysTrigger' }, NOTE]], anActivity(to(null)))).toEqual([]);
    expect(told([[{ kind: 'AlwaysTrigger' }, NOTE]], anActivity({ facts: undefined }))).toEqual([]);
  });
});

describe('time and other requests', () => {
  test('later is told where what came before is in the way: its number, its worth or what is unknown of it', () => {
    const later = { differences: [{ kind: 'later' }], outcome: 'Allow' };
    expect(told([[count(2), BLOCK]], anActivity(past(aTotal(2))))).toEqual([
      later,
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
    expect(told([[sum(9000), BLOCK]], anActivity(past(aTotal(2, '9000'))))).toContainEqual(later);
    expect(told([[sum(9000), BLOCK]], anActivity(past(aTotal(2, '0', 1))))).toContainEqual(later);
    expect(told([[count(2), BLOCK]], anActivity({ inWindow: undefined }))).toEqual([
      { differences: without('plc-0'), outcome: 'Allow' },
    ]);
  });
  test('the number of further requests that makes it stricter is the smallest', () => {
    expect(
      told(
        [
          [count(9), BLOCK],
          [count(4), ASK],
          [count(4), ASK],
        ],
        anActivity(past(aTotal(1), aTotal(2))),
      ),
    ).toEqual([{ differences: [{ kind: 'moreRequests', count: 2 }], outcome: 'RequestApproval' }]);
  });
  test('further requests that a note has counted already are none', () => {
    expect(
      told(
        [
          [count(1), NOTE],
          [count(5), BLOCK],
        ],
        anActivity(past(aTotal(3))),
      ),
    ).toEqual([{ differences: [{ kind: 'moreRequests', count: 2 }], outcome: 'Block' }]);
  });
  test('rules that can’t be read and wallets nobody knows tell no number', () => {
    expect(
      told(
        [
          [count('2'), NOTE],
          [count(2, 0), NOTE],
        ],
        anActivity(past(aTotal(1))),
      ),
    ).toEqual([]);
    expect(told([[count(2), BLOCK]])).toEqual([]);
  });
});

describe('several differences together', () => {
  const RULES = {
    recipient: [list(address(1)), BLOCK],
    amount: [amount(3000), BLOCK],
    later: [count(1), BLOCK],
  } as const;
  const activity = anActivity({ ...to(STRANGER), ...past(aTotal(3)) });
  test.each([
    ['recipient', 'amount'],
    ['later', 'amount'],
    ['recipient', 'later'],
    ['recipient', 'later', 'amount'],
  ] as const)('are told where none of them suffices: %s and %s', (...kinds) => {
    const all = told(
      kinds.map((kind) => RULES[kind]),
      activity,
    );
    expect(all.map((item) => item.differences.map(({ kind }) => kind))).toEqual([[...kinds], ['policies']]);
    expect(all.map((item) => item.outcome)).toEqual(['Allow', 'Allow']);
    expect(all.at(-1)?.differences).toEqual(without(...kinds.map((_, at) => `plc-${at}`)));
  });
  test('are not told where a single one does, and every single one is', () => {
    const either = told([[sum(9000), BLOCK]], anActivity({ ...to(STRANGER), ...past(aTotal(1, '3000')) }));
    expect(either.map((item) => item.differences.map(({ kind }) => kind))).toEqual([
      ['amount'],
      ['later'],
      ['policies'],
    ]);
  });
});

describe('policies that would have to go', () => {
  const ALWAYS: PolicyRule = { kind: 'AlwaysTrigger' };
  test('are all that block', () => {
    expect(
      told([
        [ALWAYS, BLOCK],
        [ALWAYS, ASK],
        [ALWAYS, BLOCK],
        [ALWAYS, NOTE],
      ]),
    ).toEqual([{ differences: without('plc-0', 'plc-2'), outcome: 'RequestApproval' }]);
  });
  test('are the first that asks, where nothing blocks', () => {
    expect(
      told([
        [ALWAYS, NOTE],
        [ALWAYS, ASK],
        [ALWAYS, ASK],
      ]),
    ).toEqual([{ differences: without('plc-1'), outcome: 'RequestApproval' }]);
    expect(told([[ALWAYS, ASK]])).toEqual([{ differences: without('plc-0'), outcome: 'Allow' }]);
  });
  test('are none where nothing is asked, and none of other wallets', () => {
    expect(told([[ALWAYS, NOTE]])).toEqual([]);
    const elsewhere = aPolicy('plc-9', { rule: amount(9000), filters: { walletId: { in: ['wa-9'] } } });
    const all = [...policies([ALWAYS, NOTE]), elsewhere];
    expect(smallestChange(all, anActivity(), evaluatePolicies(all, anActivity()))).toEqual([]);
  });
});
