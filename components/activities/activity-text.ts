import { formatUnits } from '@/components/ui/decimal';
import type { ActivitySummary } from '@/lib/client/shapes';
import { assetOf } from './asset-of';

const amountText = (activity: ActivitySummary): string => {
  const asset = assetOf(activity.facts);
  const { amount } = activity.facts;
  if (amount === null) return 'unknown';
  return asset.decimals === null
    ? `${amount} base units`
    : `${formatUnits(amount, asset.decimals)} ${asset.symbol ?? ''}`.trim();
};

/** Names of our wallets: by their id, and by their address in lower case. */
type Named = {
  readonly names: ReadonlyMap<string, string>;
  readonly wallets: ReadonlyMap<string, { readonly name: string }>;
};

/** What filter, sort and file see of a request: what its row says, with ids and addresses whole. */
export const activityText = (activity: ActivitySummary, known: Named): string => {
  const { facts, walletId, id } = activity;
  const from = walletId ? (known.names.get(walletId) ?? walletId) : activity.keyId;
  const to = facts.recipient ? known.wallets.get(facts.recipient.toLowerCase())?.name : undefined;
  const said = [facts.kind, amountText(activity), 'to', to, facts.recipient ?? 'unknown', 'from', from, id];
  return said.filter((part) => part !== undefined).join(' ');
};
