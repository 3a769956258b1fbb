'use client';

import { useCallback } from 'react';
import { shorten } from '@/components/ui/copyable';
import { formatUnits } from '@/components/ui/decimal';
import { useMay } from '@/lib/client/session';
import type { ActivityDetail, ActivitySummary } from '@/lib/client/shapes';
import { useWallets } from '@/lib/client/wallets';
import { assetOf } from './asset-of';
import { networkWords } from './network-name';
import { useKnownAddresses } from './use-known-addresses';

/** Amount of a request with its unit, or that it is unknown. */
export const amountWords = (activity: ActivitySummary, request?: ActivityDetail['request']): string => {
  const { facts } = activity;
  const asset = assetOf(facts, request);
  if (facts.amount === null) return 'an unknown amount';
  if (asset.decimals === null) return `${facts.amount} base units`;
  const unit = asset.symbol ?? (facts.asset?.kind === 'Erc20' ? 'tokens' : '');
  return `${formatUnits(facts.amount, asset.decimals)} ${unit}`.trim();
};

/** The sentence of a request as plain text: for toasts, filters and files. */
export const useSentenceText = (): ((activity: ActivitySummary, request?: ActivityDetail['request']) => string) => {
  const known = useKnownAddresses();
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  return useCallback(
    (activity, request) => {
      const { facts, walletId } = activity;
      const name = facts.recipient ? known.wallets.get(facts.recipient.toLowerCase())?.name : undefined;
      const recipient =
        facts.recipient === null
          ? 'an unknown recipient'
          : name
            ? `${name} (${shorten(facts.recipient)})`
            : shorten(facts.recipient);
      const from = wallets.find((one) => one.id === walletId)?.name ?? shorten(walletId ?? activity.keyId);
      const place = `from ${from} on ${networkWords(activity.network ?? facts.network)}`;
      if (facts.kind === 'transfer') return `Send ${amountWords(activity, request)} to ${recipient} ${place}.`;
      if (facts.kind === 'signature') return `Sign a message or hash whose effect is unknown ${place}.`;
      const value = facts.amount === '0' ? '' : ` with ${amountWords(activity, request)}`;
      return `Call contract ${recipient}${value} ${place}.`;
    },
    [known, wallets],
  );
};
