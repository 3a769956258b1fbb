import type { Leaf } from '@/lib/ledger/entry';
import type { Change, PolicyRecord, RecordKind, Records } from '@/lib/ledger/records';
import type { OrgState } from '@/lib/ledger/state';

/** What a decision is about; the store loads what hangs together with it. */
export type Subject = {
  readonly walletIds?: readonly string[];
  readonly keyIds?: readonly string[];
  readonly activityIds?: readonly string[];
  readonly approvalIds?: readonly string[];
  readonly changeRequestIds?: readonly string[];
  /** Records to look up where absence matters: statements, externalIds, pins, fresh ids. */
  readonly probes?: readonly { readonly kind: RecordKind; readonly id: string }[];
  /** When the request is judged, unix ms: its windows begin before it. */
  readonly at?: number;
  /** Minutes of windows to load besides those that the policies look at. */
  readonly timeframes?: readonly number[];
  /** All window records that a checkpoint may settle. */
  readonly unsettled?: boolean;
};

/** A job that a change asks for; enqueued in the same transaction. */
export type JobWanted =
  | { readonly name: 'ask-approvers'; readonly payload: { readonly orgId: string; readonly approvalId: string } }
  | { readonly name: 'ask-deputy'; readonly payload: { readonly orgId: string; readonly delegationId: string } }
  | { readonly name: 'register-sent'; readonly payload: { readonly orgId: string; readonly activityId: string } }
  | { readonly name: 'mail-request'; readonly payload: { readonly orgId: string; readonly activityId: string } }
  | { readonly name: 'sign-activity'; readonly payload: { readonly orgId: string; readonly activityId: string } }
  | { readonly name: 'create-key'; readonly payload: { readonly orgId: string; readonly keyId: string } }
  | {
      readonly name: 'mail-approval';
      readonly payload: {
        readonly orgId: string;
        readonly approvalId: string;
        readonly userId: string;
        readonly about: 'asked' | 'reminder' | 'escalated' | 'decided';
      };
    };

export type LedgerWrite = {
  readonly leaf: Leaf;
  readonly body: Uint8Array;
  readonly changes: readonly Change[];
  readonly jobs: readonly JobWanted[];
};

/** One transaction under the locks of a lane. */
export type LockedLedger = {
  readonly state: OrgState;
  /** The moment the state is read for, unix ms; what is written now has this `at`. */
  readonly at: number;
  /** Merkle root over entries 0…seq as chained so far. */
  readonly rootAt: (seq: number) => string | null;
  /** Place in the chain of the recovery that brought a credential which waits; null while it has none. */
  readonly placeOf: (credentialId: string) => number | null;
  /** Has leaf, records and jobs written when the transaction ends, and the leaf's number drawn then. @returns the leaf's id. */
  readonly write: (write: LedgerWrite) => string;
};

/** Storage of the ledger as the corridor needs it; implemented in lib/db. */
export type LedgerStore = {
  /**
   * Runs `work` in a transaction under the organisation's lock (exclusive for governance, else shared and the key's)
   * and a counted credential's; resolves once it is committed.
   * Clock and state are read after the locks are taken. A race lost to a once-only record is run again.
   *
   * What is asked for while another transaction of the organisation runs is done together in the next one, one after the other: each
   * sees what those before it wrote.
   */
  locked<T>(
    input: {
      readonly orgId: string;
      readonly lane: string;
      readonly now: () => number;
      /** The credential whose counter is read and raised; its entries are then in the counter's order too. */
      readonly credentialId?: string;
      readonly subject: Subject;
      readonly checkpointSeq?: number;
    },
    work: (ledger: LockedLedger) => T,
  ): Promise<T>;
  /** A consistent reading without writing. */
  read(orgId: string, subject: Subject): Promise<OrgState>;
  /**
   * A reading without spending windows, to look a request up: to ask for one of them throws. Others who look at the same time may share
   * it, so it may hold more than the subject needs.
   */
  look(orgId: string, subject: Subject): Promise<OrgState>;
  /** The policies as they were before the entry that made the activity, archived ones included. */
  policiesBefore(orgId: string, activityId: string): Promise<readonly PolicyRecord[]>;
  getRecord<K extends RecordKind>(orgId: string, kind: K, id: string): Promise<Records[K] | null>;
};
