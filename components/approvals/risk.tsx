'use client';

import { CircleHelp, Flame, Landmark, ListChecks, ScanSearch, TriangleAlert, UserRoundX } from 'lucide-react';
import type { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { Badge, type Tone } from '@/components/ui/badge';
import { isBurnAddress } from '@/lib/client/burn-address';
import { findLookAlike } from '@/lib/client/look-alike';
import type { QueueItem } from '@/lib/client/shapes';

type Known = ReturnType<typeof useKnownAddresses>;
export type Risk = { readonly tone: Tone; readonly word: string; readonly icon: typeof TriangleAlert };

/** The one thing to look at first, worst first. What is unknown counts as the worst. */
export const riskOf = (item: QueueItem, known: Known): Risk => {
  const facts = item.activity?.facts;
  if (!facts) return { tone: 'pending', word: 'Changes rules', icon: ScanSearch };
  const { recipient } = facts;
  if (recipient !== null && findLookAlike(recipient, known.addresses) !== null)
    return { tone: 'bad', word: 'Look-alike', icon: TriangleAlert };
  if (recipient !== null && isBurnAddress(recipient)) return { tone: 'bad', word: 'Burn address', icon: Flame };
  if (facts.kind === 'signature' || recipient === null || facts.amount === null)
    return { tone: 'bad', word: 'Effect unknown', icon: TriangleAlert };
  if (facts.quote === null) return { tone: 'pending', word: 'Value unknown', icon: CircleHelp };
  const address = recipient.toLowerCase();
  if (known.wallets.has(address)) return { tone: 'neutral', word: 'Own wallet', icon: Landmark };
  return known.addresses.some((one) => one.toLowerCase() === address)
    ? { tone: 'neutral', word: 'Listed', icon: ListChecks }
    : { tone: 'neutral', word: 'Not listed', icon: UserRoundX };
};

export const RiskChip = ({ item, known }: { item: QueueItem; known: Known }) => {
  const { tone, word, icon } = riskOf(item, known);
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
};
