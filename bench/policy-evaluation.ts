import { evaluateIndexed } from '@/lib/policy/evaluate';
import type { Policy, PolicyActivity } from '@/lib/policy/policy';
import { indexPolicies } from '@/lib/policy/policy-index';
import { aGroup, anActivity, aPolicy, aTotal, someFacts } from '@/lib/policy/testing/builders';
import { type Figure, median } from './figure';
import { type CedarRequest, cedarOf } from './policy-cedar';

const address = (at: number): string => `0x${at.toString(16).padStart(40, '0')}`;
const ASK = { kind: 'RequestApproval', approvalGroups: [aGroup(2, ['us-a', 'us-b', 'us-c'])] } as const;
const ACTIONS = [ASK, { kind: 'NoAction' } as const, ASK, { kind: 'Block' } as const];

/** Five kinds of rules in turn, on all wallets, on some and on tags. */
const policyAt = (at: number, filters?: Policy['definition']['filters']): Policy => {
  const rules: Policy['definition']['rule'][] = [
    { kind: 'TransactionAmountLimit', configuration: { limit: 1000 * (1 + (at % 9)), currency: 'USD' } },
    {
      kind: 'TransactionRecipientWhitelist',
      configuration: { addresses: [1, 2, 3, 4, 5].map((n) => address(at + n)) },
    },
    { kind: 'TransactionCountVelocity', configuration: { limit: at % 7, timeframe: 60 } },
    {
      kind: 'TransactionAmountVelocity',
      configuration: { limit: 5000 * (1 + (at % 5)), currency: 'USD', timeframe: 1440 },
    },
    { kind: 'AlwaysTrigger' },
  ];
  const rule = rules[at % rules.length] ?? { kind: 'AlwaysTrigger' };
  const action = ACTIONS[at % ACTIONS.length] ?? ASK;
  return aPolicy(`plc-${String(at).padStart(5, '0')}`, { rule, action, ...(filters ? { filters } : {}) });
};

/** As an organisation has them: one in ten for all wallets, the others for one wallet in twenty or one tag in twenty. */
const filtersAt = (at: number): Policy['definition']['filters'] =>
  at % 10 === 0
    ? undefined
    : at % 2 === 1
      ? { walletId: { in: [`wa-${at % 20}`] } }
      : { walletTags: { hasAny: [`t${at % 20}`] } };

type Case = { readonly activity: PolicyActivity; readonly cedar: CedarRequest };
const caseAt = (at: number): Case => {
  const cents = 100 * (1 + ((at * 733) % 12_000));
  const request = {
    walletId: `wa-${at % 20}`,
    tags: [`t${(at * 7) % 20}`],
    recipient: address(at % 12),
    cents,
    earlierCount: at % 8,
    earlierCents: 100 * ((at * 131) % 20_000),
  };
  return {
    cedar: request,
    activity: anActivity({
      subject: { wallets: [{ id: request.walletId, tags: request.tags }] },
      facts: someFacts({ recipient: request.recipient, amount: String(cents), quote: { usd: '1', decimals: 2 } }),
      inWindow: () => [aTotal(request.earlierCount, String(request.earlierCents / 100))],
    }),
  };
};

const CASES = Array.from({ length: 200 }, (_, at) => caseAt(at));
const ROUNDS = 9;

/** Median microseconds of one call over the cases; rounds of all contenders alternate, so that a disturbance meets all of them. */
const alternating = (contenders: readonly ((one: Case) => unknown)[], repeat: readonly number[]): number[] => {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [which, run] of contenders.entries()) {
      const times_ = repeat[which] ?? 1;
      const started = performance.now();
      for (let again = 0; again < times_; again += 1) for (const one of CASES) run(one);
      const micros = ((performance.now() - started) * 1000) / (CASES.length * times_);
      // The first round warms up.
      if (round > 0) times[which]?.push(micros);
    }
  return times.map((of) => median(of));
};

const triggeredIds = (policies: ReturnType<typeof indexPolicies>, { activity }: Case): readonly string[] =>
  evaluateIndexed(policies, activity)
    .evaluations.filter((item) => item.triggered)
    .map((item) => item.policyId)
    .toSorted();

/** Evaluation beside Cedar at 10, 100 and 1,000 policies, the same decisions, and how little policies of others cost. */
export const benchEvaluation = (print: (line: string) => void): Figure[] => {
  const figures: Figure[] = [];
  for (const count of [10, 100, 1000]) {
    print(`policy: ${count} policies beside Cedar …`);
    const policies = Array.from({ length: count }, (_, at) => policyAt(at, filtersAt(at)));
    const index = indexPolicies(policies);
    const cedar = cedarOf(`bench-${count}`, policies);
    for (const one of CASES)
      if (String(triggeredIds(index, one)) !== String(cedar(one.cedar)))
        throw new Error(`Cedar decides differently at ${count} policies: ${JSON.stringify(one.cedar)}`);
    const [own = 0, peer = 0] = alternating(
      [(one) => evaluateIndexed(index, one.activity), (one) => cedar(one.cedar)],
      [4, 1],
    );
    figures.push(
      { name: `evaluation under ${count} policies`, value: own / 1000, unit: 'ms' },
      {
        name: `the same by Cedar, parsed beforehand, against it`,
        value: peer / own,
        unit: '×',
        ...(count === 100 ? { target: 10, isFloor: true } : {}),
      },
    );
  }
  const everywhere = indexPolicies(Array.from({ length: 100 }, (_, at) => policyAt(at)));
  const peer = cedarOf('bench-everywhere', everywhere.policies);
  const [all = 0, allByPeer = 0] = alternating(
    [(one) => evaluateIndexed(everywhere, one.activity), (one) => peer(one.cedar)],
    [4, 1],
  );
  figures.push({
    name: 'Cedar against it where all 100 policies apply to every wallet',
    value: allByPeer / all,
    unit: '×',
  });
  const applicable = Array.from({ length: 10 }, (_, at) => policyAt(at));
  const others = Array.from({ length: 990 }, (_, at) => policyAt(at + 10, { walletId: { in: [`wa-other-${at}`] } }));
  const [few, many] = [indexPolicies(applicable), indexPolicies([...applicable, ...others])];
  const [ten = 0, ofThousand = 0] = alternating(
    [(one) => evaluateIndexed(few, one.activity), (one) => evaluateIndexed(many, one.activity)],
    [10, 10],
  );
  figures.push({
    name: '10 applicable of 1,000 policies, against 10 of 10',
    value: ofThousand / ten,
    unit: '×',
    target: 2,
  });
  return figures;
};
