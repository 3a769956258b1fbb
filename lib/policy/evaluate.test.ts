import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatePolicies } from './evaluate';
import type { Policy, PolicyAction, PolicyActivity, PolicyDecision } from './policy';
import { aGroup, anActivity, aPolicy, aTotal, someFacts } from './testing/builders';

const limitOf = (limit: unknown, currency = 'USD') => ({
  kind: 'TransactionAmountLimit',
  configuration: { limit, currency },
});
const listOf = (...addresses: string[]) => ({ kind: 'TransactionRecipientWhitelist', configuration: { addresses } });
const countOf = (limit: unknown, timeframe: unknown = 60) => ({
  kind: 'TransactionCountVelocity',
  configuration: { limit, timeframe },
});
const sumOf = (limit: unknown, timeframe: unknown = 60, currency = 'USD') => ({
  kind: 'TransactionAmountVelocity',
  configuration: { limit, currency, timeframe },
});
const request = (quorum = 1, minutes?: number) =>
  ({
    kind: 'RequestApproval',
    approvalGroups: [aGroup(quorum, ['us-a', 'us-b'])],
    autoRejectTimeout: minutes,
  }) as const;

const outcome = (policy: Policy, activity = anActivity()) => {
  const decision = evaluatePolicies([policy], activity);
  const first = decision.evaluations[0];
  return first ? `${first.triggered} ${first.reason}` : 'not evaluated';
};

describe('actions', () => {
  test('an activity that no policy matches is allowed', () => {
    expect(evaluatePolicies([], anActivity())).toEqual({
      outcome: 'Allow',
      evaluations: [],
      groups: [],
      autoRejectMinutes: null,
      delayMinutes: 0,
    });
  });
  test('a block wins over approvals, and every policy is still evaluated', () => {
    const decision = evaluatePolicies(
      [aPolicy('b', { action: request() }), aPolicy('a'), aPolicy('c', { action: { kind: 'NoAction' } })],
      anActivity(),
    );
    expect(decision.outcome).toBe('Block');
    expect(decision.groups).toEqual([]);
    expect(decision.evaluations.map((item) => [item.policyId, item.triggered])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ]);
  });
  test('the groups of all triggered policies are asked for, with the earliest timeout', () => {
    const decision = evaluatePolicies(
      [
        aPolicy('a', { action: request(1, 90) }),
        aPolicy('b', { action: request(2, 30) }),
        aPolicy('c', { action: request(2), rule: limitOf(1_000_000) }),
      ],
      anActivity(),
    );
    expect(decision.outcome).toBe('RequestApproval');
    expect(decision.groups.map((group) => [group.policyId, group.index, group.quorum])).toEqual([
      ['a', 0, 1],
      ['b', 0, 2],
    ]);
    expect(decision.autoRejectMinutes).toBe(30);
  });
  test('NoAction is recorded and stops nothing', () => {
    const decision = evaluatePolicies([aPolicy('a', { action: { kind: 'NoAction' } })], anActivity());
    expect([decision.outcome, decision.evaluations[0]?.triggered]).toEqual(['Allow', true]);
  });
  test('a timeout that one policy leaves out does not undo that of another', () => {
    const timeouts = (...minutes: (number | undefined)[]) =>
      evaluatePolicies(
        minutes.map((one, at) => aPolicy(`plc-${at}`, { action: request(1, one) })),
        anActivity(),
      ).autoRejectMinutes;
    expect([timeouts(30, undefined), timeouts(undefined, 30), timeouts(undefined)]).toEqual([30, 30, null]);
  });
  test('the longest delay counts, and one of a policy that does not trigger does not', () => {
    const waits = (minimumDelay: number, limit = 0) =>
      aPolicy(`plc-${minimumDelay}`, { rule: limitOf(limit), action: { ...request(), minimumDelay } });
    const delay = (...policies: Policy[]) => evaluatePolicies(policies, anActivity()).delayMinutes;
    expect([delay(waits(5), waits(9), waits(7)), delay(waits(5), waits(9, 1e9)), delay(aPolicy('a'))]).toEqual([
      9, 5, 0,
    ]);
  });
  test.each([-1, 1.5, 'long', null])('a delay that can’t be understood is a block: %s', (minimumDelay) => {
    const action: PolicyAction = JSON.parse(JSON.stringify({ ...request(), minimumDelay }));
    const decision = evaluatePolicies([aPolicy('a', { action })], anActivity());
    expect([decision.outcome, decision.groups]).toEqual(['Block', []]);
    expect(decision.evaluations[0]?.reason).toBe(
      `This policy could not be evaluated: its minimum delay (${minimumDelay}) is no number of minutes.`,
    );
  });
  test('an action that can’t be understood is a block', () => {
    const action: PolicyAction = JSON.parse('{"kind":"AskTheMoon"}');
    const decision = evaluatePolicies([aPolicy('a', { action })], anActivity());
    expect(decision.outcome).toBe('Block');
    expect(decision.evaluations).toEqual([
      {
        policyId: 'a',
        version: 'v-a',
        triggered: true,
        reason: "The action of this policy can't be understood.",
        action: 'Block',
      },
    ]);
  });
  test('whatever is thrown while deciding, its words are the reason', () => {
    const activity = anActivity({
      inWindow: () => {
        throw 'no window';
      },
    });
    expect(outcome(aPolicy('a', { rule: countOf(3) }), activity)).toBe(
      'true This policy could not be evaluated: no window',
    );
  });
  test('a policy that asks nobody blocks, and only where it triggers', () => {
    const nobody = { kind: 'RequestApproval', approvalGroups: [] } as const;
    const decide = (limit: number) =>
      evaluatePolicies([aPolicy('a', { rule: limitOf(limit), action: nobody })], anActivity());
    expect(decide(1)).toMatchObject({
      outcome: 'Block',
      evaluations: [{ triggered: true, reason: 'This policy asks for approval by nobody.', action: 'Block' }],
    });
    expect(decide(1e9)).toMatchObject({ outcome: 'Allow', evaluations: [{ triggered: false }] });
  });
  test('an exception while deciding is a block with its reason', () => {
    const activity = anActivity({
      inWindow: () => {
        throw new Error('window store is gone');
      },
    });
    const decision = evaluatePolicies([aPolicy('a', { rule: countOf(3), action: request() })], activity);
    expect(decision.outcome).toBe('Block');
    expect(decision.evaluations[0]?.reason).toBe('This policy could not be evaluated: window store is gone');
  });
  test('archived policies and those of another activity kind are left out', () => {
    const policies = [
      { ...aPolicy('a'), status: 'Archived' as const },
      aPolicy('b', { activityKind: 'Policies:Modify' }),
    ];
    expect(evaluatePolicies(policies, anActivity()).evaluations).toEqual([]);
  });
});

