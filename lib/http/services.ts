import type { z } from 'zod';
import type { LedgerService } from '@/lib/activity/ports';
import type { IdentityProvider, IdentityStore } from '@/lib/authentication/ports';
import type { ChainRulesFor } from '@/lib/chain/adapter';
import type { callFunctionBody } from '@/lib/contract/network-calls';
import type { Db } from '@/lib/db/client';
import type { Reads } from '@/lib/db/reads';
import type { RequestLog } from '@/lib/db/request-log';
import type { Json } from '@/lib/domain/canonical-json';
import type { RandomBytes } from '@/lib/domain/ids';
import type { Outcome } from '@/lib/domain/refusal';
import type { Environment } from '@/lib/env';
import type { SendMail } from '@/lib/http/mail';
import type { ServerSecrets } from '@/lib/http/server-secrets';
import type { Tokens } from '@/lib/http/tokens';
import type { Genesis } from '@/lib/ledger/genesis';
import type { VerifyCredentialSignature } from '@/lib/ledger/ports';
import type { RecordKind, Records, WalletRecord } from '@/lib/ledger/records';
import type { OrgState } from '@/lib/ledger/state';
import type { Logger } from '@/lib/logger';

/** What of the environment the front door needs. */
export type Settings = Pick<
  Environment,
  | 'publicUrl'
  | 'rpId'
  | 'origins'
  | 'signers'
  | 'threshold'
  | 'rateLimit'
  | 'profile'
  | 'mainnet'
  | 'sessionLifeMs'
  | 'sessionIdleMs'
>;

/** The nodes and oracle that a new organisation's genesis names. Refused with 503 while some are missing. */
export type Founders = Pick<Genesis, 'nodes' | 'oracleKeys'>;

/** What readiness depends on (design §7). */
export type Health = {
  readonly database: boolean;
  readonly sequencer: boolean;
  /** Nodes that are connected and passed their self-test. */
  readonly signersReady: number;
  readonly signersQuarantined: number;
  /** Pair set-ups that a node excludes: burned, or left out after aborts nobody can attribute. */
  readonly pairsExcluded: number;
  /** How far the clock of each connected node was ahead of the coordinator's when it connected, by node. */
  readonly clockOffsetsMs: { readonly [node: string]: number };
  /** Organisations by how people's keys come to count; null while it can't be told. Under `server` the server's word is enough. */
  readonly enrolment: { readonly server: number; readonly vouched: number } | null;
  /** Alarms of signers: forks, broken chains, signatures a ledger lacks, quarantines, burned pair set-ups. */
  readonly ledgerAlarms: number;
  /** Transactions on a chain that the ledger does not account for. */
  /** Why nothing is written to ledgers, or null. */
  readonly recovery: string | null;
  readonly chainAlarms: number;
  /** Background work that waits, is due for a minute or more, or failed several times and is tried again. */
  readonly jobs: { readonly waiting: number; readonly late: number; readonly failing: number };
  /** The oracle's sources of prices and screenings; null when it does not answer or there is none. */
  readonly sources: OracleSources | null;
};

/** Where facts come from, as anybody may see it: who it is, and whether they answer. The oracle's own health says more. */
export type OracleSources = {
  readonly prices: readonly { readonly name: string; readonly state: string }[];
  readonly screening: readonly {
    readonly name: string;
    /** Of a list: the day it was made. */
    readonly asOf?: string;
    readonly lastAnswer?: string;
    readonly lastFailure?: string;
  }[];
};

/** A balance: base units, with a price per whole unit where one is known. */
export type WalletAsset = {
  readonly kind: 'Native' | 'Erc20';
  readonly contract?: string;
  readonly symbol?: string;
  readonly decimals: number;
  readonly balance: string;
  readonly quotes?: { readonly USD: number };
};

/** Fee fields of a transaction, wei per unit of gas. */
export type FeeBid = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** What anybody may ask the nodes of a network. */
export type NetworkReads = {
  readonly fees: (network: string) => Promise<
    Outcome<{
      readonly blockNumber: number;
      readonly baseFeePerGas: bigint;
      readonly slow: FeeBid;
      readonly standard: FeeBid;
      readonly fast: FeeBid;
    }>
  >;
  /** Result of a function that only reads, as JSON: integers as decimal strings. */
  readonly readFunction: (call: {
    readonly network: string;
    readonly contract: string;
    readonly abi: z.infer<typeof callFunctionBody>['abi'];
    readonly args: z.infer<typeof callFunctionBody>['calldata'];
  }) => Promise<Outcome<Json>>;
};

/** When approvers are reminded: every so many minutes, so often at most. */
export type ReminderSchedule = { readonly everyMinutes: number; readonly atMost: number };

/** Everything a handler may use; plugged together in lib/compose/web.ts. */
export type Services = {
  readonly settings: Settings;
  readonly db: Db;
  readonly identity: IdentityStore;
  readonly ledger: LedgerService;
  readonly getRecord: <K extends RecordKind>(orgId: string, kind: K, id: string) => Promise<Records[K] | null>;
  /**
   * Users, credentials, tokens, permissions, assignments and policies of an organisation as they stand now.
   * `seenVersion` saves a question where a session's row has just answered it.
   */
  readonly loadGovernance: (orgId: string, seenVersion?: string) => Promise<OrgState>;
  /** Balances of a wallet as the chain has them. */
  readonly assets: (wallet: WalletRecord) => Promise<readonly WalletAsset[]>;
  readonly networks: NetworkReads;
  readonly reads: Reads;
  readonly reminders: {
    readonly read: (orgId: string) => Promise<ReminderSchedule>;
    readonly write: (orgId: string, schedule: ReminderSchedule) => Promise<void>;
  };
  /** What tokens call, for the organisation's developers. */
  readonly requestLog: Pick<RequestLog, 'note'>;
  /** Evidence of an activity, as a file. `lastSeq` is the place of the last entry about it. */
  readonly makeEvidence: (orgId: string, activityId: string, lastSeq: number) => Promise<Outcome<Uint8Array>>;
  readonly chainRules: ChainRulesFor;
  readonly tokens: Tokens;
  readonly secrets: Pick<ServerSecrets, 'secretCookieKey' | 'secretPageKey'>;
  readonly sendMail: SendMail;
  /** For single sign-on; null where none is configured. */
  readonly identityProvider: IdentityProvider | null;
  readonly founders: () => Promise<Outcome<Founders>>;
  readonly health: () => Promise<Health>;
  readonly verifyCredential: VerifyCredentialSignature;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Logger;
};
