import fc from 'fast-check';
import { evaluatePolicies } from '../evaluate';
import type { Policy, PolicyActivity, PolicyDecision } from '../policy';
import { type ApprovalInput, judgeApproval, type Vote } from '../quorum';
import {
  ALERT_LEVELS,
  type Finding,
  MESSAGE_STATES,
  SCREENING_OUTCOMES,
  SCREENING_VENDORS,
  type Screening,
} from '../screening';
import { aGroup, anActivity, aPolicy, aTotal, someFacts } from './builders';

/** How often to draw, and from which seed; without one every run draws others. */
export type Draws = { readonly runs: number; readonly seed?: number };

const USERS = ['us-a', 'us-b', 'us-c', 'us-d', 'us-i', 'us-s'] as const;
const INITIATOR = 'us-i';
const SERVICE_ACCOUNT = 'us-s';

const limit = fc.constantFrom(1000, 7500, 9000, 'many', -1);
const SKIPS = ['skipUnsupportedNetwork', 'skipUnsupportedAsset', 'skipChainalysisFailure', 'skipGlobalLedgerFailure'];
const SKIP_UNSCREENABLE = 'skipUnscreenableTransaction';
const categoryIds = fc.subarray([3, 4]);
const anyScreeningRule = fc
  .record({
    skips: fc.subarray([...SKIPS, SKIP_UNSCREENABLE]),
    configuration: fc.oneof(
      fc
        .record({ alertLevel: fc.constantFrom(...ALERT_LEVELS), ofAlerts: categoryIds, ofOthers: categoryIds })
        .map(({ alertLevel, ofAlerts, ofOthers }) => ({
          kind: 'ChainalysisTransactionPrescreening',
          alerts: { alertLevel, categoryIds: ofAlerts },
          exposures: { direct: { categoryIds: ofOthers } },
          addresses: { categoryIds: ofOthers },
        })),
      fc
        .constantFrom(0, 50, 100, -1)
        .map((riskScoreThreshold) => ({ kind: 'GlobalLedgerTransactionPrescreening', riskScoreThreshold })),
      fc.constantFrom<{ readonly [key: string]: unknown } & { readonly kind: string }>(
        { kind: 'TravelRuleTransactionPrescreening', autoTriggerTimeoutSeconds: 60 },
        {
          kind: 'TravelRuleTransactionPrescreening',
          autoTriggerTimeoutSeconds: 60,
          autoClearAfterDeliveredTimeoutSeconds: 600,
        },
        { kind: 'ChainalysisTransactionPrescreening' },
      ),
    ),
  })
  .map(({ skips, configuration: { kind, ...configuration } }): Policy['definition']['rule'] => ({
    kind,
    configuration: { ...configuration, fallbackBehaviours: Object.fromEntries(skips.map((name) => [name, true])) },
  }));
const anyRule = fc.oneof(
  anyScreeningRule,
  fc.constant({ kind: 'AlwaysTrigger' }),
  fc
    .record({ limit, currency: fc.constantFrom('USD', 'EUR') })
    .map((configuration) => ({ kind: 'TransactionAmountLimit', configuration })),
  fc
    .record({ limit, currency: fc.constantFrom('USD', 'EUR'), timeframe: fc.constantFrom(60, 0, 43_201) })
    .map((configuration) => ({ kind: 'TransactionAmountVelocity', configuration })),
  fc
    .record({ limit: fc.constantFrom(0, 2, 9, -1), timeframe: fc.constantFrom(60, 1440, 'long') })
    .map((configuration) => ({ kind: 'TransactionCountVelocity', configuration })),
  fc.constantFrom<Policy['definition']['rule']>(
    {
      kind: 'TransactionRecipientWhitelist',
      configuration: { addresses: ['0x00000000000000000000000000000000000000aa'] },
    },
    { kind: 'TransactionRecipientWhitelist', configuration: {} },
    { kind: 'SomethingLater' },
  ),
);
const anyGroup = fc
  .record({
    quorum: fc.integer({ min: -1, max: 4 }),
    users: fc.option(fc.subarray([...USERS]), { nil: undefined }),
    initiatorCanApprove: fc.boolean(),
    serviceAccountsCanApprove: fc.boolean(),
  })
  .map(({ quorum, users, ...extra }) => aGroup(quorum, users, extra));
const anyAction = fc.oneof(
  fc.constant({ kind: 'Block' } as const),
  fc.constant({ kind: 'NoAction' } as const),
  fc
    .record({
      approvalGroups: fc.array(anyGroup, { maxLength: 3 }),
      autoRejectTimeout: fc.option(fc.integer({ min: 1, max: 99 })),
    })
    .map((asked) => ({ kind: 'RequestApproval', ...asked }) as const),
);
const anyFilters = fc.constantFrom<Policy['definition']['filters']>(
  undefined,
  { walletId: { in: ['wa-1'] } },
  { walletId: { in: ['wa-9'] } },
  { walletTags: { hasAny: ['hot'], hasAll: ['cold'] } },
  { walletColour: { in: ['red'] } },
);
const anyPolicies = fc
  .array(fc.record({ rule: anyRule, action: anyAction, filters: anyFilters }), { maxLength: 6 })
  .map((list) => list.map((definition, index) => aPolicy(`plc-${index}`, definition)));
