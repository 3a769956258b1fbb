import { z } from 'zod';
import { policyChangeRequestOf } from './change-requests';
import { displayName, emptyBody, idField, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, policyPageQuery } from './pagination';
import { type PolicyRuleKind, policyRule } from './policy-rules';

export const ACTIVITY_KINDS = [
  'Wallets:Sign',
  'Wallets:IncomingTransaction',
  'Permissions:Assign',
  'Permissions:Modify',
  'Policies:Modify',
  'Registry:Addresses:Modify',
  'Registry:ContractSchemas:Modify',
] as const;
type ActivityKind = (typeof ACTIVITY_KINDS)[number];
type ActionKind = 'Block' | 'NoAction' | 'RequestApproval';
type FilterKind = 'walletId' | 'walletTags' | 'permissionId' | 'policyId';

/** What may be combined (contract §4.1). Everything outside this table is refused with 400. */
export const POLICY_TABLE: Readonly<
  Record<
    ActivityKind,
    { rules: readonly PolicyRuleKind[]; actions: readonly ActionKind[]; filters: readonly FilterKind[] }
  >
> = {
  'Wallets:Sign': {
    rules: [
      'AlwaysTrigger',
      'TransactionRecipientWhitelist',
      'TransactionAmountLimit',
      'TransactionAmountVelocity',
      'TransactionCountVelocity',
      'ChainalysisTransactionPrescreening',
      'GlobalLedgerTransactionPrescreening',
      'TravelRuleTransactionPrescreening',
    ],
    actions: ['Block', 'RequestApproval', 'NoAction'],
    filters: ['walletId', 'walletTags'],
  },
  'Wallets:IncomingTransaction': {
    rules: ['ChainalysisTransactionScreening'],
    actions: ['NoAction'],
    filters: ['walletId', 'walletTags'],
  },
  'Permissions:Assign': { rules: ['AlwaysTrigger'], actions: ['Block', 'RequestApproval'], filters: ['permissionId'] },
  'Permissions:Modify': { rules: ['AlwaysTrigger'], actions: ['Block', 'RequestApproval'], filters: ['permissionId'] },
  // A Block here would lock the organisation out of its own policies for good.
  'Policies:Modify': { rules: ['AlwaysTrigger'], actions: ['RequestApproval'], filters: ['policyId'] },
  'Registry:Addresses:Modify': { rules: ['AlwaysTrigger'], actions: ['Block', 'RequestApproval'], filters: [] },
  'Registry:ContractSchemas:Modify': { rules: ['AlwaysTrigger'], actions: ['Block', 'RequestApproval'], filters: [] },
};

/** A group of approvers. `approvers: {}` is any person of the organisation. Contract §4.3. */
export const approvalGroup = z
  .strictObject({
    name: displayName.optional(),
    quorum: z.number().int().min(1),
    approvers: z.strictObject({ userId: z.strictObject({ in: z.array(idField).min(1).max(100) }).optional() }),
    initiatorCanApprove: z.boolean().optional(),
    serviceAccountsCanApprove: z.boolean().optional(),
    /** Our addition: after so long without a decision these people may take seats too. The quorum stays as it is. */
    escalation: z
      .strictObject({
        afterMinutes: z.number().int().min(1).max(43_200),
        approvers: z.strictObject({ userId: z.strictObject({ in: z.array(idField).min(1).max(100) }) }),
      })
      .optional(),
  })
  .superRefine((group, context) => {
    const listed = group.approvers.userId?.in;
    if (listed === undefined) {
      if (group.escalation)
        context.addIssue({
          code: 'custom',
          path: ['escalation'],
          message: 'a group of anybody has nobody to escalate to',
        });
      return;
    }
    const people = new Set(listed).size;
    if (people < group.quorum) {
      const message = `a quorum of ${group.quorum} can't be reached by ${people} listed approver${people === 1 ? '' : 's'}`;
      context.addIssue({ code: 'custom', path: ['quorum'], message });
    }
  });

/** Minutes until an undecided approval is rejected; ten years at most, so that every date stays a date. */
const autoRejectTimeout = z.number().int().min(1).max(5_256_000).nullable().optional();

/**
 * Our addition: minutes from a request to its signature at the least, however fast it is approved. Five days at most: what is approved and
 * not signed within seven days expires.
 */
