import { assetOf } from '@/components/activities/asset-of';
import { fiatOf } from '@/components/ui/decimal';
import type { QueueItem } from '@/lib/client/shapes';

/** Value in US dollars at the price that was signed with the request; null while it is unknown. */
export const queueFiat = (item: QueueItem): string | null => {
  const facts = item.activity?.facts;
  if (!facts || facts.amount === null) return null;
  const { decimals, usd } = assetOf(facts);
  return usd === null || decimals === null ? null : fiatOf(facts.amount, decimals, usd);
};

export const QueueValue = ({ item }: { item: QueueItem }) => {
  const fiat = queueFiat(item);
  if (fiat !== null) return <span className="tabular">{fiat} USD</span>;
  return <span className="text-faint">{item.change ? '' : 'unknown'}</span>;
};