const AT = 1_000_000_000;
const anyFinding: fc.Arbitrary<Finding> = fc.oneof(
  fc
    .record({ level: fc.constantFrom(...ALERT_LEVELS), categoryId: fc.constantFrom(3, 4, null) })
    .map((finding) => ({ kind: 'alert' as const, category: 'a category', ...finding })),
  fc
    .record({ kind: fc.constantFrom('exposure', 'address', 'sanctions'), categoryId: fc.constantFrom(3, 4, null) })
    .map((finding) => ({ category: 'a category', ...finding }) as const),
);
const anyScreening: fc.Arbitrary<Screening> = fc
  .record({
    vendor: fc.constantFrom(...SCREENING_VENDORS),
    outcome: fc.constantFrom(...SCREENING_OUTCOMES, 'screened', 'screened'),
    findings: fc.array(anyFinding, { maxLength: 3 }),
    score: fc.option(fc.nat(100), { nil: undefined }),
    message: fc.option(fc.record({ state: fc.constantFrom(...MESSAGE_STATES), since: fc.constantFrom(AT, 0) }), {
      nil: undefined,
    }),
  })
  .map(({ score, message, ...said }) => ({
    ...said,
    sources: ['a source'],
    at: AT,
    ...(score === undefined ? {} : { score }),
    ...(message ? { message } : {}),
  }));
/** What vendors said; of one that said nothing there is no signed answer. */
const readings =
  (said: readonly Screening[]): NonNullable<PolicyActivity['screening']> =>
  (vendor) =>
    said.find((item) => item.vendor === vendor) ?? { outcome: 'missing' };
const anyScreenings = fc.uniqueArray(anyScreening, { selector: (item) => item.vendor, maxLength: 3 });
const anyActivity: fc.Arbitrary<PolicyActivity> = fc
  .record({
    said: anyScreenings,
    amount: fc.constantFrom('2500000000000000000', '1', null, '12 '),
    recipient: fc.constantFrom(
      '0x00000000000000000000000000000000000000aa',
      '0x00000000000000000000000000000000000000bb',
      null,
    ),
    quote: fc.constantFrom({ usd: '3000', decimals: 18 }, { usd: 'dear', decimals: 18 }, null),
    earlier: fc.option(fc.record({ count: fc.nat(4), usd: fc.nat(9000), unknown: fc.nat(1) }), { nil: undefined }),
  })
  .map(({ earlier, said, ...facts }) =>
    anActivity({
      screening: readings(said),
      facts: someFacts(facts),
      inWindow: earlier && (() => [aTotal(earlier.count, String(earlier.usd), earlier.unknown)]),
    }),
  );
const anyVote: fc.Arbitrary<Vote> = fc
  .record({
    userId: fc.constantFrom(...USERS),
    live: fc.boolean(),
    value: fc.constantFrom('Approved', 'Approved', 'Approved', 'Denied'),
  })
  .map((vote) => ({ ...vote, isServiceAccount: vote.userId === SERVICE_ACCOUNT }) as Vote);
const anyInput: fc.Arbitrary<ApprovalInput> = fc
  .record({
    groups: fc.array(anyGroup, { maxLength: 3 }),
    votes: fc.array(anyVote, { maxLength: 7 }),
    eligible: fc.subarray([...USERS], { minLength: 3 }),
  })
  .map(({ groups, votes, eligible }) => ({
    groups: groups.map((group, index) => ({ ...group, policyId: 'plc-1', index })),
    votes,
    initiatorId: INITIATOR,
    isEligible: (userId) => (eligible as readonly string[]).includes(userId),
  }));

const hold = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};
const OUTCOMES: readonly PolicyDecision['outcome'][] = ['Allow', 'RequestApproval', 'Block'];
const strictness = ({ outcome }: PolicyDecision): number => OUTCOMES.indexOf(outcome);
const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const options = ({ runs, seed }: Draws) => ({ numRuns: runs, ...(seed === undefined ? {} : { seed }) });

/** The order in which policies and votes come changes neither decision nor outcome. */
export const orderNeverMatters = (draws: Draws): void =>
  fc.assert(
    fc.property(anyPolicies, anyActivity, anyInput, (policies, activity, input) => {
      const decision = evaluatePolicies(policies, activity);
      hold(sameText(evaluatePolicies(policies.toReversed(), activity), decision), 'The order of policies matters.');
      const turned = { ...input, votes: input.votes.toReversed(), groups: input.groups.toReversed() };
      hold(judgeApproval(turned) === judgeApproval(input), 'The order of votes or groups matters.');
    }),
    options(draws),
  );

