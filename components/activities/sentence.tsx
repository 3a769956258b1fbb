'use client';

import type { ReactNode } from 'react';
import { shorten } from '@/components/ui/copyable';
import type { ActivityDetail, ActivitySummary } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { networkWords } from './network-name';
import { amountWords } from './sentence-text';
import { useKnownAddresses } from './use-known-addresses';

type Words = { readonly verb: string; readonly rest: readonly ReactNode[] };

const Strong = ({ children }: { children: ReactNode }) => <span className="font-semibold text-ink">{children}</span>;

/** What the request does, in one plain sentence made of the decoded facts. What can't be told is said to be unknown. */
export const Sentence = ({ activity, request }: { activity: ActivitySummary; request?: ActivityDetail['request'] }) => {
  const { facts, walletId, network } = activity;
  const wallet = useWallet(walletId).data;
  const known = useKnownAddresses();
  const amount = amountWords(activity, request);
  const name = facts.recipient ? known.wallets.get(facts.recipient.toLowerCase())?.name : undefined;
  const recipient =
    facts.recipient === null
      ? 'an unknown recipient'
      : name
        ? `${name} (${shorten(facts.recipient)})`
        : shorten(facts.recipient);
  const from = wallet?.name ?? (walletId ? shorten(walletId) : shorten(activity.keyId));
  const where = network ? networkWords(network) : networkWords(facts.network);
  const words: Words =
    facts.kind === 'transfer'
      ? { verb: 'Send', rest: [<Strong key="a">{amount}</Strong>, ' to ', <Strong key="r">{recipient}</Strong>] }
      : facts.kind === 'contractCall'
        ? {
            verb: 'Call',
            rest: [
              'contract ',
              <Strong key="r">{recipient}</Strong>,
              facts.amount === '0' ? '' : ' with ',
              facts.amount === '0' ? '' : <Strong key="a">{amount}</Strong>,
            ],
          }
        : { verb: 'Sign', rest: [<Strong key="a">a message or hash</Strong>, ' whose effect is unknown'] };
  return (
    <>
      {words.verb} {words.rest} from <Strong>{from}</Strong> on {where}.
    </>
  );
};
