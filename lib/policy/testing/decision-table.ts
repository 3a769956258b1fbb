import { z } from 'zod';
import { parseDecimal, ZERO } from '@/lib/domain/decimal';
import { evaluatePolicies } from '../evaluate';
import type { PolicyActivity, PolicyDefinition } from '../policy';
import { approvalProgress, judgeApproval, type Vote } from '../quorum';
import { anActivity, aPolicy, someFacts } from './builders';

const group = z.strictObject({
  quorum: z.number(),
  approvers: z.strictObject({ userId: z.strictObject({ in: z.array(z.string()) }).optional() }),
  initiatorCanApprove: z.boolean().optional(),
  serviceAccountsCanApprove: z.boolean().optional(),
});
const definition = z.strictObject({
  rule: z.strictObject({ kind: z.string(), configuration: z.record(z.string(), z.unknown()).optional() }),
  action: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('Block') }),
    z.strictObject({ kind: z.literal('NoAction') }),
    z.strictObject({ kind: z.literal('RequestApproval'), approvalGroups: z.array(group) }),
  ]),
  filters: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
});
const request = z.strictObject({
  amount: z.string().nullable().optional(),
  recipient: z.string().nullable().optional(),
  quote: z.strictObject({ usd: z.string(), decimals: z.number() }).nullable().optional(),
  /** What came before in every window; null is not known. */
  earlier: z.strictObject({ count: z.number(), usd: z.string(), unknown: z.number() }).nullable().optional(),
});
const vote = z.strictObject({
  by: z.string(),
  says: z.enum(['Approved', 'Denied']).default('Approved'),
  gone: z.boolean().default(false),
});
const row = z.strictObject({
  fact: z.string(),
  request: z.string(),
  policies: z.array(z.string()),
  votes: z.array(vote).default([]),
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
const activityOf = ({ earlier, ...facts }: z.infer<typeof request>): PolicyActivity =>
  anActivity({
    facts: someFacts(facts),
    inWindow:
      earlier === null
        ? undefined
        : () =>
            earlier ? [{ ...earlier, usd: parseDecimal(earlier.usd) ?? ZERO }] : [{ count: 0, usd: ZERO, unknown: 0 }],
  });

const named = <T>(what: { readonly [name: string]: T }, name: string): T => {
  const found = what[name];
  if (found === undefined) throw new Error(`decisions.json has no “${name}”.`);
  return found;
};

/** What engine and quorum function answer to a row, in words. */
export const answerTo = (
  table: DecisionTable,
  { policies, request: asked, votes }: Row,
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
      ({ by, says, gone }): Vote => ({ userId: by, isServiceAccount: by === 'Bot', live: !gone, value: says }),
    ),
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
  return { outcome: outcome === 'Approved' ? 'Approved' : 'Waits', because: [...new Set(because)].join(' ') };
};

const votesInWords = (votes: Row['votes']): string =>
  votes
    .map(({ by, says, gone }) => `${by} ${says === 'Denied' ? 'denies' : 'approves'}${gone ? ', no longer live' : ''}`)
    .join('; ');

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
      ({ fact, request: asked, policies, votes, outcome, because }) =>
        `| ${fact} | ${asked} | ${policies.join('<br>') || 'none'} | ${votesInWords(votes)} | **${outcome}** | ${because} |`,
    ),
    '',
  ].join('\n');
