import { z } from 'zod';
import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import { evaluatePolicies } from '../evaluate';
import type { PolicyActivity, PolicyDefinition } from '../policy';
import { approvalProgress, judgeApproval, type Vote } from '../quorum';
import {
  ALERT_LEVELS,
  MESSAGE_STATES,
  SCREENING_OUTCOMES,
  SCREENING_VENDORS,
  type ScreeningReading,
  type ScreeningVendor,
} from '../screening';
import { anActivity, aPolicy, someFacts } from './builders';

const group = z.strictObject({
  quorum: z.number(),
  approvers: z.strictObject({ userId: z.strictObject({ in: z.array(z.string()) }).optional() }),
  initiatorCanApprove: z.boolean().optional(),
  serviceAccountsCanApprove: z.boolean().optional(),
  escalation: z
    .strictObject({
      afterMinutes: z.number(),
      approvers: z.strictObject({ userId: z.strictObject({ in: z.array(z.string()) }) }),
    })
    .optional(),
});
const definition = z.strictObject({
  activityKind: z.string().optional(),
  rule: z.strictObject({ kind: z.string(), configuration: z.record(z.string(), z.unknown()).optional() }),
  action: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('Block') }),
    z.strictObject({ kind: z.literal('NoAction') }),
    z.strictObject({
      kind: z.literal('RequestApproval'),
      approvalGroups: z.array(group),
      minimumDelay: z.number().optional(),
    }),
  ]),
  filters: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
});
const screening = z.strictObject({
  vendor: z.enum(SCREENING_VENDORS),
  outcome: z.enum([...SCREENING_OUTCOMES, 'stale']).default('screened'),
  score: z.number().optional(),
  findings: z
    .array(
      z.strictObject({
        kind: z.enum(['alert', 'exposure', 'address', 'sanctions']),
        category: z.string(),
        categoryId: z.number().nullable(),
        level: z.enum(ALERT_LEVELS).optional(),
      }),
    )
    .default([]),
  message: z.strictObject({ state: z.enum(MESSAGE_STATES), seconds: z.number() }).optional(),
});
const request = z.strictObject({
  /** Absent: a transfer. A change of governance has a subject instead of an amount. */
  kind: z.enum(['Policies:Modify', 'Permissions:Modify', 'Permissions:Assign']).optional(),
  subject: z.strictObject({ policyId: z.string().optional(), permissionId: z.string().optional() }).default({}),
  amount: z.string().nullable().optional(),
  recipient: z.string().nullable().optional(),
  quote: z.strictObject({ usd: z.string(), decimals: z.number() }).nullable().optional(),
  /** What came before in every window; null is not known. */
  earlier: z.strictObject({ count: z.number(), usd: z.string(), unknown: z.number() }).nullable().optional(),
  /** What vendors said, signed by the oracle. */
  screening: z.array(screening).default([]),
});
const vote = z.strictObject({
  by: z.string(),
  says: z.enum(['Approved', 'Denied']).default('Approved'),
  gone: z.boolean().default(false),
  /** People who handed their seats over to the voter. */
  inPlaceOf: z.array(z.string()).default([]),
});
const row = z.strictObject({
  fact: z.string(),
  request: z.string(),
  policies: z.array(z.string()),
  votes: z.array(vote).default([]),
  /** How long the approval has been open. */
  afterMinutes: z.number().default(0),
  /** Whether the organisation is `strict`: one person, one seat in all groups. */
  strict: z.boolean().default(false),
  outcome: z.string(),
  because: z.string(),
});

/** Shape of `decisions.json`: what the engine answers, written for people and run by tests. */
export const decisionTable = z.strictObject({
  people: z.record(z.string(), z.string()),
  policies: z.record(z.string(), definition),
  requests: z.record(z.string(), request),
  rows: z.array(row),
});
export type DecisionTable = z.infer<typeof decisionTable>;
type Row = DecisionTable['rows'][number];

