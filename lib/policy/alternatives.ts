import { addDecimals, type Decimal, formatDecimal, parseDecimal, subtractDecimals, ZERO } from '@/lib/domain/decimal';
import { evaluatePolicies } from './evaluate';
import type { Policy, PolicyActivity, PolicyDecision, WindowTotal } from './policy';
import { isCount, isTimeframe } from './rules/numbers';
import { vendorOfRule } from './rules/screening';
import { valueInUsd } from './value';

/** One thing that would have to be different. */
export type Difference =
  /** Base units, and their value in US dollars: at most that for a looser decision, at least that for a stricter one. */
  | { readonly kind: 'amount'; readonly amount: string; readonly usd: string; readonly bound: 'atMost' | 'atLeast' }
  /** `address` is one that would do; null means any that is not listed. */
  | { readonly kind: 'recipient'; readonly address: string | null }
  /** Earlier requests have left their windows. */
  | { readonly kind: 'later' }
  /** So many more requests come before this one. */
  | { readonly kind: 'moreRequests'; readonly count: number }
  /** These policies are not there. */
  | { readonly kind: 'policies'; readonly policyIds: readonly string[] };

/** Differences which together give another outcome, and none of them could be left out. */
export type Alternative = {
  readonly differences: readonly Difference[];
  readonly outcome: PolicyDecision['outcome'];
};

const OUTCOMES: readonly PolicyDecision['outcome'][] = ['Allow', 'RequestApproval', 'Block'];
const strictness = (decision: Pick<PolicyDecision, 'outcome' | 'groups'>): number =>
  OUTCOMES.indexOf(decision.outcome) * 1_000_000 + decision.groups.length;

type Step = { readonly difference: Difference; readonly activity: PolicyActivity };
type Vary = (policies: readonly Policy[], activity: PolicyActivity, toStricter: boolean) => readonly Step[];

const withFacts = (activity: PolicyActivity, facts: Partial<NonNullable<PolicyActivity['facts']>>): PolicyActivity =>
  activity.facts ? { ...activity, facts: { ...activity.facts, ...facts } } : activity;

/** Most base units that are worth no more than `usd`; null at a price of zero. */
const unitsWithin = (usd: Decimal, price: Decimal, decimals: number): bigint | null =>
  price.digits === 0n
    ? null
    : (usd.digits * 10n ** BigInt(decimals + price.scale)) / (price.digits * 10n ** BigInt(usd.scale));

/** The amounts around which a rule about values changes its mind: what the limit leaves beside a fee that counts and earlier requests. */
const thresholdOf = (
  { definition: { rule } }: Policy,
  facts: NonNullable<PolicyActivity['facts']>,
  inWindow: PolicyActivity['inWindow'],
): bigint | null => {
  const { limit: told, timeframe } = rule.configuration ?? {};
  const limit = parseDecimal(told);
  const price = parseDecimal(facts.quote?.usd);
  // What a request that moves nothing would count as.
  const fee = valueInUsd({ ...facts, amount: '0' });
  if (!limit || !price || !facts.quote || typeof fee === 'string') return null;
  const { decimals } = facts.quote;
  const isSum = rule.kind === 'TransactionAmountVelocity' && isTimeframe(timeframe);
  if (rule.kind !== 'TransactionAmountLimit' && !isSum) return null;
  try {
    const totals = isSum ? (inWindow?.(timeframe) ?? []) : [];
    const room = [ZERO, ...totals.map((total) => total.usd)].map((earlier) =>
      unitsWithin(subtractDecimals(limit, addDecimals(fee, earlier)), price, decimals),
    );
    return room.reduce((a, b) => (a === null || b === null ? null : a < b ? a : b));
  } catch {
    return null; // fee and window alone are above the limit
  }
};

const amounts: Vary = (policies, activity, toStricter) => {
  const { facts } = activity;
  if (!facts?.quote || !/^\d{1,100}$/.test(facts.amount ?? '')) return [];
  const thresholds = policies.flatMap((policy) => thresholdOf(policy, facts, activity.inWindow) ?? []);
  const candidates = toStricter ? thresholds.map((most) => most + 1n) : thresholds;
  // Nearest first; those on the other side of the present amount don't alter what is decided.
  const nearestFirst = candidates.toSorted((a, b) => (a < b === toStricter ? -1 : 1));
  return nearestFirst.map((amount) => {
    const varied = withFacts(activity, { amount: amount.toString() });
    const usd = valueInUsd(varied.facts);
    return {
      activity: varied,
      difference: {
        kind: 'amount',
        amount: amount.toString(),
        usd: typeof usd === 'string' ? '0' : formatDecimal(usd),
        bound: toStricter ? 'atLeast' : 'atMost',
      },
    };
  });
};

/** Addresses tried at most: a list may hold thousands. */
const MOST_ADDRESSES = 20;

