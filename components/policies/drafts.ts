import type { PolicyDefinition } from '@/lib/client/shapes';
import { POLICY_TABLE } from '@/lib/contract/policies';

type Rule = PolicyDefinition['rule'];
type Action = PolicyDefinition['action'];

const SKIP_NOTHING = {
  skipUnscreenableTransaction: false,
  skipUnsupportedNetwork: false,
  skipUnsupportedAsset: false,
};

/** A rule of the kind with values to start from. */
export const draftRule = (kind: Rule['kind']): Rule | null => {
  switch (kind) {
    case 'AlwaysTrigger':
      return { kind, configuration: {} };
    case 'TransactionAmountLimit':
      return { kind, configuration: { limit: 10_000, currency: 'USD' } };
    case 'TransactionAmountVelocity':
      return { kind, configuration: { limit: 50_000, currency: 'USD', timeframe: 1440 } };
    case 'TransactionCountVelocity':
      return { kind, configuration: { limit: 10, timeframe: 60 } };
    case 'TransactionRecipientWhitelist':
      return { kind, configuration: { addresses: [] } };
    case 'ChainalysisTransactionPrescreening':
      return {
        kind,
        configuration: {
          alerts: { alertLevel: 'HIGH', categoryIds: [] },
          exposures: { direct: { categoryIds: [] } },
          addresses: { categoryIds: [] },
          fallbackBehaviours: { ...SKIP_NOTHING, skipChainalysisFailure: false },
        },
      };
    case 'ChainalysisTransactionScreening':
      return {
        kind,
        configuration: {
          alerts: { alertLevel: 'HIGH', categoryIds: [] },
          exposures: { direct: { categoryIds: [] } },
          fallbackBehaviours: { ...SKIP_NOTHING, skipChainalysisFailure: false },
        },
      };
    case 'GlobalLedgerTransactionPrescreening':
      return {
        kind,
        configuration: {
          riskScoreThreshold: 70,
          fallbackBehaviours: { ...SKIP_NOTHING, skipGlobalLedgerFailure: false },
        },
      };
    case 'TravelRuleTransactionPrescreening':
      return { kind, configuration: { vendor: 'Notabene', autoTriggerTimeoutSeconds: 0 } };
    default:
      return null;
  }
};

export const draftAction = (kind: Action['kind']): Action =>
  kind === 'RequestApproval'
    ? { kind, approvalGroups: [{ name: 'Approvers', quorum: 1, approvers: {} }], autoRejectTimeout: 1440 }
    : { kind };

/** What an action becomes on another kind of activity: only requests for signatures can be made to wait. */
export const actionFor = (activityKind: PolicyDefinition['activityKind'], action: Action): Action => {
  const { actions } = POLICY_TABLE[activityKind];
  if (!actions.includes(action.kind)) return draftAction(actions[0] ?? 'RequestApproval');
  if (action.kind !== 'RequestApproval' || activityKind === 'Wallets:Sign') return action;
  const { minimumDelay: _minimumDelay, ...rest } = action;
  return rest;
};

const always: Rule = { kind: 'AlwaysTrigger', configuration: {} };
const approval = draftAction('RequestApproval');
const sign = 'Wallets:Sign' as const;

const drafts = {
  approval: { name: 'Approve every payment', activityKind: sign, rule: always, action: approval },
  limit: {
    name: 'Limit',
    activityKind: sign,
    rule: { kind: 'TransactionAmountLimit', configuration: { limit: 10_000, currency: 'USD' } },
    action: approval,
  },
  day: {
    name: 'Daily limit',
    activityKind: sign,
    rule: { kind: 'TransactionAmountVelocity', configuration: { limit: 50_000, currency: 'USD', timeframe: 1440 } },
    action: approval,
  },
  rate: {
    name: 'Ten requests an hour',
    activityKind: sign,
    rule: { kind: 'TransactionCountVelocity', configuration: { limit: 10, timeframe: 60 } },
    action: approval,
  },
  recipients: {
    name: 'Listed recipients only',
    activityKind: sign,
    rule: { kind: 'TransactionRecipientWhitelist', configuration: { addresses: [] } },
    action: { kind: 'Block' },
  },
  governance: { name: 'Changes of policies', activityKind: 'Policies:Modify', rule: always, action: approval },
  roles: { name: 'Giving and taking roles', activityKind: 'Permissions:Assign', rule: always, action: approval },
} satisfies Readonly<Record<string, PolicyDefinition>>;

const isKnown = (start: string): start is keyof typeof drafts => Object.hasOwn(drafts, start);

/** The beginnings that the gallery and the empty page offer; an unknown one is a limit without a name. */
export const draftFor = (start: string | null): PolicyDefinition =>
  start !== null && isKnown(start) ? drafts[start] : { ...drafts.limit, name: '' };
