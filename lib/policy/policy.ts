import type { Decimal } from '@/lib/domain/decimal';
import type { ScreeningReading, ScreeningVendor } from './screening';

/** Policies as the ledger holds them; the shapes are the dialect's (contract §4.1–4.3). */
export type PolicyRule = { readonly kind: string; readonly configuration?: { readonly [key: string]: unknown } };

export type ApprovalGroup = {
  readonly name?: string;
  readonly quorum: number;
  readonly approvers: { readonly userId?: { readonly in: readonly string[] } };
  readonly initiatorCanApprove?: boolean;
  readonly serviceAccountsCanApprove?: boolean;
  /** After so long without a decision these people may take seats of the group as well. Its quorum stays. */
  readonly escalation?: {
    readonly afterMinutes: number;
    readonly approvers: { readonly userId: { readonly in: readonly string[] } };
  };
};

export type PolicyAction =
  | { readonly kind: 'Block' }
  | { readonly kind: 'NoAction' }
  | {
      readonly kind: 'RequestApproval';
      readonly approvalGroups: readonly ApprovalGroup[];
      readonly autoRejectTimeout?: number | null;
      /** Minutes between a request and its signature at the least, however fast it is approved. */
      readonly minimumDelay?: number;
    };

export type ActivityKind =
  | 'Wallets:Sign'
  | 'Wallets:IncomingTransaction'
  | 'Permissions:Assign'
  | 'Permissions:Modify'
  | 'Policies:Modify'
  | 'Registry:Addresses:Modify'
  | 'Registry:ContractSchemas:Modify';

export type PolicyDefinition = {
  readonly name: string;
  readonly activityKind: ActivityKind;
  readonly rule: PolicyRule;
  readonly action: PolicyAction;
  readonly filters?: {
    readonly [filter: string]: {
      readonly in?: readonly string[];
      readonly hasAny?: readonly string[];
      readonly hasAll?: readonly string[];
    };
  };
};

/** A policy with the hash of its definition: the version a decision was made under. */
export type Policy = {
  readonly id: string;
  readonly version: string;
  readonly status: 'Active' | 'Archived';
  readonly definition: PolicyDefinition;
};

/** What a wallet's requests in one window come to. */
export type WindowTotal = {
  readonly count: number;
  /** Sum of the values that are known, US dollars. */
  readonly usd: Decimal;
  /** How many of them have no known value. */
  readonly unknown: number;
};

/** What is judged. `subject` is what filters look at. */
export type PolicyActivity = {
  readonly kind: ActivityKind;
  readonly subject: {
    readonly wallets?: readonly { readonly id: string; readonly tags: readonly string[] }[];
    readonly permissionId?: string;
    readonly policyId?: string;
  };
  /** Present for Wallets:Sign. */
  readonly facts?: import('./facts').Facts;
  /**
   * Requests in the window of that many minutes before this one, this one left out: one total for each wallet that this request
   * counts in. A key that serves several wallets is judged by each of them.
   */
  readonly inWindow?: (timeframeMinutes: number) => readonly WindowTotal[];
  /** What a vendor said of the transfer, as the oracle signed it, read at the moment that is judged. */
  readonly screening?: (vendor: ScreeningVendor) => ScreeningReading;
};

/** What a rule held against what. Values are texts: base units, US dollars, an address or a number, as `what` says. */
export type Compared = {
  readonly what: 'recipient' | 'amountInUsd' | 'sumInUsd' | 'count' | 'screening';
  /** Null is unknown. */
  readonly value: string | null;
  readonly limit: string;
  /** Of a window: its length, and what earlier requests of each wallet came to. */
  readonly minutes?: number;
  readonly earlier?: readonly { readonly count: number; readonly usd: string; readonly unknown: number }[];
};

/** One policy's result. Every policy of the kind whose filters match is evaluated and kept, triggered or not. */
export type Evaluation = {
  readonly policyId: string;
  readonly version: string;
  readonly triggered: boolean;
  readonly reason: string;
  readonly compared?: Compared;
  readonly action: PolicyAction['kind'];
};

/** A group that must reach its quorum, with the policy that asks. */
export type RequiredGroup = ApprovalGroup & { readonly policyId: string; readonly index: number };

export type PolicyDecision = {
  readonly outcome: 'Allow' | 'Block' | 'RequestApproval';
  readonly evaluations: readonly Evaluation[];
  /** Empty unless RequestApproval; the groups of every triggered policy. */
  readonly groups: readonly RequiredGroup[];
  /** Minutes until an undecided approval expires: the earliest of the triggered policies; null is never. */
  readonly autoRejectMinutes: number | null;
  /** Minutes that must pass before a signature: the longest of the triggered policies. */
  readonly delayMinutes: number;
};
