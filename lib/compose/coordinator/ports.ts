import type { LedgerService } from '@/lib/activity/ports';
import type { Preparation } from '@/lib/broadcast/preparation';
import type { SignerNodeStore } from '@/lib/db/signer-nodes';
import type { WitnessStore } from '@/lib/db/witness-store';
import type { Outcome, Refusal } from '@/lib/domain/refusal';
import type { EcdsaSignature } from '@/lib/domain/signing';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord, KeyRecord, OrgRecord, WalletRecord } from '@/lib/ledger/records';
import type { RecoveredEntry } from '@/lib/ledger/recovery';

/** What the coordinator needs from the rest of the house. It holds no secret and is trusted for nothing but being there. */
export type CoordinatorPorts = {
  readonly ledger: LedgerService;
  readonly records: {
    activity(orgId: string, id: string): Promise<ActivityRecord | null>;
    wallet(orgId: string, id: string): Promise<WalletRecord | null>;
    key(orgId: string, id: string): Promise<KeyRecord | null>;
    /** The organisation as it stands: which certificates of nodes are in force. */
    org(orgId: string): Promise<OrgRecord | null>;
    /** Why a freeze keeps the request from being signed at the ledger's head, or null. */
    freeze(orgId: string, activity: ActivityRecord): Promise<Refusal | null>;
    /** Until when a policy lets the request wait, unix ms, by the ledger's head; null where none does. */
    delayedUntil(orgId: string, activity: ActivityRecord): Promise<number | null>;
    /** Why policies at the ledger's head keep a reserved request from being signed for longer than `patienceMs`, or null. */
    unsignable(orgId: string, activity: ActivityRecord, patienceMs: number): Promise<Refusal | null>;
  };
  /** Builds the unsigned bytes of an approved activity; null wallet for a bare key. */
  readonly prepare: (activity: ActivityRecord, wallet: WalletRecord | null, key: KeyRecord) => Promise<Preparation>;
  /** Hands a signed activity on to be broadcast. May be called again for the same one. */
  readonly onReleased: (orgId: string, activity: ActivityRecord, signature: EcdsaSignature) => Promise<void>;
  /** Has a request that waits looked at now. */
  readonly wake: (job: { readonly orgId: string; readonly activityId: string }) => Promise<void>;
  readonly nodes: SignerNodeStore;
  readonly witness: WitnessStore;
  /** Appends entries that were taken back from the nodes after the end of the database's chain, as they are. */
  readonly recovered: (
    orgId: string,
    after: { readonly seq: number; readonly hash: string } | null,
    entries: readonly RecoveredEntry[],
  ) => Promise<Outcome<{ readonly seq: number }>>;
  /** The verifiers replay uses. */
  readonly replay: LedgerPorts;
  readonly verifyEcdsa: LedgerPorts['verifyEcdsa'];
  readonly newApprovalId: () => string;
  readonly clock: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
};

/** How far a node holds a ledger. */
export type NodeHead = { readonly node: number; readonly seq: number; readonly hash: string };

/** k-of-n as this installation is configured. */
export type Quorum = { readonly k: number; readonly n: number };

export const sleep = (timeMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, timeMs);
    signal?.addEventListener('abort', end, { once: true });
  });
