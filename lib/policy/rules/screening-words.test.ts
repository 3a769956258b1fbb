import { describe, expect, test } from 'vitest';
import type { PolicyRule } from '../policy';
import type { Finding, Screening, ScreeningReading } from '../screening';
import { anActivity, someFacts } from '../testing/builders';
import { evaluateScreening, vendorOfRule } from './screening';

const screening = (more: Partial<Screening> = {}): Screening => ({
  vendor: 'Chainalysis',
  outcome: 'screened',
  sources: ['KYT'],
  findings: [],
  at: 1_000_000,
  ...more,
});
const chainalysis = (more: { readonly [key: string]: unknown } = {}): PolicyRule => ({
  kind: 'ChainalysisTransactionScreening',
  configuration: {
    alerts: { alertLevel: 'HIGH', categoryIds: [] },
    exposures: { direct: { categoryIds: [] } },
    ...more,
  },
});
const said = (rule: PolicyRule, reading?: ScreeningReading, facts = someFacts()) =>
  evaluateScreening(rule, anActivity({ facts, ...(reading ? { screening: () => reading } : {}) }));
const skipping = (flag: string) => chainalysis({ fallbackBehaviours: { [flag]: true } });
const finding = (kind: Finding['kind'], categoryId: number | null, level?: Finding['level']): Finding => ({
  kind,
  category: 'mixer',
  categoryId,
  ...(level ? { level } : {}),
});
const NO = 'This policy does not let such requests pass.';
const YES = 'This policy lets such requests pass.';
const LIMIT = 'sanctions lists; alerts from HIGH; direct exposure to categories none';
const UNKNOWN = "The configuration of this policy can't be understood.";

test('each rule asks its vendor, and other rules nobody', () => {
  expect(
    [
      'ChainalysisTransactionPrescreening',
      'ChainalysisTransactionScreening',
      'GlobalLedgerTransactionPrescreening',
      'TravelRuleTransactionPrescreening',
      'AlwaysTrigger',
    ].map(vendorOfRule),
  ).toEqual(['Chainalysis', 'Chainalysis', 'GlobalLedger', 'Notabene', null]);
  const asked: string[] = [];
  const noting = (vendor: string): ScreeningReading => {
    asked.push(vendor);
    return { outcome: 'stale' };
  };
  evaluateScreening(chainalysis(), anActivity({ screening: noting }));
  expect(asked).toEqual(['Chainalysis']);
});

describe('where nothing was screened the reason says why, and what the policy does about it', () => {
  test.each([
    ['nobody answered', undefined, 'Not screened: there is no signed answer of Chainalysis about this transfer.'],
    ['the answer is old', { outcome: 'stale' }, 'Not screened: the signed answer of Chainalysis is too old.'],
    [
      'answers differ',
      screening({ outcome: 'conflicting' }),
      'Not screened: signed answers of Chainalysis contradict each other.',
    ],
    [
      'the network is unknown',
      screening({ outcome: 'unsupportedNetwork' }),
      `Not screened: Chainalysis does not know the network. ${NO}`,
    ],
    [
      'the asset is unknown',
      screening({ outcome: 'unsupportedAsset' }),
      `Not screened: Chainalysis does not know the asset. ${NO}`,
    ],
    ['the vendor failed', screening({ outcome: 'failed' }), `Not screened: Chainalysis did not answer. ${NO}`],
    [
      'the vendor failed and said why',
      screening({ outcome: 'failed', reason: 'timeout' }),
      `Not screened: Chainalysis did not answer (timeout). ${NO}`,
    ],
  ] as const)('%s', (_what, reading, reason) => {
    expect(said(chainalysis(), reading)).toEqual({
      triggered: true,
      reason,
      compared: { what: 'screening', value: null, limit: LIMIT },
    });
  });
  test('a request that can’t be screened, and flags that let a request pass', () => {
    const facts = someFacts({ recipient: null });
    const why = "Not screened: who receives what can't be told from the request.";
    expect(said(chainalysis(), undefined, facts)).toMatchObject({ triggered: true, reason: `${why} ${NO}` });
    expect(said(skipping('skipUnscreenableTransaction'), undefined, facts)).toEqual({
      triggered: false,
      reason: `${why} ${YES}`,
      compared: { what: 'screening', value: null, limit: LIMIT },
    });
    expect(evaluateScreening(chainalysis(), anActivity({ facts: undefined })).reason).toBe(`${why} ${NO}`);
    expect(said(skipping('skipUnsupportedNetwork'), screening({ outcome: 'unsupportedNetwork' })).reason).toBe(
      `Not screened: Chainalysis does not know the network. ${YES}`,
    );
    const travel = { kind: 'TravelRuleTransactionPrescreening', configuration: { autoTriggerTimeoutSeconds: 1 } };
    expect(said(travel, screening({ vendor: 'Notabene', outcome: 'failed' })).reason).toBe(
      `Not screened: Notabene did not answer. ${NO}`,
    );
  });
});

