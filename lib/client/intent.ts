import { chainRulesFor } from '@/lib/chain/rules';
import { findNetwork, isAddress } from '@/lib/contract/networks';
import { feeCeilingOf } from '@/lib/ledger/intent';
import type { Wallet } from './shapes';

/** What is wrong with a recipient on the network, or null. */
export const addressProblem = (network: string, address: string): string | null => {
  if (address === '') return 'Type the address to send to.';
  const family = findNetwork(network)?.family;
  return family && !isAddress(family, address)
    ? `This is no address of ${network}: on this network it is 0x and 40 hexadecimal digits.`
    : null;
};

/** The most the network fee may be, base units, computed here as the signers compute it. */
export const feeCeilingShown = (
  sender: Pick<Wallet, 'network' | 'address'>,
  body: unknown,
  operation = 'wallets.transferAsset',
): string | null => feeCeilingOf(operation, sender, body, chainRulesFor);
