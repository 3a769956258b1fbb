import type { Intent } from '@/lib/chain/adapter';
import type { Outcome } from '@/lib/domain/refusal';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';

/**
 * Where an attempt is: built (`reserved`), signed and stored, offered to the network, mined deep enough, or at an end: `final` when
 * mined for good, `lost` when another transaction used its nonce for good, `released` when it was never signed and its slot is free.
 */
export const ATTEMPT_STATES = ['reserved', 'signed', 'broadcast', 'mined', 'final', 'lost', 'released'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** One set of bytes for one nonce. An activity may have several, which outbid each other; cancels and speed-ups share the nonce of their target. */
export type Attempt = {
  readonly id: string;
  readonly orgId: string;
  readonly activityId: string;
  readonly network: string;
  /** Lower case. */
  readonly address: string;
  readonly nonce: number;
  /** 1 for the first bytes of the activity. */
  readonly attempt: number;
  readonly kind: 'original' | 'cancel' | 'speedUp';
  /** Hex without prefix, like `digest`. */
  readonly unsigned: string;
  readonly digest: string;
  /** Most native coin this attempt may take from the wallet, base units: value and fee. */
  readonly maxCost: bigint;
  readonly state: AttemptState;
  /** With prefix, like `hash`; absent until signed. */
  readonly raw?: string;
  readonly hash?: string;
  readonly blockNumber?: number;
  readonly blockHash?: string;
};

export type NewAttempt = Omit<Attempt, 'id' | 'state' | 'raw' | 'hash' | 'blockNumber' | 'blockHash'>;

/** What can be done while one lane (network and address) is held by this transaction alone. */
export type Lane = {
  /** Attempts of the lane that are not released, oldest first. */
  readonly attempts: readonly Attempt[];
  reserve(attempt: NewAttempt): Promise<void>;
  /** Gives the slot of attempts that were never signed back. */
  release(attemptIds: readonly string[]): Promise<void>;
};

export type AttemptStore = {
  /** Runs `work` in one transaction that holds the lane; commits when it resolves. */
  inLane<T>(network: string, address: string, work: (lane: Lane) => Promise<T>): Promise<T>;
  find(attemptId: string): Promise<Attempt | null>;
  findByDigest(activityId: string, digest: string): Promise<Attempt | null>;
  /** All attempts for one nonce, released ones left out. */
  siblings(attempt: Pick<Attempt, 'network' | 'address' | 'nonce'>): Promise<readonly Attempt[]>;
  /** Stores the signed bytes and asks for their broadcast, in one transaction. Changes nothing the second time. */
  sign(attemptId: string, signed: { readonly raw: string; readonly hash: string }): Promise<void>;
  /** Moves an attempt on if it is still in `from`. @returns false when somebody else was first. */
  advance(
    attemptId: string,
    from: AttemptState,
    to: AttemptState,
    block?: { readonly blockNumber: number; readonly blockHash: string } | null,
  ): Promise<boolean>;
  /** Signed attempts that are not at an end. */
  open(): Promise<readonly Attempt[]>;
};

/** The activity as the ledger records it; only what broadcasting looks at. */
export type BroadcastActivity = {
  readonly id: string;
  readonly kind: Intent['activityKind'];
  readonly status: string;
  readonly requestBody: unknown;
  readonly pin?: Pin;
  readonly reservation?: { readonly digest: string; readonly unsigned: string; readonly attempt: number };
  readonly release?: { readonly digest: string; readonly signature: EcdsaSignature };
  readonly cancels?: string;
  readonly speedsUp?: { readonly activityId: string; readonly unsigned: string };
  readonly chain?: { readonly status: string; readonly subStatus?: string; readonly txHash?: string };
};

export type BroadcastWallet = { readonly network: string; readonly address?: string };

/** What the broadcaster tells the ledger. It informs and never frees anything. */
export type Progress = {
  readonly status: 'Broadcasted' | 'Confirmed' | 'Failed';
  readonly subStatus?: 'Finalized' | 'Reorged' | 'Reverted' | 'ReplacedExternally' | 'Replaced' | 'Cancelled';
  readonly txHash: string;
  readonly fee?: string;
  readonly reason?: string;
  readonly blockNumber?: number;
  readonly blockHash?: string;
};

export type RecordPorts = {
  activity(orgId: string, activityId: string): Promise<BroadcastActivity | null>;
  /** Whether an activity other than `activityId` holds the pin in the ledger. */
  pinHeldByOther(orgId: string, pin: Pin, activityId: string): Promise<boolean>;
  progress(orgId: string, activityId: string, progress: Progress): Promise<Outcome<unknown>>;
  /** Shows with the request why it waits; the same reason again is no news. */
  waits(orgId: string, activityId: string, reason: { readonly code: string; readonly message: string }): Promise<void>;
};

/** What the nodes say to signed bytes; only `unavailable` speaks of the nodes, all others of the transaction. */
export type SendAnswer = {
  readonly kind: 'accepted' | 'known' | 'nonceTooLow' | 'underpriced' | 'insufficientFunds' | 'invalid' | 'unavailable';
  /** The node's own words. */
  readonly message: string;
};

export type FeeBid = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** A network as broadcasting needs it: its pure rules, its builder and its nodes. */
export type BroadcastChain = {
  readonly chain: string;
  readonly confirmations: number;
  readonly extraFee: bigint;
  /** Bids by priority: what the market asks now. Base fee of the last block, wei per gas. */
  fees(): Promise<{
    readonly slow: FeeBid;
    readonly standard: FeeBid;
    readonly fast: FeeBid;
    readonly baseFeePerGas: bigint;
  }>;
  limits(
    intent: Intent,
  ): { readonly gas: bigint; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint } | null;
  /** What the intent calls, for an estimate; null when its body can't be read. */
  callOf(intent: Intent): { readonly to: string | null; readonly value: bigint; readonly data: string } | null;
  /** The token an intent sends, if it sends one. */
  tokenOf(intent: Intent): { readonly contract: string; readonly amount: bigint } | null;
  build(intent: Intent, choice: { nonce: number; gasLimit: bigint } & FeeBid): Outcome<string>;
  check(intent: Intent, unsigned: string): Outcome<{ readonly digest: string; readonly pin: Pin }>;
  checkCancel(intent: Intent, pin: Pin, unsigned: string): Outcome<{ readonly digest: string }>;
  checkSpeedUp(
    intent: Intent,
    earlier: string,
    unsigned: string,
  ): Outcome<{ readonly digest: string; readonly pin: Pin }>;
  bidOf(unsigned: string): (FeeBid & { readonly cost: bigint; readonly nonce: number }) | null;
  /** The same transaction at other fees. */
  reprice(unsigned: string, bid: FeeBid): string | null;
  outbid(earlier: FeeBid, market: FeeBid): FeeBid;
  attach(
    intent: Intent,
    unsigned: string,
    signature: EcdsaSignature,
  ): Outcome<{ readonly raw: string; readonly hash: string }>;
  head(): Promise<number>;
  /** Refuses when the call would revert as things stand. @throws when the network can't be asked. */
  estimateGas(call: { from: string; to: string | null; value: bigint; data: string }): Promise<Outcome<bigint>>;
  balance(address: string): Promise<bigint>;
  /** Null: there is no token contract. @throws when the network can't be asked. */
  tokenBalance(contract: string, holder: string): Promise<bigint | null>;
  transactionCount(address: string, at?: 'latest' | 'finalized'): Promise<number>;
  sendRaw(raw: string): Promise<SendAnswer>;
  receipt(hash: string): Promise<{
    readonly hash: string;
    readonly blockNumber: number;
    readonly blockHash: string;
    readonly succeeded: boolean;
    readonly fee: bigint;
  } | null>;
  blockHash(blockNumber: number): Promise<string | null>;
  finalizedHead(): Promise<number | null>;
};

/** The network to broadcast on, or null when this installation has no node for it. */
export type ChainFor = (network: string) => BroadcastChain | null;