const minimumDelay = z.number().int().min(1).max(7200).optional();

export const policyAction = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('Block') }),
    z.strictObject({ kind: z.literal('NoAction') }),
    z.strictObject({
      kind: z.literal('RequestApproval'),
      approvalGroups: z.array(approvalGroup).min(1).max(100),
      autoRejectTimeout,
      minimumDelay,
    }),
  ],
  { error: 'is not a known policy action' },
);

const oneOf = z.strictObject({ in: z.array(idField).min(1).max(100) });
const tags = z.array(z.string().min(1).max(100)).min(1).max(100);
const policyFilters = z.strictObject({
  walletId: oneOf.optional(),
  walletTags: z
    .strictObject({ hasAny: tags.optional(), hasAll: tags.optional() })
    .refine((filter) => filter.hasAny !== undefined || filter.hasAll !== undefined, {
      error: 'hasAny or hasAll is needed',
    })
    .optional(),
  permissionId: oneOf.optional(),
  policyId: oneOf.optional(),
});

const definition = {
  name: displayName,
  activityKind: z.enum(ACTIVITY_KINDS, { error: 'is not a known activity kind' }),
  rule: policyRule,
  action: policyAction,
  filters: policyFilters.optional(),
};

/** Body of create and update; an update replaces the whole definition. */
export const policyBody = z.strictObject(definition).superRefine((policy, context) => {
  const allowed = POLICY_TABLE[policy.activityKind];
  const refuse = (path: readonly string[], what: string, given: string, choices: readonly string[]) =>
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: `a policy on "${policy.activityKind}" can't have the ${what} "${given}"; allowed: ${choices.join(', ') || 'none'}`,
    });
  if (!allowed.rules.includes(policy.rule.kind)) refuse(['rule', 'kind'], 'rule', policy.rule.kind, allowed.rules);
  if (!allowed.actions.includes(policy.action.kind))
    refuse(['action', 'kind'], 'action', policy.action.kind, allowed.actions);
  if (policy.action.kind === 'RequestApproval' && policy.action.minimumDelay && policy.activityKind !== 'Wallets:Sign')
    context.addIssue({
      code: 'custom',
      path: ['action', 'minimumDelay'],
      message: 'only a policy on "Wallets:Sign" can let what it asks for wait',
    });
  for (const filter of ['walletId', 'walletTags', 'permissionId', 'policyId'] as const) {
    const isGiven = policy.filters?.[filter] !== undefined;
    if (isGiven && !allowed.filters.includes(filter)) refuse(['filters', filter], 'filter', filter, allowed.filters);
  }
});

export const policy = z.object({
  id: z.string(),
  status: z.enum(['Active', 'Archived']),
  dateCreated: timestamp.optional(),
  dateUpdated: timestamp.optional(),
  ...definition,
});
export const policyChangeRequest = policyChangeRequestOf(policy);
export const policyWithPending = policy.extend({ pendingChangeRequest: policyChangeRequest.optional() });

const ONE = '/v2/policies/:policyId';
const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;
const change = { access: 'bearer', userAction: true, governs: 'governance', built: true } as const;

export const POLICIES: readonly Operation[] = [
  {
    id: 'policies.listPolicies',
    path: '/v2/policies',
    ...read,
    permission: ['Policies:Read'],
    query: policyPageQuery.extend({ status: z.enum(['Active', 'Archived']).optional() }),
    response: pageOf(policyWithPending),
  },
  { id: 'policies.getPolicy', path: ONE, ...read, permission: ['Policies:Read'], response: policyWithPending },
  {
    id: 'policies.createPolicy',
    method: 'POST',
    path: '/v2/policies',
    ...change,
    permission: ['Policies:Create'],
    body: policyBody,
    response: policy,
  },
  {
    id: 'policies.updatePolicy',
    method: 'PUT',
    path: ONE,
    ...change,
    permission: ['Policies:Update'],
    body: policyBody,
    response: policy,
    mayAnswer202: true,
  },
  {
    id: 'policies.archivePolicy',
    method: 'DELETE',
    path: ONE,
    ...change,
    permission: ['Policies:Archive'],
    body: emptyBody,
    response: policy,
    mayAnswer202: true,
  },
];
