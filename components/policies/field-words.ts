import { plainOf, showDecimal } from '@/components/ui/decimal';
import { approvalGroup } from '@/lib/contract/policies';
import { escalationWords, groupWords, minutesWords } from './words';

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  status: 'Status',
  activityKind: 'Looks at',
  'rule.kind': 'Triggers',
  'rule.configuration.limit': 'Limit',
  'rule.configuration.currency': 'Currency',
  'rule.configuration.timeframe': 'Within',
  'rule.configuration.addresses': 'Recipients that pass',
  'action.kind': 'Then',
  'action.approvalGroups': 'Groups',
  'action.autoRejectTimeout': 'Deadline',
  'action.minimumDelay': 'Waits at least',
  'filters.walletId.in': 'Only for wallets',
  'filters.walletTags.hasAny': 'Only for wallets tagged any of',
  'filters.walletTags.hasAll': 'Only for wallets tagged all of',
  'filters.permissionId.in': 'Only for roles',
  'filters.policyId.in': 'Only for policies',
};

const GROUP_NAMES: Readonly<Record<string, string>> = {
  name: 'name',
  quorum: 'quorum',
  'approvers.userId.in': 'approvers',
  initiatorCanApprove: 'requester may approve',
  serviceAccountsCanApprove: 'service accounts count',
  escalation: 'asks more people',
  'escalation.afterMinutes': 'asks more people after',
  'escalation.approvers.userId.in': 'then also asks',
};

const MINUTES = /(timeframe|autoRejectTimeout|minimumDelay|afterMinutes)$/;

/** A member of a policy's definition as people call it; what has no name here is called by its path. */
export const fieldName = (path: string): string => {
  const group = /^action\.approvalGroups\.(\d+)(?:\.(.*))?$/.exec(path);
  if (!group) return NAMES[path] ?? path;
  const number = `Group ${Number(group[1]) + 1}`;
  return group[2] ? `${number}: ${GROUP_NAMES[group[2]] ?? group[2]}` : number;
};

/** Whole groups, or what a group says of later, in words; null for anything else. */
const groupText = (path: string, value: unknown, nameOf: (id: string) => string): string | null => {
  if (path.endsWith('.escalation')) {
    const escalation = approvalGroup.shape.escalation.safeParse(value).data;
    return escalation ? escalationWords(escalation, nameOf) : null;
  }
  if (!path.startsWith('action.approvalGroups')) return null;
  const groups = approvalGroup.array().safeParse(Array.isArray(value) ? value : [value]).data;
  return groups ? groups.map((group) => groupWords(group, nameOf)).join(' and ') : null;
};

/** A value of a definition in words; null where there is none. */
export const fieldValue = (path: string, value: unknown, nameOf: (id: string) => string): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return MINUTES.test(path) ? minutesWords(value) : showDecimal(plainOf(value));
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.length === 0
      ? 'none'
      : value.map((item) => (/^[a-z]{2,3}-/.test(item) ? nameOf(item) : item)).join(', ');
  return groupText(path, value, nameOf) ?? JSON.stringify(value);
};