const INITIATOR = 'Ingrid';
const AT = 1_000_000_000;
const reading = (all: z.infer<typeof request>['screening'], vendor: ScreeningVendor): ScreeningReading => {
  const found = all.find((item) => item.vendor === vendor);
  if (!found) return { outcome: 'missing' };
  const { outcome, score, findings, message } = found;
  if (outcome === 'stale') return { outcome };
  return {
    vendor,
    outcome,
    sources: [vendor],
    findings: findings.map(({ level, ...finding }) => ({ ...finding, ...(level ? { level } : {}) })),
    ...(score === undefined ? {} : { score }),
    ...(message ? { message: { state: message.state, since: AT - message.seconds * 1000 } } : {}),
    at: AT,
  };
};
const activityOf = ({ kind, subject, earlier, screening: said, ...facts }: z.infer<typeof request>): PolicyActivity => {
  const { policyId, permissionId } = subject;
  const named = { ...(policyId ? { policyId } : {}), ...(permissionId ? { permissionId } : {}) };
  if (kind) return { kind, subject: named };
  return anActivity({
    facts: someFacts(facts),
    screening: (vendor) => reading(said, vendor),
    inWindow:
      earlier === null
        ? undefined
        : () =>
            earlier ? [{ ...earlier, usd: parseDecimal(earlier.usd) ?? ZERO }] : [{ count: 0, usd: ZERO, unknown: 0 }],
  });
};

const named = <T>(what: { readonly [name: string]: T }, name: string): T => {
  const found = what[name];
  if (found === undefined) throw new Error(`decisions.json has no “${name}”.`);
  return found;
};

/** What engine and quorum function answer to a row, in words. */
export const answerTo = (
  table: DecisionTable,
  { policies, request: asked, votes, afterMinutes, strict }: Row,
): Pick<Row, 'outcome' | 'because'> => {
  const decision = evaluatePolicies(
    policies.map((name) => aPolicy(name, named(table.policies, name) as Partial<PolicyDefinition>)),
    activityOf(named(table.requests, asked)),
  );
  const said = decision.evaluations.filter(
    (item) => decision.outcome === 'Allow' || (item.triggered && item.action === decision.outcome),
  );
  const reasons = said.map((item) => item.reason).join(' ') || 'No policy speaks of it.';
  if (decision.outcome !== 'RequestApproval') return { outcome: decision.outcome, because: reasons };
  const denial = votes.find((item) => item.says === 'Denied');
  if (denial) return { outcome: 'Denied', because: `${denial.by} denied.` };
  const input = {
    groups: decision.groups,
    votes: votes.map(
      ({ by, says, gone, inPlaceOf }): Vote => ({
        userId: by,
        isServiceAccount: by === 'Bot',
        live: !gone,
        value: says,
        inPlaceOf,
      }),
    ),
    openMs: afterMinutes * 60_000,
    distinct: strict ? ('acrossGroups' as const) : ('perGroup' as const),
    initiatorId: INITIATOR,
    isEligible: (userId: string) => userId !== 'Zoe',
  };
  const voters = Object.keys(table.people)
    .filter((userId) => userId !== 'Zoe')
    .map((userId) => ({ userId, isServiceAccount: userId === 'Bot' }));
  const progress = approvalProgress({ ...input, voters });
  const outcome = judgeApproval(input);
  const because = progress.map(({ isFilled, approvedBy, awaited, openSeats, isReachable }) =>
    isFilled
      ? `${approvedBy.join(', ')} approved.`
      : isReachable
        ? `${openSeats} of ${awaited.join(', ')} must still approve.`
        : 'Nobody is left who could fill it.',
  );
  const delay =
    decision.delayMinutes > 0 ? [`Signed ${decision.delayMinutes} minutes after the request at the earliest.`] : [];
  return { outcome: outcome === 'Approved' ? 'Approved' : 'Waits', because: [...new Set(because), ...delay].join(' ') };
};

const votesInWords = ({ votes, afterMinutes, strict }: Row): string =>
  [
    ...(strict ? ['in a strict organisation'] : []),
    ...(afterMinutes > 0 ? [`after ${afterMinutes} minutes`] : []),
    ...votes.map(({ by, says, gone, inPlaceOf }) =>
      [
        `${by} ${says === 'Denied' ? 'denies' : 'approves'}`,
        ...(inPlaceOf.length > 0 ? [`to whom ${inPlaceOf.join(' and ')} handed their seat`] : []),
        ...(gone ? ['no longer live'] : []),
      ].join(', '),
    ),
  ].join('; ');

/** The table as a page for people. */
export const decisionPage = ({ people, rows }: DecisionTable): string =>
  [
    '# What the policies decide',
    '',
    'Each line is a request, the policies in force and the votes so far, with what the engine answers and why. The lines are data',
    '(`lib/policy/decisions.json`); tests run them against the engine that API and signers share, and keep this page the same as they are.',
    '',
    ...Object.entries(people).map(([name, what]) => `- **${name}** ${what}.`),
    '',
    '| fact | request | policies | votes | outcome | because |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (one) =>
        `| ${one.fact} | ${one.request} | ${one.policies.join('<br>') || 'none'} | ${votesInWords(one)} | **${one.outcome}** | ${one.because} |`,
    ),
    '',
  ].join('\n');
