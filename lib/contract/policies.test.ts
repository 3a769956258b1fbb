import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionBody } from './approvals';
import { ACTIVITY_KINDS, approvalGroup, POLICY_TABLE, policyBody } from './policies';
import { EVALUATED_RULES, type PolicyRuleKind, policyRule } from './policy-rules';

const fallback = { skipUnscreenableTransaction: false, skipUnsupportedNetwork: false, skipUnsupportedAsset: false };
const screening = {
  alerts: { alertLevel: 'HIGH', categoryIds: [1] },
  exposures: { direct: { categoryIds: [2] } },
  fallbackBehaviours: { ...fallback, skipChainalysisFailure: false },
};
const RULES: Readonly<Record<PolicyRuleKind, object | undefined>> = {
  AlwaysTrigger: undefined,
  TransactionRecipientWhitelist: { addresses: ['0x71c2'] },
  TransactionAmountLimit: { limit: 5000, currency: 'USD' },
  TransactionAmountVelocity: { limit: 5000, currency: 'USD', timeframe: 60 },
  TransactionCountVelocity: { limit: 2, timeframe: 60 },
  ChainalysisTransactionPrescreening: { ...screening, addresses: { categoryIds: [] } },
  ChainalysisTransactionScreening: screening,
  GlobalLedgerTransactionPrescreening: {
    riskScoreThreshold: 50,
    fallbackBehaviours: { ...fallback, skipGlobalLedgerFailure: false },
  },
  TravelRuleTransactionPrescreening: { vendor: 'Notabene', autoTriggerTimeoutSeconds: 0 },
};
const RULE_KINDS = Object.keys(RULES) as PolicyRuleKind[];
const aRule = (kind: PolicyRuleKind, change: object = {}) => ({ kind, configuration: { ...RULES[kind], ...change } });

const aGroup = (change: object = {}) => ({ quorum: 1, approvers: { userId: { in: ['us-1', 'us-2'] } }, ...change });
const ACTIONS = {
  Block: { kind: 'Block' },
  NoAction: { kind: 'NoAction' },
  RequestApproval: { kind: 'RequestApproval', approvalGroups: [aGroup()] },
} as const;
const FILTERS = {
  walletId: { in: ['wa-1'] },
  walletTags: { hasAny: ['hot'] },
  permissionId: { in: ['pm-1'] },
  policyId: { in: ['plc-1'] },
} as const;
const aPolicy = (change: object = {}) => ({
  name: 'Daily limit',
  activityKind: 'Wallets:Sign',
  rule: aRule('TransactionAmountLimit'),
  action: ACTIONS.RequestApproval,
  ...change,
});
const messages = (body: unknown) =>
  policyBody.safeParse(body).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];

