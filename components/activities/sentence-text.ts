'use client';

import { useCallback } from 'react';
import { shorten } from '@/components/ui/copyable';
import { formatUnits } from '@/components/ui/decimal';
import { askedTransaction } from '@/lib/client/asked-transaction';
import { useMay } from '@/lib/client/session';
import type { ActivityDetail, ActivitySummary } from '@/lib/client/shapes';
import { useWallets } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
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

/** What a request calls, as far as its body is at hand: the contract, and the coin that goes along. */
export const callWords = (
  activity: ActivitySummary,
  request: ActivityDetail['request'] | undefined,
  nameOf: (address: string) => string,
): { readonly verb: string; readonly what: string; readonly along: string | null } => {
  const call = request && askedTransaction(activity, request.requestBody);
  const to = call ? call.to : activity.facts.recipient;
  if (call && call.to === null) return { verb: 'Create', what: 'a contract', along: null };
  const native = findNetwork(activity.facts.network)?.native;
  const along =
    call && call.value > 0n && native
      ? `${formatUnits(call.value.toString(), native.decimals)} ${native.symbol}`
      : null;
  return { verb: 'Call', what: to === null ? 'a contract' : `contract ${nameOf(to)}`, along };
};

/** What a replacement of a broadcast request is for, ahead of what it does; nothing for any other request. */
const replacementWords = ({ speedsUp, cancels }: ActivitySummary): string =>
  speedsUp ? 'Speed up: ' : cancels ? 'Cancel, by this in its place: ' : '';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A sentence, with what it replaces ahead of it. */
export const withReplacement = (activity: ActivitySummary, sentence: string): string => {
  const ahead = replacementWords(activity);
  return ahead ? `${ahead}${lowerFirst(sentence)}` : sentence;
};

/** The sentence of a request as plain text: for toasts, filters and files. */
export const useSentenceText = (): ((activity: ActivitySummary, request?: ActivityDetail['request']) => string) => {
  const known = useKnownAddresses();
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  return useCallback(
    (activity, request) => {
      const { facts, walletId } = activity;
      const nameOf = (address: string) => {
        const name = known.wallets.get(address.toLowerCase())?.name;
        return name ? `${name} (${shorten(address)})` : shorten(address);
      };
      const recipient = facts.recipient === null ? 'an unknown recipient' : nameOf(facts.recipient);
      const from = wallets.find((one) => one.id === walletId)?.name ?? shorten(walletId ?? activity.keyId);
      const place = `from ${from} on ${networkWords(activity.network ?? facts.network)}`;
      if (facts.kind === 'transfer')
        return withReplacement(activity, `Send ${amountWords(activity, request)} to ${recipient} ${place}.`);
      if (facts.kind === 'signature') return `Sign a message or hash whose effect is unknown ${place}.`;
      const { verb, what, along } = callWords(activity, request, nameOf);
      return withReplacement(activity, `${verb} ${what}${along ? ` with ${along}` : ''} ${place}.`);
    },
    [known, wallets],
  );
};