const recipients: Vary = (policies, activity, toStricter) => {
  if (!activity.facts) return [];
  if (toStricter)
    return [{ difference: { kind: 'recipient', address: null }, activity: withFacts(activity, { recipient: null }) }];
  // What a screening would say of somebody else, nobody knows before it is asked.
  if (policies.some((policy) => vendorOfRule(policy.definition.rule.kind) !== null)) return [];
  const lists = policies
    .filter((policy) => policy.definition.rule.kind === 'TransactionRecipientWhitelist')
    .map((policy) => policy.definition.rule.configuration?.addresses)
    .filter((list): list is string[] => Array.isArray(list) && list.every((item) => typeof item === 'string'))
    .toSorted((a, b) => a.length - b.length);
  // What every list must hold, the shortest holds.
  return (lists[0] ?? []).slice(0, MOST_ADDRESSES).map((address) => ({
    difference: { kind: 'recipient', address },
    activity: withFacts(activity, { recipient: address }),
  }));
};

const later: Vary = (_policies, activity, toStricter) => {
  const { inWindow } = activity;
  if (toStricter || !inWindow) return [];
  const empty = (total: WindowTotal): WindowTotal => ({ ...total, count: 0, usd: ZERO, unknown: 0 });
  return [
    { difference: { kind: 'later' }, activity: { ...activity, inWindow: (minutes) => inWindow(minutes).map(empty) } },
  ];
};

const moreRequests: Vary = (policies, activity, toStricter) => {
  const { inWindow } = activity;
  if (!toStricter || !inWindow) return [];
  const missing = policies.flatMap(({ definition: { rule } }) => {
    const { limit, timeframe } = rule.configuration ?? {};
    if (rule.kind !== 'TransactionCountVelocity' || !isCount(limit) || !isTimeframe(timeframe)) return [];
    return Math.max(0, limit - Math.max(0, ...inWindow(timeframe).map((total) => total.count)));
  });
  return missing
    .toSorted((a, b) => a - b)
    .map((count) => ({
      difference: { kind: 'moreRequests', count },
      activity: {
        ...activity,
        inWindow: (minutes) => inWindow(minutes).map((total) => ({ ...total, count: total.count + count })),
      },
    }));
};

/** Ways to vary a request, alone and together, the fewest first. Earlier ones are applied before later ones. */
const WAYS: readonly (readonly Vary[])[] = [
  [amounts],
  [recipients],
  [later],
  [moreRequests],
  [recipients, amounts],
  [later, amounts],
  [recipients, later],
  [recipients, later, amounts],
];

const firstThatAlters = (
  ways: readonly Vary[],
  policies: readonly Policy[],
  activity: PolicyActivity,
  decision: PolicyDecision,
): Alternative | null => {
  const toStricter = decision.outcome === 'Allow';
  const alters = (other: PolicyDecision): boolean =>
    toStricter ? strictness(other) > strictness(decision) : strictness(other) < strictness(decision);
  const walk = (
    rest: readonly Vary[],
    varied: PolicyActivity,
    differences: readonly Difference[],
  ): Alternative | null => {
    const [way, ...more] = rest;
    if (!way) {
      const other = evaluatePolicies(policies, varied);
      return alters(other) ? { differences, outcome: other.outcome } : null;
    }
    for (const step of way(policies, varied, toStricter)) {
      const found = walk(more, step.activity, [...differences, step.difference]);
      if (found) return found;
    }
    return null;
  };
  return walk(ways, activity, []);
};

/** The fewest policies without which the outcome is looser; null when none stands in the way. */
const withoutPolicies = (policies: readonly Policy[], activity: PolicyActivity, decision: PolicyDecision) => {
  const inTheWay = decision.evaluations.filter((item) => item.triggered && item.action === decision.outcome);
  const left = decision.outcome === 'Block' ? inTheWay : inTheWay.slice(0, 1);
  if (left.length === 0) return null;
  const policyIds = left.map((item) => item.policyId);
  const { outcome } = evaluatePolicies(
    policies.filter((policy) => !policyIds.includes(policy.id)),
    activity,
  );
  return { differences: [{ kind: 'policies', policyIds } as const], outcome };
};

/**
 * The smallest changes to the request after which the outcome would be another: looser where something was asked, stricter where
 * nothing was. Each is found by judging the changed request, so it is never a guess; of each kind only the nearest, and several
 * differences together only where no single one suffices. Last, the policies that would have to go.
 */
export const smallestChange = (
  policies: readonly Policy[],
  activity: PolicyActivity,
  decision: PolicyDecision,
): readonly Alternative[] => {
  const evaluated = new Set(decision.evaluations.map((item) => item.policyId));
  const concerned = policies.filter((policy) => evaluated.has(policy.id));
  const found: Alternative[] = [];
  for (const ways of WAYS) {
    if (ways.length > (found[0]?.differences.length ?? ways.length)) break;
    const alternative = firstThatAlters(ways, concerned, activity, decision);
    if (alternative) found.push(alternative);
  }
  const without = withoutPolicies(concerned, activity, decision);
  return without ? [...found, without] : found;
};
