import { describe, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { evaluatePolicies } from '../evaluate';
import type { PolicyAction } from '../policy';
import { type Finding, isWorse, joinScreenings, renewScreening, type Screening } from '../screening';
import { anActivity, aPolicy, someFacts } from '../testing/builders';

const SKIP_NOTHING = {
  skipUnscreenableTransaction: false,
  skipUnsupportedNetwork: false,
  skipUnsupportedAsset: false,
  skipChainalysisFailure: false,
};
const chainalysis = (more: { [key: string]: Json } = {}, skip: { [flag: string]: boolean } = {}) => ({
  kind: 'ChainalysisTransactionPrescreening',
  configuration: {
    alerts: { alertLevel: 'HIGH', categoryIds: [] },
    exposures: { direct: { categoryIds: [8] } },
    addresses: { categoryIds: [3] },
    fallbackBehaviours: { ...SKIP_NOTHING, ...skip },
    ...more,
  },
});
const BLOCK: PolicyAction = { kind: 'Block' };
const screening = (more: Partial<Screening> = {}): Screening => ({
  vendor: 'Chainalysis',
  outcome: 'screened',
  sources: ['Chainalysis KYT'],
  findings: [],
  at: 1_000_000,
  ...more,
});
const judge = (
  rule: { kind: string; configuration: { [key: string]: unknown } },
  said: ReturnType<NonNullable<ReturnType<typeof anActivity>['screening']>> | null,
  facts = someFacts(),
) => {
  const activity = anActivity({ facts, ...(said ? { screening: () => said } : {}) });
  const [evaluation] = evaluatePolicies([aPolicy('plc-1', { rule, action: BLOCK })], activity).evaluations;
  if (!evaluation) throw new Error('not evaluated');
  return evaluation;
};
const alert = (level: Finding['level'], categoryId: number | null = 3): Finding => ({
  kind: 'alert',
  level,
  category: 'sanctions',
  categoryId,
});

describe('Chainalysis', () => {
  test.each([
    ['nothing', [], false],
    ['an alert of the level', [alert('HIGH')], true],
    ['an alert above it', [alert('SEVERE')], true],
    ['an alert below it', [alert('MEDIUM')], false],
    ['direct exposure to a category that is named', [{ kind: 'exposure', category: 'x', categoryId: 8 }], true],
    ['direct exposure to another one', [{ kind: 'exposure', category: 'x', categoryId: 9 }], false],
    ['exposure without a category number', [{ kind: 'exposure', category: 'x', categoryId: null }], true],
    ['an address of a category that is named', [{ kind: 'address', category: 'x', categoryId: 3 }], true],
    ['an address of another one', [{ kind: 'address', category: 'x', categoryId: 8 }], false],
    ['a listing by a sanctions list', [{ kind: 'sanctions', category: 'sanctions', categoryId: null }], true],
  ] as const)('%s triggers: %j %s', (_name, findings, triggered) => {
    expect(judge(chainalysis(), screening({ findings })).triggered).toBe(triggered);
  });
  test('alerts of some categories alone are those of their numbers, and those without one', () => {
    const rule = chainalysis({ alerts: { alertLevel: 'LOW', categoryIds: [1] } });
    expect(judge(rule, screening({ findings: [alert('SEVERE', 3)] })).triggered).toBe(false);
    expect(judge(rule, screening({ findings: [alert('LOW', 1)] })).triggered).toBe(true);
    expect(judge(rule, screening({ findings: [alert('LOW', null)] })).triggered).toBe(true);
  });
  test('the reason says what was found by whom, and what it was held against', () => {
    expect(judge(chainalysis(), screening({ findings: [alert('SEVERE')] }))).toMatchObject({
      reason: 'Screening by Chainalysis KYT found: SEVERE alert “sanctions” (3).',
      compared: {
        what: 'screening',
        value: 'SEVERE alert “sanctions” (3) by Chainalysis KYT',
        limit: 'sanctions lists; alerts from HIGH; direct exposure to categories 8; addresses of categories 3',
      },
    });
  });
  test('what one source found counts although another one failed and failures are skipped', () => {
    const rule = chainalysis({}, { skipChainalysisFailure: true });
    expect(judge(rule, screening({ outcome: 'failed', findings: [alert('SEVERE')] })).triggered).toBe(true);
    expect(judge(rule, screening({ outcome: 'failed', findings: [alert('LOW')] })).triggered).toBe(false);
  });
});

describe('without an answer', () => {
  const ALL = {
    skipUnscreenableTransaction: true,
    skipUnsupportedNetwork: true,
    skipUnsupportedAsset: true,
    skipChainalysisFailure: true,
  };
  test.each([
    ['skipUnsupportedNetwork', 'unsupportedNetwork'],
    ['skipUnsupportedAsset', 'unsupportedAsset'],
    ['skipChainalysisFailure', 'failed'],
  ] as const)('%s alone decides about %s', (flag, outcome) => {
    const said = screening({ outcome, sources: [] });
    expect(judge(chainalysis(), said).triggered).toBe(true);
    expect(judge(chainalysis({}, { [flag]: true }), said).triggered).toBe(false);
    expect(judge(chainalysis({}, { ...ALL, [flag]: false }), said).triggered).toBe(true);
  });
  test.each([
    ['recipient', someFacts({ recipient: null })],
    ['asset', someFacts({ asset: null })],
    ['amount', someFacts({ amount: null })],
  ])('a request whose %s is unknown is unscreenable, whatever lies beside it', (_what, facts) => {
    expect(judge(chainalysis(), screening(), facts).triggered).toBe(true);
    expect(judge(chainalysis({}, { skipUnscreenableTransaction: true }), null, facts).triggered).toBe(false);
    expect(judge(chainalysis({}, { ...ALL, skipUnscreenableTransaction: false }), null, facts).triggered).toBe(true);
  });
  test.each([
    ['missing', null],
    ['missing', { outcome: 'missing' }],
    ['stale', { outcome: 'stale' }],
    ['conflicting', screening({ outcome: 'conflicting' })],
  ] as const)('a fact that is %s triggers whatever the policy skips', (_what, said) => {
    expect(judge(chainalysis({}, ALL), said).triggered).toBe(true);
  });
  test('a flag that is not exactly true skips nothing', () => {
    const rule = chainalysis({ fallbackBehaviours: { ...SKIP_NOTHING, skipChainalysisFailure: 'true' } });
    expect(judge(rule, screening({ outcome: 'failed' })).triggered).toBe(true);
    expect(judge(chainalysis({ fallbackBehaviours: null }), screening({ outcome: 'failed' })).triggered).toBe(true);
  });
  test.each([
    { alerts: { alertLevel: 'NONE', categoryIds: [] } },
    { alerts: { alertLevel: 'LOW', categoryIds: ['3'] } },
    { exposures: {} },
    { addresses: { categoryIds: 'all' } },
  ])('a configuration that can’t be understood triggers: %j', (more) => {
    expect(judge(chainalysis(more as never, ALL), screening()).triggered).toBe(true);
  });
});

describe('Global Ledger', () => {
  const rule = (riskScoreThreshold: unknown, skip = false) => ({
    kind: 'GlobalLedgerTransactionPrescreening',
    configuration: {
      riskScoreThreshold,
      fallbackBehaviours: { ...SKIP_NOTHING, skipGlobalLedgerFailure: skip, skipChainalysisFailure: true },
    },
  });
  const scored = (score?: number) => screening({ vendor: 'GlobalLedger', ...(score === undefined ? {} : { score }) });
  test.each([
    [69.9, false],
    [70, true],
    [100, true],
    [undefined, true],
  ])('a score of %s at a threshold of 70 triggers: %s', (score, triggered) => {
    expect(judge(rule(70), scored(score)).triggered).toBe(triggered);
  });
  test('its own flag decides about its failures', () => {
    const said = screening({ vendor: 'GlobalLedger', outcome: 'failed' });
    expect(judge(rule(70), said).triggered).toBe(true);
    expect(judge(rule(70, true), said).triggered).toBe(false);
  });
  test('a threshold that is no score triggers', () => {
    expect(judge(rule(101), scored(0)).triggered).toBe(true);
    expect(judge(rule('70'), scored(0)).triggered).toBe(true);
  });
});

describe('travel rule', () => {
  const rule = (clearAfter?: number) => ({
    kind: 'TravelRuleTransactionPrescreening',
    configuration: {
      vendor: 'Notabene',
      autoTriggerTimeoutSeconds: 60,
      ...(clearAfter === undefined ? {} : { autoClearAfterDeliveredTimeoutSeconds: clearAfter }),
    },
  });
  const said = (state: NonNullable<Screening['message']>['state'], secondsAgo = 0) =>
    screening({ vendor: 'Notabene', message: { state, since: 1_000_000 - secondsAgo * 1000 } });
  test.each([
    ['accepted', 0, undefined, false],
    ['rejected', 0, undefined, true],
    ['pending', 9_999, 10, true],
    ['delivered', 9_999, undefined, true],
    ['delivered', 9, 10, true],
    ['delivered', 10, 10, false],
  ] as const)('a message %s for %s s with a clearing after %s s triggers: %s', (state, ago, clear, triggered) => {
    expect(judge(rule(clear), said(state, ago)).triggered).toBe(triggered);
  });
  test('a failure has no flag that lets it pass', () => {
    expect(judge(rule(), screening({ vendor: 'Notabene', outcome: 'failed' })).triggered).toBe(true);
    expect(judge(rule(), screening({ vendor: 'Notabene' })).triggered).toBe(true);
  });
});

describe('two answers', () => {
  test('of one moment agree, or nobody knows; what either found counts, for as long as the older one does', () => {
    expect(joinScreenings(screening(), screening())).toEqual(screening());
    const joined = joinScreenings(screening({ at: 5 }), screening({ at: 7, findings: [alert('SEVERE')] }));
    expect(joined).toMatchObject({ outcome: 'conflicting', at: 5, findings: [alert('SEVERE')] });
    expect(joinScreenings(screening(), screening({ outcome: 'failed' })).outcome).toBe('conflicting');
  });
  test('a later one keeps what was found, and takes no score back', () => {
    const earlier = screening({ findings: [alert('SEVERE')], score: 90 });
    const later = screening({ at: 2_000_000, score: 10 });
    expect(renewScreening(earlier, later)).toEqual({ ...later, findings: [alert('SEVERE')], score: 90 });
    expect(isWorse(earlier, later)).toBe(false);
    expect(isWorse(later, earlier)).toBe(true);
  });
  test('a failure after an answer is worse, an answer after a failure is not', () => {
    expect(isWorse(screening(), screening({ outcome: 'failed' }))).toBe(true);
    expect(isWorse(screening({ outcome: 'failed' }), screening())).toBe(false);
    expect(isWorse(screening({ outcome: 'failed' }), screening({ outcome: 'failed' }))).toBe(false);
  });
});
