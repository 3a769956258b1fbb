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

test('a trace from the record tells what the trace at the time told, with policies that left the request out', () => {
  fc.assert(
    fc.property(anyPolicies, fc.nat(5), anyRequest, (drawn, elsewhere, activity) => {
      const filters = { walletId: { in: ['wa-9'] } };
      const policies = drawn.map((policy, place) =>
        place === elsewhere ? { ...policy, definition: { ...policy.definition, filters } } : policy,
      );
      const then = traceDecision(policies, activity);
      const { evaluations } = evaluatePolicies(policies, activity);
      const recorded = traceOfRecord({
        activityKind: 'Wallets:Sign',
        evaluations,
        ...(activity.facts ? { facts: activity.facts } : {}),
        inForce: policies,
      });
      expect(recorded).toEqual(then);
    }),
    { numRuns: 300 },
  );
});

const always = { kind: 'AlwaysTrigger' };
test('a trace tells every policy of the kind, in the order of ids, with its version, rule, action and reason', () => {
  const policies = [
    aPolicy('c', { name: 'sees', rule: limitOf(9000), action: ask }),
    aPolicy('b', { name: 'elsewhere', filters: { walletId: { in: ['wa-9'] } }, action: ask }),
    aPolicy('a', { name: 'asks', rule: always, action: ask }),
    aPolicy('d', { activityKind: 'Policies:Modify' }),
    { ...aPolicy('e'), status: 'Archived' as const },
  ];
  expect(traceDecision(policies, anActivity()).policies).toEqual([
    {
      policyId: 'a',
      name: 'asks',
      version: 'v-a',
      rule: 'AlwaysTrigger',
      action: 'RequestApproval',
      applies: true,
      triggered: true,
      reason: 'This policy always triggers.',
    },
    {
      policyId: 'b',
      name: 'elsewhere',
      version: 'v-b',
      rule: 'AlwaysTrigger',
      action: 'RequestApproval',
      applies: false,
      triggered: false,
      reason: 'The filters of this policy leave the request out.',
    },
    {
      policyId: 'c',
      name: 'sees',
      version: 'v-c',
      rule: 'TransactionAmountLimit',
      action: 'RequestApproval',
      applies: true,
      triggered: false,
      reason: 'Transfer amount (USD 7500) is not above limit (USD 9000).',
      compared: { what: 'amountInUsd', value: '7500', limit: '9000' },
    },
  ]);
});
test('one policy that blocks decides, all that ask do, and one that stands there twice is named once', () => {
  const decidedBy = (...policies: Parameters<typeof traceDecision>[0]) =>
    traceDecision(policies, anActivity()).decidedBy;
  const [a, b] = [aPolicy('a', { action: ask }), aPolicy('b', { action: ask })];
  expect(decidedBy(aPolicy('c'), aPolicy('d'), a)).toEqual(['c']);
  expect(decidedBy(a, b, aPolicy('n', { action: { kind: 'NoAction' } }))).toEqual(['a', 'b']);
  expect(decidedBy(a, { ...a, version: 'former' })).toEqual(['a']);
  expect(decidedBy(aPolicy('n', { action: { kind: 'NoAction' } }))).toEqual([]);
});

const evaluation = (policyId: string, action: 'Block' | 'NoAction' | 'RequestApproval', triggered = true) => ({
  policyId,
  version: `v-${policyId}`,
  triggered,
  reason: 'so',
  action,
});
test('the record of a decision whose policies are not known any more is told without them and without guesses', () => {
  const told = traceOfRecord({
    activityKind: 'Wallets:Sign',
    evaluations: [evaluation('a', 'RequestApproval'), evaluation('b', 'NoAction')],
    inForce: [aPolicy('a', { name: 'asks', action: ask })],
  });
  expect(told).toEqual({
    outcome: 'RequestApproval',
    policies: [
      {
        policyId: 'a',
        name: 'asks',
        version: 'v-a',
        rule: 'AlwaysTrigger',
        action: 'RequestApproval',
        applies: true,
        triggered: true,
        reason: 'so',
      },
      {
        policyId: 'b',
        name: 'b',
        version: 'v-b',
        rule: 'unknown',
        action: 'NoAction',
        applies: true,
        triggered: true,
        reason: 'so',
      },
    ],
    groups: [{ ...aGroup(1, ['us-a', 'us-b']), policyId: 'a', index: 0 }],
    decidedBy: ['a'],
    alternatives: [],
  });
});
test('the outcome of a record is that of what triggered: a block, else an approval, else nothing', () => {
  const outcome = (...evaluations: ReturnType<typeof evaluation>[]) =>
    traceOfRecord({ activityKind: 'Wallets:Sign', evaluations, inForce: [] }).outcome;
  expect(outcome(evaluation('a', 'RequestApproval'), evaluation('b', 'Block'))).toBe('Block');
  expect(outcome(evaluation('a', 'RequestApproval'), evaluation('b', 'Block', false))).toBe('RequestApproval');
  expect(outcome(evaluation('a', 'NoAction'), evaluation('b', 'RequestApproval', false))).toBe('Allow');
  expect(outcome()).toBe('Allow');
});
test('a record is told with the windows it was compared with, each by its length, and with the versions it was made under', () => {
  const policies = [
    aPolicy('a', { rule: { ...countOf(3), configuration: { limit: 3, timeframe: 60 } }, action: block }),
    aPolicy('b', { rule: { ...countOf(9), configuration: { limit: 9, timeframe: 1440 } }, action: ask }),
    aPolicy('c', { rule: always, action: ask, filters: { walletId: { in: ['wa-1'] } } }),
  ];
  const activity = anActivity({ inWindow: (minutes) => [minutes === 60 ? aTotal(4, '5', 1) : aTotal(6)] });
  const recorded = traceOfRecord({
    activityKind: 'Wallets:Sign',
    evaluations: evaluatePolicies(policies, activity).evaluations,
    facts: someFacts(),
    inForce: [
      ...policies,
      { ...aPolicy('a'), status: 'Archived', version: 'v-archived' },
      aPolicy('e', { activityKind: 'Policies:Modify' }),
    ],
  });
  expect(recorded).toEqual(traceDecision(policies, activity));
  expect(recorded.alternatives.map((item) => item.outcome)).toEqual(['RequestApproval', 'RequestApproval']);
});
test('a record’s alternatives read what a vendor said then', () => {
  const rule = { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold: 50 } };
  const policies = [aPolicy('a', { rule, action: ask }), aPolicy('b', { rule: limitOf(5000), action: block })];
  const screening = () =>
    ({ vendor: 'GlobalLedger', outcome: 'screened', sources: [], findings: [], score: 10, at: 0 }) as const;
  const activity = anActivity({ screening });
  const record = { activityKind: 'Wallets:Sign', facts: someFacts(), screening } as const;
  const told = traceOfRecord({
    ...record,
    evaluations: evaluatePolicies(policies, activity).evaluations,
    inForce: policies,
  });
  expect(told).toEqual(traceDecision(policies, activity));
  expect(told.alternatives[0]?.outcome).toBe('Allow');
});
