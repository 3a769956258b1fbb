/**
 * What a request really does, decoded from its intent or bytes. `null` says *unknown*: a rule that needs the value then
 * adds its requirement instead of falling away.
 */
export type Facts = {
  readonly kind: 'transfer' | 'contractCall' | 'signature';
  readonly network: string;
  /** Who receives the value: the token's recipient, not the token contract. */
  readonly recipient: string | null;
  readonly asset: { readonly kind: 'Native' } | { readonly kind: 'Erc20'; readonly contract: string } | null;
  /** Base units, decimal string. */
  readonly amount: string | null;
  /** The oracle's signed price that the entry carries; null is unknown. */
  readonly quote: { readonly usd: string; readonly decimals: number; readonly symbol?: string } | null;
  /** Most the network fee may be, base units of the native asset; null where no transaction is sent. */
  readonly feeCeiling: string | null;
  /** Price of the native asset, present where the fee counts into amounts (`strict` organisations); null is unknown. */
  readonly feeQuote?: { readonly usd: string; readonly decimals: number } | null;
};
