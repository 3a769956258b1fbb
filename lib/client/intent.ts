import type { Intent } from '@/lib/chain/adapter';
import { chainRulesFor } from '@/lib/chain/rules';
import { findNetwork, isAddress } from '@/lib/contract/networks';
import type { TransferBody, Wallet } from './shapes';

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
