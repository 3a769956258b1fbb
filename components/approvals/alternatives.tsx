'use client';

import { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { minutesWords } from '@/components/policies/words';
import { shorten } from '@/components/ui/copyable';
import { cutDecimal, showDecimal } from '@/components/ui/decimal';
import type { DecisionTrace } from '@/lib/client/shapes';

type Alternative = DecisionTrace['alternatives'][number];
type Difference = Alternative['differences'][number];

const THEN = {
  Allow: 'it would go at once',
  RequestApproval: 'it would ask for approval',
  Block: 'it would be blocked',
} as const;

/** US dollars as people compare them, cut to cents; the exact value stands in the API. */
const dollars = (usd: string): string => `${showDecimal(cutDecimal(usd, 2))} USD`;

const differenceWords = (difference: Difference, trace: DecisionTrace): string => {
  switch (difference.kind) {
    case 'amount':
      return difference.bound === 'atMost'
        ? `with at most ${dollars(difference.usd)}`
        : cutDecimal(difference.usd, 2) === difference.usd
          ? `with ${dollars(difference.usd)} or more`
          : `with more than ${dollars(difference.usd)}`;
    case 'recipient':
      return difference.address === null ? 'to a recipient that is not listed' : 'to a listed recipient';
    case 'later': {
      const longest = Math.max(0, ...trace.policies.map((policy) => policy.compared?.minutes ?? 0));
      return longest > 0
        ? `once earlier requests are more than ${minutesWords(longest)} old`
        : 'once earlier requests have left the window';
    }
    case 'moreRequests':
      return difference.count === 1 ? 'after one more request' : `after ${difference.count} more requests`;
    case 'policies': {
      const names = difference.policyIds.map((id) => trace.policies.find((one) => one.policyId === id)?.name ?? id);
      return `without ${names.map((name) => `“${name}”`).join(' and ')}`;
    }
    default:
      return 'with another request';
  }
};

/** The nearest changes after which the policies would decide otherwise. */
export const Alternatives = ({ trace }: { trace: DecisionTrace }) => {
  const known = useKnownAddresses();
  const nameOf = (address: string) => known.wallets.get(address.toLowerCase())?.name ?? shorten(address);
  if (trace.alternatives.length === 0) return null;
  return (
    <div>
      <p className="text-muted">It would be decided otherwise</p>
      <ul className="mt-1 list-disc space-y-1 pl-5">
        {trace.alternatives.map((alternative) => {
          const words = alternative.differences.map((difference) =>
            difference.kind === 'recipient' && difference.address !== null
              ? `to a listed recipient, such as ${nameOf(difference.address)}`
              : differenceWords(difference, trace),
          );
          return (
            <li key={words.join()}>
              {words.join(' and ')}: {THEN[alternative.outcome]}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