describe('what Chainalysis found is told', () => {
  test.each([
    ['nothing', [], false, 'nothing found'],
    ['an alert that is too mild', [finding('alert', 2, 'LOW')], false, 'LOW alert “mixer” (2)'],
    ['an alert without a level counts as the worst', [finding('alert', 2)], true, 'alert “mixer” (2)'],
    ['a listing without a number', [finding('sanctions', null)], true, 'listing “mixer”'],
    ['exposure nobody named', [finding('exposure', 7)], false, 'direct exposure “mixer” (7)'],
    ['an address nobody named', [finding('address', null)], false, 'address known “mixer”'],
    [
      'two things',
      [finding('alert', 1, 'HIGH'), finding('alert', 2, 'SEVERE')],
      true,
      'HIGH alert “mixer” (1), SEVERE alert “mixer” (2)',
    ],
    [
      'what is held against it alone',
      [finding('alert', 1, 'LOW'), finding('alert', 2, 'HIGH')],
      true,
      'HIGH alert “mixer” (2)',
    ],
  ] as const)('%s', (_what, findings, triggered, value) => {
    expect(said(chainalysis(), screening({ findings }))).toEqual({
      triggered,
      reason: triggered
        ? `Screening by KYT found: ${value}.`
        : `Screening by KYT found nothing this policy looks for: ${value}.`,
      compared: { what: 'screening', value: `${value} by KYT`, limit: LIMIT },
    });
  });
  test('by whom, where several answered or nobody is named', () => {
    expect(said(chainalysis(), screening({ sources: ['KYT', 'OFAC'] })).compared?.value).toBe(
      'nothing found by KYT, OFAC',
    );
    expect(said(chainalysis(), screening({ sources: [] })).reason).toBe(
      'Screening found nothing this policy looks for: nothing found.',
    );
  });
  test('against what: levels, categories, exposure and addresses', () => {
    const rule = chainalysis({
      alerts: { alertLevel: 'LOW', categoryIds: [1, 2] },
      exposures: { direct: { categoryIds: [3, 4] } },
      addresses: { categoryIds: [] },
    });
    expect(said(rule, screening()).compared?.limit).toBe(
      'sanctions lists; alerts from LOW of categories 1, 2; direct exposure to categories 3, 4; addresses of categories none',
    );
  });
  test('an alert of the last level is the level', () => {
    const rule = chainalysis({ alerts: { alertLevel: 'SEVERE', categoryIds: [] } });
    expect(said(rule, screening({ findings: [finding('alert', 1, 'SEVERE')] })).triggered).toBe(true);
    expect(said(rule, screening({ findings: [finding('alert', 1)] })).triggered).toBe(true);
    expect(said(rule, screening({ findings: [finding('alert', 1, 'HIGH')] })).triggered).toBe(false);
  });
  test('addresses and exposure of a named category, and of none where categories are named', () => {
    const rule = chainalysis({ exposures: { direct: { categoryIds: [3] } }, addresses: { categoryIds: [5] } });
    const triggers = (one: Finding) => said(rule, screening({ findings: [one] })).triggered;
    expect([3, 5, null].map((id) => triggers(finding('exposure', id)))).toEqual([true, false, true]);
    expect([3, 5, null].map((id) => triggers(finding('address', id)))).toEqual([false, true, true]);
  });
  test('a kind of finding nobody knows counts', () => {
    const findings: Finding[] = JSON.parse('[{"kind":"omen","category":"mixer","categoryId":1}]');
    expect(said(chainalysis(), screening({ findings })).triggered).toBe(true);
  });
});

