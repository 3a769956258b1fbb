import type { Json } from '@/lib/domain/canonical-json';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';
import type { Facts } from '@/lib/policy/facts';
import type { Evaluation, RequiredGroup } from '@/lib/policy/policy';
import type { Screening } from '@/lib/policy/screening';
import type { Requester } from './governance-records';

export type KeyRecord = {
  readonly id: string;
  readonly scheme: 'ECDSA';
  readonly curve: 'secp256k1';
  readonly name?: string;
  readonly status: 'Creating' | 'Active';
  /** 33 bytes compressed, hex. Present once the certificate stands in the ledger. */
  readonly publicKey?: string;
  readonly certificate?: Json;
  /** The end user whose own credential alone may use the key. */
  readonly delegatedTo?: string;
  /** Born to be delegated later, as long as nobody has asked for its signature. */
  readonly delayDelegation?: true;
  /** Kept for keys born so: a signature was asked for, and no policy blocked it. */
  readonly isUsed?: true;
  /** Per node, how many of its stores were lost when the key was made; absent: none. See `holdersOf`. */
  readonly lostStores?: readonly number[];
  readonly dateCreated: number;
};

export type WalletRecord = {
  readonly id: string;
  readonly keyId: string;
  readonly network: string;
  readonly address?: string;
  readonly name?: string;
  readonly externalId?: string;
  readonly tags: readonly string[];
  /** Tags taken away that policies on signatures go by until the change has cooled, unix ms; of `strict` organisations. */
  readonly cooling?: readonly { readonly tags: readonly string[]; readonly until: number }[];
  readonly status: 'Creating' | 'Active';
  /** As its key's. */
  readonly delegatedTo?: string;
  readonly frozen: boolean;
  readonly dateCreated: number;
};

export type ActivityStatus = 'Pending' | 'Approved' | 'Rejected' | 'Reserved' | 'Released' | 'Abandoned' | 'Superseded';

/** How far a released transaction got, as the broadcaster states it (unsigned: informs, never frees anything). */
export type ChainProgress = {
  readonly status: 'Broadcasted' | 'Confirmed' | 'Failed';
  readonly subStatus?: string;
  readonly txHash?: string;
  readonly fee?: string;
  readonly reason?: string;
  readonly blockNumber?: number;
  readonly blockHash?: string;
  readonly dateBroadcasted?: number;
  readonly dateConfirmed?: number;
};

/** What the policies said of a request when an entry after its own judged it once more (design §4.4 Mid-flight). */
export type Rejudgement = {
  /** Counted time of that entry. */
  readonly at: number;
  readonly evaluations: readonly Evaluation[];
};

export type ActivityRecord = {
  /** xfr-…, tx-… or sig-… */
  readonly id: string;
  readonly kind: 'Transfer' | 'Transaction' | 'Signature';
  readonly walletId?: string;
  readonly keyId: string;
  readonly network?: string;
  readonly requester: Requester;
  readonly requestBody: Json;
  readonly externalId?: string;
  readonly digest: string;
  /** Digest of the words approvers agree to, where approvers are asked; see `renderingOf`. */
  readonly rendering?: string;
  /** Hash of the entry's body bytes. */
  readonly bodyHash: string;
  readonly facts: Facts;
  /** Signed answers about the transfer, one per vendor that a policy asks; the latest of each. */
  readonly screening?: readonly Screening[];
  /** When a renewed answer last held more against the transfer: votes up to then did not know of it. */
  readonly screenedWorseAt?: number;
  /** What the policies in force at the entry said. */
  readonly evaluations: readonly Evaluation[];
  /** What policies said later, where that reopened or rejected it, in order; absent until then. See `evaluationsDeciding`. */
  readonly rejudged?: readonly Rejudgement[];
  /** Groups of the policies in force at the entry; they bind for good, whatever the policies become. */
  readonly groups: readonly RequiredGroup[];
  /** Minutes that must pass before the signature by the policies in force at the entry; absent: none. */
  readonly delayMinutes?: number;
  readonly status: ActivityStatus;
  readonly reason?: string;
  readonly approvalId?: string;
  /** `at` as written, and the time it counts as in its wallet's order. */
  readonly at: number;
  readonly countedAt: number;
  readonly datePolicyResolved?: number;
  readonly pin?: Pin;
  readonly reservation?: {
    readonly digest: string;
    readonly digests: readonly string[];
    readonly unsigned: string;
    readonly attempt: number;
  };
  readonly release?: { readonly digest: string; readonly signature: EcdsaSignature; readonly date: number };
  /** Digests of releases before that one: of earlier attempts on the same pin. */
  readonly releasedBefore?: readonly string[];
  /** Set on a CancelTransaction: the activity whose pin it takes. */
  readonly cancels?: string;
  /**
   * Set on a SpeedUpTransaction: whose call it repeats (`activityId` holds the pin), and the bytes it outbids. Copied at its entry, where
   * nothing of a released request changes any more.
   */
  readonly speedsUp?: {
    readonly activityId: string;
    readonly kind: 'Transfer' | 'Transaction' | 'Signature';
    readonly requestBody: Json;
    readonly unsigned: string;
  };
  /** The SpeedUpTransaction that was asked for last. */
  readonly spedUpBy?: string;
  /** The rejected or failed request that this one asks for again. */
  readonly recreates?: string;
  readonly supersededBy?: string;
  readonly chain?: ChainProgress;
};

export type Decision = {
  readonly userId: string;
  readonly credentialId: string;
  readonly tokenId?: string;
  readonly value: 'Approved' | 'Denied';
  readonly reason: string | null;
  readonly date: number;
  /** Whose seats the voter could take at the entry, and by what. */
  readonly inPlaceOf?: readonly { readonly userId: string; readonly delegationId: string }[];
};

export type ApprovalRecord = {
  readonly id: string;
  readonly initiatorId: string;
  readonly subject: { readonly kind: 'Activity' | 'ChangeRequest'; readonly id: string };
  readonly activityKind: string;
  readonly status: 'Pending' | 'Approved' | 'Denied' | 'Expired';
  readonly groups: readonly RequiredGroup[];
  readonly evaluations: readonly Evaluation[];
  /** Votes, in order; a later live vote of the same user replaces one that is no longer live. */
  readonly decisions: readonly Decision[];
  readonly expirationDate?: number;
  readonly dateCreated: number;
  readonly dateUpdated: number;
  readonly dateResolved?: number;
};

/** One request in its wallet's spending windows; `counts` false frees it. Kept per wallet in ledger order. */
export type WindowRecord = {
  /** The activity's id; with `:walletId` behind it when the key serves several wallets. */
  readonly id: string;
  readonly activityId: string;
  readonly walletId: string;
  readonly at: number;
  /** `at` moved into [c − 120 s, c] by the first checkpoint entry that covers it. */
  readonly settledAt?: number;
  readonly counts: boolean;
  /** What the request is worth in US dollars, decimal string; absent where that is unknown. */
  readonly usd?: string;
  /** Still pending: from this moment on it no longer counts, unless it was reserved. */
  readonly pendingUntil?: number;
};

/** What a chain showed coming into a wallet, where a policy looks at that; and what the policies said. */
export type IncomingRecord = {
  /** `walletId:txHash:place`. */
  readonly id: string;
  readonly walletId: string;
  readonly network: string;
  readonly txHash: string;
  /** Index of the token's log in its block; -1 for the native coin. */
  readonly place: number;
  /** Of a token, lower case. */
  readonly contract?: string;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly blockNumber: number;
  readonly screening?: readonly Screening[];
  readonly evaluations: readonly Evaluation[];
  readonly at: number;
};
