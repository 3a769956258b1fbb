import type { Intent } from '@/lib/chain/adapter';
import { chainRulesFor } from '@/lib/chain/rules';
import { findNetwork, isAddress } from '@/lib/contract/networks';
import type { Difference } from './client-error';
import type { ActivityDetail, Facts, TransferBody, Wallet } from './shapes';

type Sender = Pick<Wallet, 'network' | 'address'>;

const intentOf = (
  activityKind: Intent['activityKind'],
  sender: Sender,
  requestBody: Intent['requestBody'],
): Intent => ({
  activityKind,
  network: sender.network,
  ...(sender.address && { address: sender.address }),
  requestBody,
});

/** What is wrong with a recipient on the network, or null. */
export const addressProblem = (network: string, address: string): string | null => {
  if (address === '') return 'Type the address to send to.';
  const family = findNetwork(network)?.family;
  return family && !isAddress(family, address)
    ? `This is no address of ${network}: on this network it is 0x and 40 hexadecimal digits.`
    : null;
};

/** The most the network fee may be, base units, computed here as the signers compute it. */
export const feeCeilingShown = (sender: Sender, body: TransferBody): string | null =>
  chainRulesFor(sender.network)?.feeCeiling(intentOf('Transfer', sender, body)) ?? null;

const lower = (text: string | null): string => text?.toLowerCase() ?? 'unknown';
const assetText = (asset: Facts['asset']): string =>
  asset === null ? 'unknown' : asset.kind === 'Native' ? 'native' : lower(asset.contract);

/**
 * Decodes the request body here, with the code the signers run, and compares it with the facts the server states.
 * @returns what differs; null when this console has no rules for the network.
 */
export const checkFacts = (activity: ActivityDetail, sender: Sender): readonly Difference[] | null => {
  const rules = chainRulesFor(sender.network);
  if (!rules) return null;
  const own = rules.explainIntent(intentOf(activity.kind, sender, activity.request.requestBody), activity.facts.quote);
  const stated = activity.facts;
  const rows: readonly (readonly [string, string, string])[] = [
    ['kind', own.kind, stated.kind],
    ['network', own.network, stated.network],
    ['recipient', lower(own.recipient), lower(stated.recipient)],
    ['asset', assetText(own.asset), assetText(stated.asset)],
    ['amount', own.amount ?? 'unknown', stated.amount ?? 'unknown'],
    ['fee ceiling', own.feeCeiling ?? 'none', stated.feeCeiling ?? 'none'],
  ];
  return rows.filter(([, mine, theirs]) => mine !== theirs).map(([what, shown, asked]) => ({ what, shown, asked }));
};