describe('filters', () => {
  const wallets = (...list: [string, string[]][]) =>
    anActivity({ subject: { wallets: list.map(([id, tags]) => ({ id, tags })) } });
  const evaluated = (filters: Policy['definition']['filters'], activity: PolicyActivity) =>
    evaluatePolicies([aPolicy('a', { filters })], activity).evaluations.length === 1;

  test('walletId, any tag and all tags select wallets', () => {
    expect(evaluated({ walletId: { in: ['wa-1'] } }, anActivity())).toBe(true);
    expect(evaluated({ walletId: { in: ['wa-2'] } }, anActivity())).toBe(false);
    expect(evaluated({ walletTags: { hasAny: ['cold', 'hot'] } }, anActivity())).toBe(true);
    expect(evaluated({ walletTags: { hasAll: ['cold', 'hot'] } }, anActivity())).toBe(false);
    expect(evaluated({ walletTags: { hasAll: ['treasury', 'hot'] } }, anActivity())).toBe(true);
  });
  test('all filters must hold for one and the same wallet of a key', () => {
    const filters = { walletId: { in: ['wa-1'] }, walletTags: { hasAny: ['hot'] } };
    expect(evaluated(filters, wallets(['wa-1', ['cold']], ['wa-2', ['hot']]))).toBe(false);
    expect(evaluated(filters, wallets(['wa-1', ['hot']], ['wa-2', []]))).toBe(true);
  });
  test('a key without wallets is gated by unfiltered policies only', () => {
    expect(evaluated({ walletId: { in: ['wa-1'] } }, wallets())).toBe(false);
    expect(evaluated(undefined, wallets())).toBe(true);
  });
  test("a filter that can't be understood counts as matching", () => {
    expect(evaluated({ walletColour: { in: ['red'] } }, anActivity())).toBe(true);
    expect(evaluated({ walletId: {} }, anActivity())).toBe(true);
    expect(evaluated({ walletId: { in: [] } }, anActivity())).toBe(true);
  });
  test('permission and policy filters look at the changed entity', () => {
    const change = (permissionId: string) => ({ kind: 'Permissions:Assign' as const, subject: { permissionId } });
    const policy = aPolicy('a', { activityKind: 'Permissions:Assign', filters: { permissionId: { in: ['pm-1'] } } });
    expect(evaluatePolicies([policy], change('pm-1')).outcome).toBe('Block');
    expect(evaluatePolicies([policy], change('pm-2')).outcome).toBe('Allow');
  });
});

