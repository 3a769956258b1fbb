import type { LedgerService } from '@/lib/activity/ports';
import type { SignerNodeStore } from '@/lib/db/signer-nodes';
import type { Outcome } from '@/lib/domain/refusal';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord, KeyRecord, WalletRecord } from '@/lib/ledger/records';

/** What an attempt at signing an activity is over. Hex without 0x. */
export type Prepared = {
  readonly unsigned: string;
  readonly digest: string;
  readonly pin: Pin;
  readonly attempt: number;
};

/** What the coordinator needs from the rest of the house. It holds no secret and is trusted for nothing but being there. */
export type CoordinatorPorts = {
  readonly ledger: LedgerService;
  readonly records: {
    activity(orgId: string, id: string): Promise<ActivityRecord | null>;
    wallet(orgId: string, id: string): Promise<WalletRecord | null>;
    key(orgId: string, id: string): Promise<KeyRecord | null>;
  };
  /** Builds the unsigned bytes of an approved activity; null wallet for a bare key. */
  readonly prepare: (
    activity: ActivityRecord,
    wallet: WalletRecord | null,
    key: KeyRecord,
  ) => Promise<Outcome<Prepared>>;
  /** Hands a signed activity on to be broadcast. May be called again for the same one. */
  readonly onReleased: (orgId: string, activity: ActivityRecord, signature: EcdsaSignature) => Promise<void>;
  readonly nodes: SignerNodeStore;
  readonly verifyEcdsa: LedgerPorts['verifyEcdsa'];
  readonly newApprovalId: () => string;
  readonly clock: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
};

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
