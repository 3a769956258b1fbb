import type { PolicyDefinition } from '@/lib/client/shapes';

type Rule = PolicyDefinition['rule'];
type Action = PolicyDefinition['action'];

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
    default:
      return null;
  }
};

export const draftAction = (kind: Action['kind']): Action =>
  kind === 'RequestApproval'
    ? { kind, approvalGroups: [{ name: 'Approvers', quorum: 1, approvers: {} }], autoRejectTimeout: 1440 }
    : { kind };

/** Beginnings that the empty page offers. */
export const draftFor = (start: string | null): PolicyDefinition => {
  const approval = draftAction('RequestApproval');
  if (start === 'approval')
    return {
      name: 'Approve every payment',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: approval,
    };
  if (start === 'governance')
    return {
      name: 'Changes of policies',
      activityKind: 'Policies:Modify',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: approval,
    };
  return {
    name: start === 'limit' ? 'Limit' : '',
    activityKind: 'Wallets:Sign',
    rule: { kind: 'TransactionAmountLimit', configuration: { limit: 10_000, currency: 'USD' } },
    action: approval,
  };
};
