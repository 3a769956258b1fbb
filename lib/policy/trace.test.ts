import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluatePolicies } from './evaluate';
import { traceOfRecord } from './recorded-trace';
import { aGroup, anActivity, aPolicy, aTotal, someFacts } from './testing/builders';
import { traceDecision } from './trace';

const KNOWN = '0x00000000000000000000000000000000000000AA';
const limitOf = (limit: number) => ({ kind: 'TransactionAmountLimit', configuration: { limit, currency: 'USD' } });
const sumOf = (limit: number) => ({
  kind: 'TransactionAmountVelocity',
  configuration: { limit, currency: 'USD', timeframe: 60 },
});
const countOf = (limit: number) => ({ kind: 'TransactionCountVelocity', configuration: { limit, timeframe: 60 } });
const listOf = (...addresses: string[]) => ({ kind: 'TransactionRecipientWhitelist', configuration: { addresses } });
const ask = { kind: 'RequestApproval', approvalGroups: [aGroup(1, ['us-a', 'us-b'])] } as const;
const block = { kind: 'Block' } as const;

test('a blocked amount is told with the largest amount that would pass, to the last unit', () => {
  const trace = traceDecision([aPolicy('a', { rule: limitOf(5000), action: block })], anActivity());
  expect(trace.policies[0]?.compared).toEqual({ what: 'amountInUsd', value: '7500', limit: '5000' });
  expect(trace.decidedBy).toEqual(['a']);
  expect(trace.alternatives[0]).toEqual({
    differences: [{ kind: 'amount', amount: '1666666666666666666', usd: '4999.999999999999998', bound: 'atMost' }],
    outcome: 'Allow',
  });
});

test('what passes is told with the smallest amount that would not', () => {
  const trace = traceDecision([aPolicy('a', { rule: limitOf(9000), action: ask })], anActivity());
  expect(trace.outcome).toBe('Allow');
  expect(trace.alternatives[0]?.differences).toEqual([
    { kind: 'amount', amount: '3000000000000000001', usd: '9000.000000000000003', bound: 'atLeast' },
  ]);
});

test('a full window is told with the time and with the amount that still fits', () => {
  const policies = [aPolicy('a', { rule: sumOf(9000), action: block })];
  const trace = traceDecision(policies, anActivity({ inWindow: () => [aTotal(3, '3000')] }));
  expect(trace.alternatives.map((item) => item.differences.map((one) => one.kind))).toEqual([
    ['amount'],
    ['later'],
    ['policies'],
  ]);
});

test('where no single change suffices, the fewest together are told', () => {
  const policies = [
    aPolicy('a', { rule: limitOf(5000), action: block }),
    aPolicy('b', { rule: listOf(KNOWN), action: block }),
  ];
  const trace = traceDecision(policies, anActivity({ facts: someFacts({ recipient: KNOWN.replace('AA', 'BB') }) }));
  expect(trace.alternatives[0]?.differences.map((one) => one.kind)).toEqual(['recipient', 'amount']);
  expect(trace.alternatives.at(-1)).toEqual({
    differences: [{ kind: 'policies', policyIds: ['a', 'b'] }],
    outcome: 'Allow',
  });
});

test('a policy whose filters leave the request out is told and never decides', () => {
  const trace = traceDecision([aPolicy('a', { filters: { walletId: { in: ['wa-9'] } } })], anActivity());
  expect(trace).toMatchObject({ outcome: 'Allow', policies: [{ applies: false, triggered: false }], decidedBy: [] });
});

const rules = [
  limitOf(1000),
  limitOf(9000),
  sumOf(8000),
  countOf(1),
  countOf(3),
  listOf(KNOWN),
  { kind: 'AlwaysTrigger' },
];
const anyPolicies = fc
  .array(
    fc.record({ rule: fc.constantFrom(...rules), action: fc.constantFrom(block, ask, { kind: 'NoAction' } as const) }),
    {
      maxLength: 5,
    },
  )
  .map((list) => list.map((definition, index) => aPolicy(`plc-${index}`, definition)));
const anyRequest = fc
  .record({ amount: fc.bigInt({ min: 0n, max: 5n * 10n ** 18n }), count: fc.nat(4), usd: fc.nat(9000) })
  .map(({ amount, count, usd }) =>
    anActivity({ facts: someFacts({ amount: amount.toString() }), inWindow: () => [aTotal(count, String(usd))] }),
  );

test('the deciding policies alone decide alike, and none of them can be left out', () => {
  fc.assert(
    fc.property(anyPolicies, anyRequest, (policies, activity) => {
      const { outcome, decidedBy } = traceDecision(policies, activity);
      const whole = evaluatePolicies(policies, activity);
      const deciding = policies.filter((policy) => decidedBy.includes(policy.id));
      const alone = evaluatePolicies(deciding, activity);
      expect([alone.outcome, alone.groups]).toEqual([outcome, whole.groups]);
      for (const left of deciding) {
        const fewer = evaluatePolicies(
          deciding.filter((policy) => policy !== left),
          activity,
        );
        expect([fewer.outcome, fewer.groups]).not.toEqual([alone.outcome, alone.groups]);
      }
    }),
    { numRuns: 500 },
  );
});

test('an amount told as the nearest is the nearest: one unit closer decides as before', () => {
  fc.assert(
    fc.property(anyPolicies, anyRequest, (policies, activity) => {
      const before = evaluatePolicies(policies, activity);
      const [difference] =
        traceDecision(policies, activity).alternatives.find(
          (item) => item.differences.length === 1 && item.differences[0]?.kind === 'amount',
        )?.differences ?? [];
      if (difference?.kind !== 'amount' || !activity.facts) return;
      const closer = BigInt(difference.amount) + (difference.bound === 'atMost' ? 1n : -1n);
      const again = evaluatePolicies(policies, { ...activity, facts: { ...activity.facts, amount: String(closer) } });
      expect([again.outcome, again.groups.length]).toEqual([before.outcome, before.groups.length]);
    }),
    { numRuns: 500 },
  );
});

test('a trace from the record tells what the trace at the time told', () => {
  fc.assert(
    fc.property(anyPolicies, anyRequest, (policies, activity) => {
      const then = traceDecision(policies, activity);
      const { evaluations } = evaluatePolicies(policies, activity);
      const definitions = new Map(policies.map((policy) => [policy.id, policy.definition]));
      const recorded = traceOfRecord({
        activityKind: 'Wallets:Sign',
        evaluations,
        ...(activity.facts ? { facts: activity.facts } : {}),
        definitionOf: (policyId) => definitions.get(policyId),
      });
      expect(recorded).toEqual(then);
    }),
    { numRuns: 300 },
  );
});
