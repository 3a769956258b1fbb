import { z } from 'zod';
import { readsActivities } from './extensions';
import { idField, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';
import { policy, policyBody } from './policies';

const outcome = z.enum(['Allow', 'RequestApproval', 'Block']);
const actionKind = z.enum(['Block', 'NoAction', 'RequestApproval']);

/** What a rule held against what; `null` is unknown. */
export const compared = z.object({
  what: z.enum(['recipient', 'amountInUsd', 'sumInUsd', 'count', 'screening']),
  value: z.string().nullable(),
  limit: z.string(),
  minutes: z.number().int().optional(),
  earlier: z.array(z.object({ count: z.number().int(), usd: z.string(), unknown: z.number().int() })).optional(),
});

const difference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('amount'),
    amount: z.string(),
    usd: z.string(),
    bound: z.enum(['atMost', 'atLeast']),
  }),
  z.object({ kind: z.literal('recipient'), address: z.string().nullable() }),
  z.object({ kind: z.literal('later') }),
  z.object({ kind: z.literal('moreRequests'), count: z.number().int() }),
  z.object({ kind: z.literal('policies'), policyIds: z.array(z.string()) }),
]);

/** Why a decision is what it is: every policy, the fewest that decide alike, and the nearest changes that would alter it. */
export const decisionTrace = z.object({
  outcome,
  policies: z.array(
    z.object({
      policyId: z.string(),
      name: z.string(),
      /** Hash of the definition that was in force. */
      version: z.string(),
      rule: z.string(),
      action: actionKind,
      applies: z.boolean(),
      triggered: z.boolean(),
      reason: z.string(),
      compared: compared.optional(),
    }),
  ),
  /** Who has to approve. `approvers: {}` is any person; `index` is the group's place in its policy. */
  groups: z.array(
    z.object({
      policyId: z.string(),
      index: z.number().int(),
      name: z.string().optional(),
      quorum: z.number().int(),
      approvers: z.object({ userId: z.object({ in: z.array(z.string()) }).optional() }),
      initiatorCanApprove: z.boolean().optional(),
      serviceAccountsCanApprove: z.boolean().optional(),
      escalation: z
        .object({
          afterMinutes: z.number().int(),
          approvers: z.object({ userId: z.object({ in: z.array(z.string()) }) }),
        })
        .optional(),
    }),
  ),
  decidedBy: z.array(z.string()),
  alternatives: z.array(z.object({ differences: z.array(difference), outcome })),
});

/** A definition that is not in force yet: judged in place of the policy it names, or beside all of them. */
const draft = z.strictObject({ policyId: idField.optional(), definition: policyBody }).optional();
const onWallet = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), walletId: idField, body: z.record(z.string(), z.unknown()), draft });

/** A request as it would be made; `body` is the body of the operation it stands for. */
export const simulateBody = z.discriminatedUnion(
  'kind',
  [
    onWallet('Transfer'),
    onWallet('Transaction'),
    onWallet('Signature'),
    z.strictObject({ kind: z.literal('KeySignature'), keyId: idField, body: z.record(z.string(), z.unknown()), draft }),
    // Without a policy: a change of something else that the same policies govern, such as un-freeze, settings or tags.
    z.strictObject({ kind: z.literal('Policies:Modify'), policyId: idField.optional(), draft }),
    z.strictObject({ kind: z.literal('Permissions:Modify'), permissionId: idField, draft }),
    z.strictObject({ kind: z.literal('Permissions:Assign'), permissionId: idField, draft }),
  ],
  { error: 'is not a kind of request that policies judge' },
);

/** One definition a policy had, with what it changed of the one before. */
export const policyVersion = z.object({
  version: z.string(),
  current: z.boolean(),
  policy,
  /** Who asked for the change, a person or a token's owner. */
  changedBy: z.string().optional(),
  date: timestamp,
  changes: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
});

const ours = { access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;

/** The operations that make the kinds of requests which can be tried: by the permission of any of them. */
export const TRIED_BY: Readonly<Record<z.infer<typeof simulateBody>['kind'], readonly string[]>> = {
  Transfer: ['wallets.transferAsset'],
  Transaction: ['wallets.broadcastTransaction'],
  Signature: ['wallets.generateSignature'],
  KeySignature: ['keys.generateSignature'],
  'Policies:Modify': [
    'policies.updatePolicy',
    'policies.archivePolicy',
    'x.unfreeze',
    'x.requireVouching',
    'x.changeSettings',
    'x.createTagChange',
    'x.replaceCertificate',
  ],
  'Permissions:Modify': ['permissions.updatePermission', 'permissions.archivePermission', 'x.setRoleRules'],
  'Permissions:Assign': ['permissions.createAssignment', 'permissions.deleteAssignment'],
};

export const DECISIONS: readonly Operation[] = [
  {
    // Of a change request too, by its id.
    id: 'x.getDecision',
    method: 'GET',
    path: '/x/activities/:activityId/decision',
    ...ours,
    permission: readsActivities,
    response: decisionTrace,
  },
  {
    // Judges and stores nothing: no user action. No `permission`: who may make the request may try it, and the handler asks for theirs.
    id: 'x.simulatePolicies',
    method: 'POST',
    path: '/x/policies/simulate',
    ...ours,
    body: simulateBody,
    response: decisionTrace,
  },
  {
    id: 'x.listPolicyVersions',
    method: 'GET',
    path: '/x/policies/:policyId/versions',
    ...ours,
    permission: ['Policies:Read'],
    query: pageQuery,
    response: pageOf(policyVersion),
  },
];
