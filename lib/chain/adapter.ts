import type { Outcome } from '@/lib/domain/refusal';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';
import type { Facts } from '@/lib/policy/facts';

/** The intent a user signed for, as the ledger holds it. `requestBody` is the parsed body of the operation. */
export type Intent = {
  readonly activityKind: 'Transfer' | 'Transaction' | 'Signature';
  readonly network: string;
  /** The wallet's address; absent for a bare key. */
  readonly address?: string;
  readonly requestBody: { readonly kind: string; readonly [property: string]: unknown };
};

/** A price the oracle signed, already verified. `usd` is a decimal string per whole unit. */
export type Quote = { readonly usd: string; readonly decimals: number; readonly symbol?: string };

/**
 * The pure half of a chain family: what signer nodes, API and browser share. No clock, network or randomness.
 * Every function is total: what it can't tell is `null` (unknown) or a refusal.
 */
export type ChainRules = {
  readonly family: 'evm' | 'keyOnly';
  /** Address of a compressed public key (33 bytes, hex) on the network. */
  readonly deriveAddress: (publicKey: string, network: string) => string | null;
  /** Whether a request of this intent could ever be carried out; 400 naming the part that could not. */
  readonly checkIntent: (intent: Intent) => Outcome<true>;
  /** Decodes the facts a policy looks at from the intent itself, never from a summary. */
  readonly explainIntent: (intent: Intent, quote: Quote | null) => Facts;
  /** The asset whose price the policies need, or null. `contract` is lower-case hex. */
  readonly quotedAsset: (intent: Intent) => { readonly network: string; readonly asset: 'native' | string } | null;
  /** Most the fee of this intent may be, base units, from the network file and the body alone. */
  readonly feeCeiling: (intent: Intent) => string | null;
  /**
   * Decodes the unsigned bytes (hex) on its own, recomputes the digest and checks bytes ⊆ intent: recipient, amount, data,
   * chain id, fee within the ceiling and the hard cap, nonce as pinned. For a signature intent `unsigned` is the hash or message.
   */
  readonly checkUnsigned: (
    intent: Intent,
    unsigned: string,
  ) => Outcome<{ readonly digest: string; readonly pin: Pin; readonly fee: string | null }>;
  /** Checks a CancelTransaction's bytes: zero value to the sender itself, empty data, the pinned nonce. */
  readonly checkCancel: (
    intent: Intent,
    pin: Pin,
    unsigned: string,
  ) => Outcome<{ readonly digest: string; readonly fee: string | null }>;
  /**
   * Checks the bytes of a speed-up: those of the earlier transaction in everything but the fees, which are at least 10 % higher and
   * within the limits of the intent that was approved.
   */
  readonly checkSpeedUp: (
    intent: Intent,
    earlierUnsigned: string,
    unsigned: string,
  ) => Outcome<{ readonly digest: string; readonly pin: Pin; readonly fee: string | null }>;
  /** The cheapest bytes that would replace earlier ones, or null where nothing could. */
  readonly leastSpeedUp: (earlierUnsigned: string) => string | null;
  /** Whether a later attempt's fee is at least 10 % above an earlier one's on both fields. */
  readonly outbids: (earlierUnsigned: string, laterUnsigned: string) => boolean;
  /** Joins unsigned bytes and signature; verifies recovery of the address. Signature kinds return `encoded`. */
  readonly attach: (
    intent: Intent,
    unsigned: string,
    signature: EcdsaSignature,
  ) => Outcome<{ readonly raw: string; readonly hash: string }>;
};

/** Picks the rules of a network, or null when it is not enabled. */
export type ChainRulesFor = (network: string) => ChainRules | null;
