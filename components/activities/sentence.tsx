'use client';

import type { ReactNode } from 'react';
import { shorten } from '@/components/ui/copyable';
import type { ActivityDetail, ActivitySummary } from '@/lib/client/shapes';
import { useWallet } from '@/lib/client/wallets';
import { networkWords } from './network-name';
import { amountWords, callWords, withReplacement } from './sentence-text';
import { useKnownAddresses } from './use-known-addresses';

type Parts = { readonly verb: string; readonly rest: readonly ReactNode[] };

const Strong = ({ children }: { children: ReactNode }) => <span className="font-semibold text-ink">{children}</span>;

type SentenceProps = { activity: ActivitySummary; request?: ActivityDetail['request'] };
type Known = ReturnType<typeof useKnownAddresses>;

/** What the request does, in one plain sentence made of the decoded facts. What can't be told is said to be unknown. */
export const Sentence = (props: SentenceProps) => <SentenceOf {...props} known={useKnownAddresses()} />;

/** The same where a list knows the addresses for all of its lines. */
export const SentenceOf = (props: SentenceProps & { known: Known }) => {
  const { walletId } = props.activity;
  const name = walletId === undefined ? undefined : props.known.names.get(walletId);
  return name === undefined ? <OfWallet {...props} /> : <Words {...props} walletName={name} />;
};

/** Of a wallet that is not among those already listed. */
const OfWallet = (props: SentenceProps & { known: Known }) => (
  <Words {...props} walletName={useWallet(props.activity.walletId).data?.name} />
);

const Words = ({
  activity,
  request,
  known,
  walletName,
}: SentenceProps & { known: Known; walletName: string | undefined }) => {
  const { facts, walletId, network } = activity;
  const amount = amountWords(activity, request);
  const nameOf = (address: string) => {
    const name = known.wallets.get(address.toLowerCase())?.name;
    return name ? `${name} (${shorten(address)})` : shorten(address);
  };
  const recipient = facts.recipient === null ? 'an unknown recipient' : nameOf(facts.recipient);
  const { verb, what, along } = callWords(activity, request, nameOf);
  const from = walletName ?? (walletId ? shorten(walletId) : shorten(activity.keyId));
  const where = network ? networkWords(network) : networkWords(facts.network);
  const words: Parts =
    facts.kind === 'transfer'
      ? { verb: 'Send', rest: [<Strong key="a">{amount}</Strong>, ' to ', <Strong key="r">{recipient}</Strong>] }
      : facts.kind === 'contractCall'
        ? {
            verb,
            rest: [
              <Strong key="r">{what}</Strong>,
              along === null ? '' : ' with ',
              along === null ? '' : <Strong key="a">{along}</Strong>,
            ],
          }
        : { verb: 'Sign', rest: [<Strong key="a">a message or hash</Strong>, ' whose effect is unknown'] };
  return (
    <>
      {withReplacement(activity, words.verb)} {words.rest} from <Strong>{from}</Strong> on {where}.
    </>
  );
};
