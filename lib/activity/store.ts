import type { Leaf } from '@/lib/ledger/entry';
import type { Change, RecordKind, Records } from '@/lib/ledger/records';
import type { OrgState, StateInMemory } from '@/lib/ledger/state';

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
  /** All window records that a checkpoint may settle. */
  readonly unsettled?: boolean;
  /** Leaves out spending windows, for who only looks the request up: to ask for one of them throws. */
  readonly withoutWindows?: boolean;
};

/** A job that a change asks for; enqueued in the same transaction. */
export type JobWanted =
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
  /** Draws the leaf number and writes leaf, records and jobs. @returns the leaf's id. */
  readonly write: (write: LedgerWrite) => Promise<string>;
};

/** Storage of the ledger as the corridor needs it; implemented in lib/db. */
export type LedgerStore = {
  /**
   * Runs `work` in one transaction under the organisation's lock (exclusive for governance, else shared and the key's)
   * and a counted credential's.
   * Clock and state are read after the locks are taken. A race lost to a once-only record is run again.
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
    work: (ledger: LockedLedger) => Promise<T>,
  ): Promise<T>;
  /** A consistent reading without writing. */
  read(orgId: string, subject: Subject): Promise<StateInMemory>;
  getRecord<K extends RecordKind>(orgId: string, kind: K, id: string): Promise<Records[K] | null>;
};
