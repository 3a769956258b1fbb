import { plainOf, showDecimal } from '@/components/ui/decimal';
import type { PolicyDefinition, ReminderSchedule } from '@/lib/client/shapes';

export type Group = Extract<PolicyDefinition['action'], { kind: 'RequestApproval' }>['approvalGroups'][number];
type Rule = PolicyDefinition['rule'];

/** Minutes as people say them. */
export const minutesWords = (minutes: number): string => {
  if (Number.isNaN(minutes)) return '';
  const say = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (minutes % 1440 === 0) return say(minutes / 1440, 'day');
  if (minutes % 60 === 0) return say(minutes / 60, 'hour');
  return say(minutes, 'minute');
};

/** Who is asked besides, and from when on. */
export const escalationWords = (
  { afterMinutes, approvers }: NonNullable<Group['escalation']>,
  nameOf: (id: string) => string,
): string => `after ${minutesWords(afterMinutes)} also ${approvers.userId.in.map(nameOf).join(', ') || 'nobody yet'}`;

/** A group as "Treasury: 2 of Ann, Ben; after 1 hour also Carol". */
export const groupWords = (group: Group, nameOf: (id: string) => string): string => {
  const listed = group.approvers.userId?.in;
  const who = listed ? listed.map(nameOf).join(', ') || 'nobody yet' : 'anybody in the organisation';
  const extra = [
    group.initiatorCanApprove && 'the requester may be one of them',
    group.serviceAccountsCanApprove && 'service accounts count',
  ].filter(Boolean);
  const later = group.escalation ? `; ${escalationWords(group.escalation, nameOf)}` : '';
  return `${group.name ? `${group.name}: ` : ''}${group.quorum} of ${who}${extra.length ? ` (${extra.join('; ')})` : ''}${later}`;
};

/** How often something is done: "every hour", "every 2 days". */
export const everyWords = (minutes: number): string => `every ${minutesWords(minutes).replace(/^1 /, '')}`;

/** How often people are reminded of what waits for them. */
export const reminderWords = ({ everyMinutes, atMost }: ReminderSchedule): string =>
  atMost === 0
    ? 'not reminded'
    : `reminded by mail ${everyWords(everyMinutes)}, ${atMost === 1 ? 'once' : `${atMost} times`} at most`;

const money = (limit: number, currency: string): string => `${showDecimal(plainOf(limit))} ${currency}`;

const SKIPPED: Readonly<Record<string, string>> = {
  skipUnscreenableTransaction: 'requests that can’t be screened',
  skipUnsupportedNetwork: 'unknown networks',
  skipUnsupportedAsset: 'unknown assets',
  skipChainalysisFailure: 'failures of the vendor',
  skipGlobalLedgerFailure: 'failures of the vendor',
};

/** What a rule lets pass without an answer. */
export const skipLabel = (flag: string): string => SKIPPED[flag] ?? flag;

const unscreenedWords = (fallback: Readonly<Record<string, boolean>>): string => {
  const skipped = Object.entries(fallback).flatMap(([flag, isSkipped]) => (isSkipped ? [skipLabel(flag)] : []));
  return skipped.length > 0 ? `or without an answer, except for ${skipped.join(', ')}` : 'or without an answer';
};

/** When the rule triggers. */
export const ruleWords = (rule: Rule): string => {
  switch (rule.kind) {
    case 'AlwaysTrigger':
      return 'always';
    case 'TransactionAmountLimit':
      return `when the value is above ${money(rule.configuration.limit, rule.configuration.currency)} or unknown`;
    case 'TransactionAmountVelocity':
      return `when a wallet sends more than ${money(rule.configuration.limit, rule.configuration.currency)} within ${minutesWords(rule.configuration.timeframe)}, or a value is unknown`;
    case 'TransactionCountVelocity':
      return `when a wallet makes more than ${rule.configuration.limit} request${rule.configuration.limit === 1 ? '' : 's'} within ${minutesWords(rule.configuration.timeframe)}`;
    case 'TransactionRecipientWhitelist': {
      const count = rule.configuration.addresses.length;
      return count === 0
        ? 'always: no recipient is listed'
        : `when the recipient is not one of ${count} listed address${count === 1 ? '' : 'es'}, or unknown`;
    }
    case 'ChainalysisTransactionPrescreening':
    case 'ChainalysisTransactionScreening': {
      const { alerts, exposures, fallbackBehaviours } = rule.configuration;
      const addresses = 'addresses' in rule.configuration ? rule.configuration.addresses.categoryIds : [];
      const of = (categories: readonly number[]) => ` of categories ${categories.join(', ')}`;
      return [
        'when the other side is on a sanctions list',
        `alerts from ${alerts.alertLevel}${alerts.categoryIds.length > 0 ? of(alerts.categoryIds) : ''}`,
        ...(exposures.direct.categoryIds.length > 0 ? [`direct exposure${of(exposures.direct.categoryIds)}`] : []),
        ...(addresses.length > 0 ? [`addresses${of(addresses)}`] : []),
        unscreenedWords(fallbackBehaviours),
      ].join('; ');
    }
    case 'GlobalLedgerTransactionPrescreening':
      return `when the risk score is ${rule.configuration.riskScoreThreshold} or more; ${unscreenedWords(rule.configuration.fallbackBehaviours)}`;
    case 'TravelRuleTransactionPrescreening': {
      const clear = rule.configuration.autoClearAfterDeliveredTimeoutSeconds;
      return `unless the travel-rule message is accepted${clear === undefined ? '' : `, or was delivered ${clear} s ago and not answered`}`;
    }
    default:
      return 'by a rule this console does not know';
  }
};

const ACTIVITY: Readonly<Record<PolicyDefinition['activityKind'], string>> = {
  'Wallets:Sign': 'transfers, transactions, signatures',
  'Wallets:IncomingTransaction': 'incoming transactions',
  'Permissions:Assign': 'giving and taking roles',
  'Permissions:Modify': 'changing roles',
  'Policies:Modify': 'changing policies, and unfreezing',
  'Registry:Addresses:Modify': 'changing the address book',
  'Registry:ContractSchemas:Modify': 'changing contract schemas',
};

export const activityWords = (kind: PolicyDefinition['activityKind']): string => ACTIVITY[kind];

export const RULE_LABELS: Readonly<Record<Rule['kind'], string>> = {
  AlwaysTrigger: 'Always',
  TransactionAmountLimit: 'Value above a limit',
  TransactionAmountVelocity: 'Value over time above a limit',
  TransactionCountVelocity: 'Number of requests over time',
  TransactionRecipientWhitelist: 'Recipient not on a list',
  ChainalysisTransactionPrescreening: 'Chainalysis prescreening',
  ChainalysisTransactionScreening: 'Chainalysis screening',
  GlobalLedgerTransactionPrescreening: 'Global Ledger prescreening',
  TravelRuleTransactionPrescreening: 'Travel rule',
};

export const ACTION_LABELS: Readonly<Record<PolicyDefinition['action']['kind'], string>> = {
  RequestApproval: 'Ask for approval',
  Block: 'Block',
  NoAction: 'Only note it',
};