test('a risk score is told with its threshold', () => {
  const rule = { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold: 40 } };
  const scored = (score?: number) =>
    said(rule, screening({ vendor: 'GlobalLedger', ...(score === undefined ? {} : { score }) }));
  expect([39, 40, undefined].map((score) => [scored(score).triggered, scored(score).compared])).toEqual([
    [false, { what: 'screening', value: 'risk score 39 by KYT', limit: 'risk score 40' }],
    [true, { what: 'screening', value: 'risk score 40 by KYT', limit: 'risk score 40' }],
    [true, { what: 'screening', value: 'no risk score by KYT', limit: 'risk score 40' }],
  ]);
});
test('a message is told with how long it waits, which is never less than nothing', () => {
  const rule = (clearAfter?: number) => ({
    kind: 'TravelRuleTransactionPrescreening',
    configuration: { autoTriggerTimeoutSeconds: 60, autoClearAfterDeliveredTimeoutSeconds: clearAfter },
  });
  const message = (state: NonNullable<Screening['message']>['state'], since: number) =>
    screening({ vendor: 'Notabene', message: { state, since } });
  expect(said(rule(), message('pending', 998_500)).compared).toEqual({
    what: 'screening',
    value: 'message pending for 1 s by KYT',
    limit: 'accepted by the other side',
  });
  expect(said(rule(10), message('delivered', 2_000_000)).compared).toEqual({
    what: 'screening',
    value: 'message delivered for 0 s by KYT',
    limit: 'accepted, or delivered 10 s ago with no answer',
  });
  expect(said(rule(0), message('delivered', 2_000_000)).triggered).toBe(false);
  expect(said(rule(), screening({ vendor: 'Notabene' })).compared?.value).toBe('no message by KYT');
});

describe('a configuration that can’t be understood triggers and says so', () => {
  test.each([
    { kind: 'AlwaysTrigger', configuration: {} },
    { kind: 'ChainalysisTransactionScreening' },
    chainalysis({ alerts: undefined }),
    chainalysis({ alerts: 'HIGH' }),
    chainalysis({ alerts: null }),
    chainalysis({ alerts: { alertLevel: 'HIGH', categoryIds: 'all' } }),
    chainalysis({ alerts: { alertLevel: 'HIGH', categoryIds: [1, 1.5] } }),
    chainalysis({ exposures: { direct: { categoryIds: null } } }),
    chainalysis({ addresses: {} }),
    chainalysis({ addresses: null }),
    { kind: 'GlobalLedgerTransactionPrescreening' },
    { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold: -0.1 } },
    { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold: 100.1 } },
    { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold: Number.NaN } },
    { kind: 'TravelRuleTransactionPrescreening' },
    { kind: 'TravelRuleTransactionPrescreening', configuration: { autoTriggerTimeoutSeconds: '60' } },
  ])('%j', (rule) => {
    expect(said(rule, screening())).toEqual({ triggered: true, reason: UNKNOWN });
  });
  test.each([0, 100])('a threshold of %s can be', (riskScoreThreshold) => {
    const rule = { kind: 'GlobalLedgerTransactionPrescreening', configuration: { riskScoreThreshold } };
    expect(said(rule, screening({ vendor: 'GlobalLedger', score: 0 })).reason).not.toBe(UNKNOWN);
  });
});