describe('a policy', () => {
  test('may combine exactly what the table allows', () => {
    const kinds = fc.constantFrom(...ACTIVITY_KINDS);
    const filters = fc.option(fc.constantFrom('walletId', 'walletTags', 'permissionId', 'policyId'), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        kinds,
        fc.constantFrom(...RULE_KINDS),
        fc.constantFrom('Block', 'NoAction', 'RequestApproval'),
        filters,
        (activityKind, rule, action, filter) => {
          const allowed = POLICY_TABLE[activityKind];
          const isAllowed =
            allowed.rules.includes(rule) &&
            allowed.actions.includes(action) &&
            (filter === undefined || allowed.filters.includes(filter));
          const body = aPolicy({
            activityKind,
            rule: aRule(rule),
            action: ACTIONS[action],
            ...(filter && { filters: { [filter]: FILTERS[filter] } }),
          });
          expect(policyBody.safeParse(body).success).toBe(isAllowed);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('on policies themselves can ask for approval but never block', () => {
    const body = aPolicy({ activityKind: 'Policies:Modify', rule: { kind: 'AlwaysTrigger' }, action: ACTIONS.Block });
    expect(messages(body)).toEqual([
      `action.kind: a policy on "Policies:Modify" can't have the action "Block"; allowed: RequestApproval`,
    ]);
  });

  test('says which filter does not belong', () => {
    const body = aPolicy({
      activityKind: 'Registry:Addresses:Modify',
      rule: { kind: 'AlwaysTrigger' },
      filters: { walletId: FILTERS.walletId },
    });
    expect(messages(body)).toEqual([
      `filters.walletId: a policy on "Registry:Addresses:Modify" can't have the filter "walletId"; allowed: none`,
    ]);
  });

  test('takes AlwaysTrigger with, without and with an empty configuration, and with empty filters', () => {
    expect(messages(aPolicy({ rule: { kind: 'AlwaysTrigger' } }))).toEqual([]);
    expect(messages(aPolicy({ rule: { kind: 'AlwaysTrigger', configuration: {} }, filters: {} }))).toEqual([]);
  });

  test.each([
    ['an unknown activity kind', { activityKind: 'Wallets:Delete' }],
    ['an unknown rule', { rule: { kind: 'Sometimes' } }],
    ['an unknown action', { action: { kind: 'Allow' } }],
    ['a filter that lists nothing', { filters: { walletId: { in: [] } } }],
    [
      'more than 100 filtered wallets',
      { filters: { walletId: { in: Array.from({ length: 101 }, (_, i) => `wa-${i}`) } } },
    ],
    ['a tag filter that says nothing', { filters: { walletTags: {} } }],
    ['an unknown filter', { filters: { network: { in: ['Ethereum'] } } }],
    ['no name', { name: '' }],
    ['a status', { status: 'Archived' }],
    ['no approval group', { action: { kind: 'RequestApproval', approvalGroups: [] } }],
    ['a timeout of zero minutes', { action: { ...ACTIONS.RequestApproval, autoRejectTimeout: 0 } }],
    ['a fractional timeout', { action: { ...ACTIONS.RequestApproval, autoRejectTimeout: 1.5 } }],
    ['a timeout beyond the calendar', { action: { ...ACTIONS.RequestApproval, autoRejectTimeout: 1e12 } }],
    ['groups on a Block', { action: { kind: 'Block', approvalGroups: [aGroup()] } }],
  ])('is refused with %s', (_name, change) => {
    expect(messages(aPolicy(change))).not.toEqual([]);
  });

  test('may never expire its approvals', () => {
    expect(messages(aPolicy({ action: { ...ACTIONS.RequestApproval, autoRejectTimeout: null } }))).toEqual([]);
  });
});

describe('an approval group', () => {
  const issues = (change: object) =>
    approvalGroup.safeParse(aGroup(change)).error?.issues.map((issue) => issue.message);

  test.each([0, -1, 1.5, '1', null])('has no quorum of %j', (quorum) => {
    expect(issues({ quorum })).toBeDefined();
  });

  test('has at least as many listed approvers as its quorum', () => {
    expect(issues({ quorum: 2 })).toBeUndefined();
    expect(issues({ quorum: 3 })).toEqual([`a quorum of 3 can't be reached by 2 listed approvers`]);
  });

  test('counts an approver listed twice once', () => {
    expect(issues({ quorum: 2, approvers: { userId: { in: ['us-1', 'us-1'] } } })).toEqual([
      `a quorum of 2 can't be reached by 1 listed approver`,
    ]);
  });

  test('lists 1 to 100 approvers, or anybody', () => {
    const listing = (count: number) => ({
      approvers: { userId: { in: Array.from({ length: count }, (_, i) => `us-${i}`) } },
    });
    expect(issues(listing(0))).toBeDefined();
    expect(issues(listing(100))).toBeUndefined();
    expect(issues(listing(101))).toBeDefined();
    expect(issues({ quorum: 7, approvers: {} })).toBeUndefined();
  });

  test('names no other kind of approver', () => {
    expect(issues({ approvers: { role: { in: ['admin'] } } })).toBeDefined();
  });
});

describe('a rule', () => {
  test.each(RULE_KINDS)('%s is stored with its own configuration and no other member', (kind) => {
    expect(policyRule.safeParse(aRule(kind)).success).toBe(true);
    expect(policyRule.safeParse(aRule(kind, { surprise: 1 })).success).toBe(false);
  });

  test.each([
    ['TransactionAmountLimit', { currency: 'EUR' }],
    ['TransactionAmountLimit', { limit: -1 }],
    ['TransactionAmountLimit', { limit: '5000' }],
    ['TransactionCountVelocity', { timeframe: 0 }],
    ['TransactionCountVelocity', { timeframe: 43_201 }],
    ['TransactionCountVelocity', { limit: 1.5 }],
    ['TransactionAmountVelocity', { timeframe: 1.5 }],
    ['TransactionRecipientWhitelist', { addresses: [''] }],
    ['GlobalLedgerTransactionPrescreening', { riskScoreThreshold: 101 }],
    ['TravelRuleTransactionPrescreening', { autoTriggerTimeoutSeconds: -1 }],
    ['ChainalysisTransactionPrescreening', { alerts: { alertLevel: 'EXTREME', categoryIds: [] } }],
  ] as const)('%s refuses %j', (kind, change) => {
    expect(policyRule.safeParse(aRule(kind, change)).success).toBe(false);
  });

  test('with an empty whitelist is legal: it always triggers', () => {
    expect(policyRule.safeParse(aRule('TransactionRecipientWhitelist', { addresses: [] })).success).toBe(true);
  });

  test('of a screening provider needs every fallback spelled out', () => {
    const rule = aRule('ChainalysisTransactionPrescreening', { fallbackBehaviours: fallback });
    expect(policyRule.safeParse(rule).success).toBe(false);
  });

  test('that this version evaluates is one of the dialect', () => {
    expect(EVALUATED_RULES.every((kind) => RULE_KINDS.includes(kind))).toBe(true);
  });
});

describe('a decision', () => {
  test('is Approved or Denied, with a reason of at most 1000 characters', () => {
    expect(decisionBody.safeParse({ value: 'Approved' }).success).toBe(true);
    expect(decisionBody.safeParse({ value: 'Denied', reason: 'x'.repeat(1000) }).success).toBe(true);
    expect(decisionBody.safeParse({ value: 'Denied', reason: 'x'.repeat(1001) }).success).toBe(false);
    expect(decisionBody.safeParse({ value: 'approved' }).success).toBe(false);
    expect(decisionBody.safeParse({ value: 'Approved', userId: 'us-1' }).success).toBe(false);
  });
});