describe('rules', () => {
  test('an amount above its limit says so in the words of the dialect', () => {
    const facts = someFacts({ amount: '10000000000', quote: { usd: '1', decimals: 6 } });
    expect(outcome(aPolicy('a', { rule: limitOf(5000) }), anActivity({ facts }))).toBe(
      'true Transfer amount (USD 10000) is above limit (USD 5000).',
    );
  });
  test('an amount exactly at its limit passes and one base unit more does not', () => {
    const policy = aPolicy('a', { rule: limitOf(0.3) });
    const at = (amount: string) => anActivity({ facts: someFacts({ amount, quote: { usd: '3', decimals: 18 } }) });
    expect(outcome(policy, at('100000000000000000'))).toBe(
      'false Transfer amount (USD 0.3) is not above limit (USD 0.3).',
    );
    expect(outcome(policy, at('100000000000000001'))).toBe(
      'true Transfer amount (USD 0.300000000000000003) is above limit (USD 0.3).',
    );
  });
  test.each([
    ['amount', someFacts({ amount: null })],
    ['price', someFacts({ quote: null })],
    ['asset', someFacts({ asset: null })],
    ['malformed price', someFacts({ quote: { usd: '-1', decimals: 18 } })],
    ['facts', undefined],
  ])('an unknown %s triggers an amount limit', (_what, facts) => {
    expect(outcome(aPolicy('a', { rule: limitOf(1e21) }), anActivity({ facts }))).toMatch(
      /^true Transfer amount \(unknown/,
    );
  });
  test("a limit that can't be read, or in another currency, triggers", () => {
    expect(outcome(aPolicy('a', { rule: limitOf('many') }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: limitOf(1e9, 'EUR') }))).toMatch(/^true/);
  });
  test('recipients are compared without case on EVM, exactly elsewhere, and an unknown one triggers', () => {
    const to = (recipient: string | null) => anActivity({ facts: someFacts({ recipient }) });
    expect(outcome(aPolicy('a', { rule: listOf('0x00000000000000000000000000000000000000AA') }))).toMatch(/^false/);
    expect(outcome(aPolicy('a', { rule: listOf() }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: listOf('tb1QA') }), to('tb1qa'))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: listOf('0x00000000000000000000000000000000000000AA') }), to(null))).toBe(
      'true The recipient is unknown.',
    );
  });
  test('as many requests as the limit pass in a window, the next one triggers', () => {
    const policy = aPolicy('a', { rule: countOf(2) });
    expect(outcome(policy, anActivity({ inWindow: () => [aTotal(1)] }))).toBe(
      'false Number of transactions (1) is not above limit (2).',
    );
    expect(outcome(policy, anActivity({ inWindow: () => [aTotal(2), aTotal(1)] }))).toBe(
      'true Number of transactions (2) is above limit (2).',
    );
  });
  test('a count that is not known, and a window out of range, trigger', () => {
    expect(outcome(aPolicy('a', { rule: countOf(2) }), anActivity({ inWindow: undefined }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: countOf(2, 43_201) }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: countOf(-1) }))).toMatch(/^true/);
  });
  test('the sum of a window and this request must stay within the limit, to the last digit', () => {
    const policy = aPolicy('a', { rule: sumOf(10_000) });
    expect(outcome(policy, anActivity({ inWindow: () => [aTotal(1, '2500')] }))).toBe(
      'false Cumulative transfer amount (USD 10000) is not above limit (USD 10000).',
    );
    expect(
      outcome(policy, anActivity({ inWindow: () => [aTotal(1, '2500.000000000000000001'), aTotal(9, '1')] })),
    ).toBe('true Cumulative transfer amount (USD 10000.000000000000000001) is above limit (USD 10000).');
  });
  test('a sum with a value that is not known triggers, whoever is worth what', () => {
    const policy = aPolicy('a', { rule: sumOf(10_000) });
    expect(outcome(policy, anActivity({ inWindow: () => [aTotal(0), aTotal(2, '1', 1)] }))).toBe(
      "true Cumulative transfer amount (unknown: 1 earlier request has no known value) can't be compared with limit (USD 10000).",
    );
    expect(outcome(policy, anActivity({ facts: someFacts({ quote: null }) }))).toMatch(/^true .*no fresh price/);
    expect(outcome(policy, anActivity({ inWindow: undefined }))).toMatch(/^true .*earlier requests are not known/);
    expect(outcome(aPolicy('a', { rule: sumOf(10_000, 0) }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: sumOf('much') }))).toMatch(/^true/);
    expect(outcome(aPolicy('a', { rule: sumOf(10_000, 60, 'EUR') }))).toMatch(/^true/);
  });
  test("a rule that can't be evaluated adds its requirement", () => {
    const decision = evaluatePolicies(
      [aPolicy('a', { rule: { kind: 'SomethingLater' }, action: request() })],
      anActivity(),
    );
    expect(decision.outcome).toBe('RequestApproval');
    expect(decision.evaluations[0]?.reason).toBe("Rules of kind SomethingLater can't be evaluated in this version.");
  });
  test.each([
    'ChainalysisTransactionPrescreening',
    'ChainalysisTransactionScreening',
    'GlobalLedgerTransactionPrescreening',
    'TravelRuleTransactionPrescreening',
  ])('a screening of kind %s is evaluated as one: without its words it can’t be understood', (kind) => {
    expect(outcome(aPolicy('a', { rule: { kind } }))).toBe(
      "true The configuration of this policy can't be understood.",
    );
  });
});

