import { getAddress } from 'viem/utils';
import { isBurnAddress } from './burn-address';
import { findLookAlike } from './look-alike';

/** What to say of an address before something is sent to it. */
export type AddressWarning =
  | { readonly kind: 'burn' }
  /** It mixes letter cases, and not as EIP-55 has it: a character was probably mistyped. */
  | { readonly kind: 'checksum' }
  /** It begins and ends like a known one. */
  | { readonly kind: 'lookAlike'; readonly known: string };

const ADDRESS = /^0x[0-9a-f]{40}$/i;
/** Whether the letter case claims a checksum and does not keep it. One case throughout claims none. */
export const isMistyped = (address: string): boolean => {
  const letters = address.slice(2);
  if (!ADDRESS.test(address) || letters === letters.toLowerCase() || letters === letters.toUpperCase()) return false;
  return getAddress(address.toLowerCase() as `0x${string}`) !== address;
};

/** The first thing to look at, or null. @param known Addresses the organisation knows. */
export const addressWarning = (address: string, known: readonly string[]): AddressWarning | null => {
  if (isBurnAddress(address)) return { kind: 'burn' };
  if (isMistyped(address)) return { kind: 'checksum' };
  const resembled = findLookAlike(address, known);
  return resembled === null ? null : { kind: 'lookAlike', known: resembled };
};
