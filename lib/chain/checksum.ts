import type { Hex } from 'viem';
import { getAddress } from 'viem/utils';

/** The address as people see it: EIP-55 mixed case. Apart from `hex.ts`: it needs a hash function, which lists don't load. */
export const checksummed = (address: Hex): Hex => getAddress(address);