const anyPolicies = fc
  .array(
    fc.record({
      rule: fc.constantFrom(
        limitOf(1000),
        limitOf(9000),
        listOf(),
        countOf(1),
        { kind: 'AlwaysTrigger' },
        { kind: 'Other' },
      ),
      action: fc.constantFrom({ kind: 'Block' } as const, { kind: 'NoAction' } as const, request(1, 5), request(2)),
      filters: fc.constantFrom(undefined, { walletId: { in: ['wa-1'] } }, { walletId: { in: ['wa-9'] } }),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((definition, index) => aPolicy(`plc-${index}`, definition)));
const strictness = (decision: PolicyDecision) => ['Allow', 'RequestApproval', 'Block'].indexOf(decision.outcome);

test('the order of policies never changes the decision', () => {
  fc.assert(
    fc.property(anyPolicies, fc.infiniteStream(fc.nat()), (policies, keys) => {
      const shuffled = policies.map((policy) => ({ policy, key: keys.next().value })).toSorted((a, b) => a.key - b.key);
      expect(
        evaluatePolicies(
          shuffled.map((item) => item.policy),
          anActivity(),
        ),
      ).toEqual(evaluatePolicies(policies, anActivity()));
    }),
  );
});

test('adding a policy never loosens the decision', () => {
  fc.assert(
    fc.property(anyPolicies, fc.nat(5), (policies, at) => {
      const fewer = evaluatePolicies(
        policies.filter((_, index) => index !== at),
        anActivity(),
      );
      const more = evaluatePolicies(policies, anActivity());
      expect(strictness(more)).toBeGreaterThanOrEqual(strictness(fewer));
      if (more.outcome === 'RequestApproval')
        for (const group of fewer.groups) expect(more.groups).toContainEqual(group);
    }),
  );
});
