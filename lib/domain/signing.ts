/** What a signature is bound to for good: an account's nonce on a chain, or the digest itself (design §4.3). */
export type Pin =
  | { readonly chain: string; readonly sender: string; readonly nonce: string }
  | { readonly digest: string };

/** `r` and `s`: 0x and 64 hex digits, low-s; `recid` 0 or 1. */
export type EcdsaSignature = { readonly r: string; readonly s: string; readonly recid: 0 | 1 };

/** The unique name under which a pin is held. Addresses are lower-cased. */
export const pinId = (pin: Pin): string =>
  'digest' in pin ? `digest:${pin.digest.toLowerCase()}` : `${pin.chain}:${pin.sender.toLowerCase()}:${pin.nonce}`;