/** With one policy more, nothing is allowed that was not, and nobody is asked less. */
export const morePoliciesNeverPermitMore = (draws: Draws): void =>
  fc.assert(
    fc.property(anyPolicies, fc.nat(5), anyActivity, (policies, at, activity) => {
      const fewer = evaluatePolicies(
        policies.filter((_, index) => index !== at),
        activity,
      );
      const more = evaluatePolicies(policies, activity);
      hold(strictness(more) >= strictness(fewer), 'One policy more made the outcome looser.');
      if (more.outcome !== 'RequestApproval') return;
      const asked = new Set(more.groups.map((group) => JSON.stringify(group)));
      hold(
        fewer.groups.every((group) => asked.has(JSON.stringify(group))),
        'One policy more left out a group.',
      );
    }),
    options(draws),
  );

/** Reads a group's words a second time, without the quorum function. */
const mayFill = (group: ApprovalInput['groups'][number], vote: Vote, input: ApprovalInput): boolean => {
  const listed = group.approvers.userId?.in;
  const isNamed = listed ? listed.includes(vote.userId) : !vote.isServiceAccount;
  const isAllowed = !vote.isServiceAccount || group.serviceAccountsCanApprove === true;
  const isOwn = vote.userId === input.initiatorId && group.initiatorCanApprove !== true;
  return (
    isNamed && isAllowed && !isOwn && vote.live && vote.value === 'Approved' && input.isEligible(vote.userId, group)
  );
};

/** What is approved has, in every group, at least one and at least `quorum` distinct people who may sit there; nobody denied. */
export const nothingWithoutDistinctVoters = (draws: Draws): void =>
  fc.assert(
    fc.property(anyInput, (input) => {
      const isApproved = judgeApproval(input) === 'Approved';
      const filled = input.groups.map((group) => {
        const people = new Set(input.votes.filter((vote) => mayFill(group, vote, input)).map((vote) => vote.userId));
        return people.size >= 1 && people.size >= group.quorum && group.quorum >= 1;
      });
      const isDenied = input.votes.some((vote) => vote.value === 'Denied');
      hold(
        isApproved === (filled.length > 0 && filled.every(Boolean) && !isDenied),
        'Approved without its people, or not with them.',
      );
    }),
    options(draws),
  );

/** The policy without leave to let requests pass that nobody can screen: that is the one unknown which a policy may pass over. */
const heedingUnscreenable = (policy: Policy): Policy => {
  const { configuration, ...rule } = policy.definition.rule;
  if (!configuration || !('fallbackBehaviours' in configuration)) return policy;
  const { [SKIP_UNSCREENABLE]: _skip, ...skips } = configuration.fallbackBehaviours as { [name: string]: unknown };
  const heeding = { ...rule, configuration: { ...configuration, fallbackBehaviours: skips } };
  return { ...policy, definition: { ...policy.definition, rule: heeding } };
};

/** What a vendor holds against a transfer beside the rest never loosens, nor a higher score, nor that an answer is contradicted or missing. */
export const moreFoundNeverLoosens = (draws: Draws): void =>
  fc.assert(
    fc.property(anyPolicies, anyActivity, anyScreenings, anyFinding, (policies, activity, said, finding) => {
      const outcomeUnder = (heard: readonly Screening[]) =>
        strictness(evaluatePolicies(policies, { ...activity, screening: readings(heard) }));
      const before = outcomeUnder(said);
      const worse: readonly ((item: Screening) => Screening)[] = [
        (item) => ({ ...item, findings: [...item.findings, finding] }),
        ({ score, ...item }) => ({ ...item, ...(score === undefined ? {} : { score: 100 }) }),
        (item) => ({ ...item, outcome: 'conflicting' }),
      ];
      for (const change of worse)
        hold(outcomeUnder(said.map(change)) >= before, 'Something worse that a vendor said made the outcome looser.');
      hold(outcomeUnder(said.slice(1)) >= before, 'An answer that is missing made the outcome looser.');
    }),
    options(draws),
  );

/** What is not known, and what can't be read, makes the outcome of every rule at least as strict as anything known would. */
export const unknownNeverLoosens = (draws: Draws): void =>
  fc.assert(
    fc.property(anyPolicies, anyActivity, (drawn, activity) => {
      const policies = drawn.map(heedingUnscreenable);
      const known = evaluatePolicies(policies, activity);
      const blind: PolicyActivity[] = [
        { ...activity, screening: undefined },
        { ...activity, screening: () => ({ outcome: 'stale' }) },
        {
          ...activity,
          screening: () => {
            throw new Error('gone');
          },
        },
        { ...activity, facts: activity.facts && { ...activity.facts, amount: null } },
        { ...activity, facts: activity.facts && { ...activity.facts, quote: null } },
        { ...activity, facts: activity.facts && { ...activity.facts, recipient: null } },
        { ...activity, facts: undefined },
        { ...activity, inWindow: undefined },
        {
          ...activity,
          inWindow: () => {
            throw new Error('gone');
          },
        },
      ];
      for (const one of blind)
        hold(
          strictness(evaluatePolicies(policies, one)) >= strictness(known),
          'Something unknown made the outcome looser.',
        );
      const unreadable = policies.map((policy) => ({
        ...policy,
        definition: { ...policy.definition, rule: { kind: 'SomethingLater' } },
      }));
      hold(
        strictness(evaluatePolicies(unreadable, activity)) >= strictness(known),
        'Rules nobody can read made it looser.',
      );
    }),
    options(draws),
  );
