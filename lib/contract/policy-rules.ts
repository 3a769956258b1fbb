import { z } from 'zod';

const wholeNumber = z.number().int().nonnegative();
const money = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
const currency = z.literal('USD', { error: 'must be "USD"' });
/** Minutes, at most 30 days. */
const timeframe = z.number().int().min(1).max(43_200);
const categoryIds = z.array(wholeNumber).max(1000);

const fallback = <K extends string>(failure: K) =>
  z.strictObject({
    skipUnscreenableTransaction: z.boolean(),
    skipUnsupportedNetwork: z.boolean(),
    skipUnsupportedAsset: z.boolean(),
    ...({ [failure]: z.boolean() } as Record<K, z.ZodBoolean>),
  });

const screening = {
  alerts: z.strictObject({ alertLevel: z.enum(['LOW', 'MEDIUM', 'HIGH', 'SEVERE']), categoryIds }),
  exposures: z.strictObject({ direct: z.strictObject({ categoryIds }) }),
  userIdTemplate: z.string().max(500).optional(),
  fallbackBehaviours: fallback('skipChainalysisFailure'),
};

const rule = <K extends string, C extends z.ZodType>(kind: K, configuration: C) =>
  z.strictObject({ kind: z.literal(kind), configuration });

/**
 * Every rule of the dialect with its closed configuration (contract §4.2). A rule that can't be evaluated is still stored;
 * it adds its requirement, it never falls away (design §4.4).
 */
export const policyRule = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('AlwaysTrigger'), configuration: z.strictObject({}).optional() }),
    rule(
      'TransactionRecipientWhitelist',
      z.strictObject({ addresses: z.array(z.string().min(1).max(256)).max(10_000) }),
    ),
    rule('TransactionAmountLimit', z.strictObject({ limit: money, currency })),
    rule('TransactionAmountVelocity', z.strictObject({ limit: money, currency, timeframe })),
    rule('TransactionCountVelocity', z.strictObject({ limit: wholeNumber, timeframe })),
    rule(
      'ChainalysisTransactionPrescreening',
      z.strictObject({ ...screening, addresses: z.strictObject({ categoryIds }) }),
    ),
    rule('ChainalysisTransactionScreening', z.strictObject(screening)),
    rule(
      'GlobalLedgerTransactionPrescreening',
      z.strictObject({
        riskScoreThreshold: z.number().min(0).max(100),
        fallbackBehaviours: fallback('skipGlobalLedgerFailure'),
      }),
    ),
    rule(
      'TravelRuleTransactionPrescreening',
      z.strictObject({
        vendor: z.literal('Notabene'),
        autoTriggerTimeoutSeconds: wholeNumber,
        autoClearAfterDeliveredTimeoutSeconds: wholeNumber.optional(),
      }),
    ),
  ],
  { error: 'is not a known policy rule' },
);

export type PolicyRuleKind = z.infer<typeof policyRule>['kind'];

/** Rules this version evaluates; any other would always trigger. */
export const EVALUATED_RULES: readonly PolicyRuleKind[] = [
  'AlwaysTrigger',
  'TransactionAmountLimit',
  'TransactionAmountVelocity',
  'TransactionRecipientWhitelist',
  'TransactionCountVelocity',
  'ChainalysisTransactionPrescreening',
  'ChainalysisTransactionScreening',
  'GlobalLedgerTransactionPrescreening',
  'TravelRuleTransactionPrescreening',
];
