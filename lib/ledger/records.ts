import type { CredentialKind } from '@/lib/authentication/statement';
import type { RoleRules } from '@/lib/authorization/role-rules';
import type { Json } from '@/lib/domain/canonical-json';
import type { EcdsaSignature, Pin } from '@/lib/domain/signing';
import type { Facts } from '@/lib/policy/facts';
import type { Evaluation, PolicyDefinition, RequiredGroup } from '@/lib/policy/policy';
import type { Screening } from '@/lib/policy/screening';
import type { Genesis, NodeStanding } from './genesis';

/** Replayed state is a set of records. The API keeps the same records in PostgreSQL, a signer node keeps them in memory. */
export type OrgRecord = {
  readonly id: string;
  readonly genesisHash: string;
  readonly genesis: Genesis;
  /** The first admin has signed a statement that carries the genesis hash. Until then signers refuse everything. */
  readonly confirmed: boolean;
  readonly enrolment: 'server' | 'vouched';
  readonly strict: boolean;
  /** Set once they were changed; before, those of the genesis. See `originsOf`. */
  readonly origins?: readonly string[];
  /** Set once somebody set them. */
  readonly sessions?: SessionRules;
  readonly frozen: boolean;
  /** Credentials that wait after a recovery in a `strict` organisation; absent without any. */
  readonly recovered?: readonly RecoveredCredential[];
  /** Set once a certificate of a node was replaced; before, the nodes are those of the genesis. See `nodeStandings`. */
  readonly nodes?: readonly NodeStanding[];
};

/** A credential that a recovery brought into a `strict` organisation. Its wait begins and ends by the signers' clocks. */
export type RecoveredCredential = {
  readonly credentialId: string;
  /** Counted time of the recovery's entry; the server wrote it. Unix milliseconds. */
  readonly at: number;
  /** The same, moved to the first checkpoint that covers the entry; absent before. */
  readonly settledAt?: number;
};

/** Limits of sign-ins in minutes; null where the operator's own hold alone. They only shorten those. */
export type SessionRules = {
  /** From signing in, however much it is used. */
  readonly lifeMinutes: number | null;
  /** From its last use. */
  readonly idleMinutes: number | null;
};

export type UserRecord = {
  readonly id: string;
  readonly kind: 'CustomerEmployee' | 'EndUser';
  readonly isServiceAccount: boolean;
  readonly isActive: boolean;
  readonly isRegistered: boolean;
  /** Signs in through the organisation's identity provider only. */
  readonly isSSORequired?: boolean;
  /** Removed for good. */
  readonly isArchived?: true;
  readonly dateCreated: number;
};

export type CredentialRecord = {
  readonly id: string;
  readonly credId: string;
  readonly userId: string;
  readonly kind: CredentialKind;
  /** SPKI PEM. */
  readonly publicKey: string;
  /** Set for a service account's or personal access token's credential. */
  readonly tokenId?: string;
  readonly name: string;
  readonly isActive: boolean;
  /** A credential that already counted introduced it; only then does it count at signers (design §4.3). */
  readonly introduced: boolean;
  /** A recovery ended it; it is never active again. */
  readonly isRetired?: boolean;
  /** Set by a recovery in a `strict` organisation, until about when it signs nothing that counts, unix ms. See `isWaiting`. */
  readonly usableFrom?: number;
  /** Whether a passkey may be copied to other devices, as it signed when it first told; absent for keys and before that. */
  readonly isBackupEligible?: boolean;
  /** Whether it had been copied when it was registered. */
  readonly wasBackedUp?: true;
  /** Of a key whose owner keeps it under a password: shown to them alone. */
  readonly encryptedPrivateKey?: string;
  readonly rpId?: string;
  readonly origin?: string;
  readonly dateCreated: number;
};

/** Its owner allowed one further credential. The id becomes that credential's, so that it is used once. */
export type CredentialCodeRecord = {
  readonly id: string;
  readonly userId: string;
  /** The credential that signed for it. */
  readonly credentialId: string;
  readonly expiresAt: number;
};

export type TokenRecord = {
  readonly id: string;
  readonly userId: string;
  readonly kind: 'Pat' | 'ServiceAccount';
  readonly credentialId: string;
  readonly name: string;
  readonly isActive: boolean;
  /** Removed for good. */
  readonly isArchived?: true;
  readonly expiresAt: number;
  readonly dateCreated: number;
};

export type PermissionRecord = {
  readonly id: string;
  readonly name: string;
  readonly operations: readonly string[];
  readonly isImmutable: boolean;
  readonly isArchived: boolean;
  /** What its use asks of the proof; absent without rules. */
  readonly rules?: RoleRules;
  /** Hash of name, operations, archived-ness and rules. */
  readonly version: string;
  readonly dateCreated: number;
  readonly dateUpdated: number;
};

export type AssignmentRecord = {
  readonly id: string;
  readonly permissionId: string;
  readonly identityId: string;
  readonly isImmutable: boolean;
  readonly isRevoked: boolean;
  readonly dateCreated: number;
};

export type PolicyRecord = {
  readonly id: string;
  readonly definition: PolicyDefinition;
  readonly status: 'Active' | 'Archived';
  readonly version: string;
  /** Definitions that bind beside this one until their change has cooled, unix ms; of `strict` organisations. */
  readonly cooling?: readonly {
    readonly definition: PolicyDefinition;
    readonly version: string;
    readonly until: number;
  }[];
  readonly dateCreated: number;
  readonly dateUpdated: number;
};

/** A person's seats in approvals, handed over to somebody else for a time by their own signature. Never handed on. */
export type DelegationRecord = {
  readonly id: string;
  /** Whose seats: who signed. */
  readonly requester: Requester;
  readonly toUserId: string;
  /** Votes of that time may take the seats; unix milliseconds, the end not included. */
  readonly from: number;
  readonly until: number;
  readonly isRevoked: boolean;
  readonly dateCreated: number;
};

export type Requester = { readonly userId: string; readonly tokenId?: string; readonly credentialId: string };

export type ChangeRequestRecord = {
  readonly id: string;
  readonly requester: Requester;
  readonly kind:
    | 'Permission'
    | 'RoleRules'
    | 'Assignment'
    | 'Policy'
    | 'Freeze'
    | 'Enrolment'
    | 'Settings'
    | 'NodeCertificate';
  readonly operationKind: 'Create' | 'Update' | 'Delete';
  readonly status: 'Pending' | 'Applied' | 'Rejected' | 'Failed';
  readonly entityId: string;
  /** Version the change replaces; checked again when it is applied. Absent for a new assignment. */
  readonly replaces?: string;
  /** The full resulting entity, in the dialect's shape. */
  readonly body: Json;
  readonly approvalId: string;
  readonly digest: string;
  /** Digest of the words approvers agree to; see `renderingOf`. */
  readonly rendering: string;
  readonly reason?: string;
  readonly dateCreated: number;
  readonly dateResolved?: number;
};

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
  readonly evaluations: readonly Evaluation[];
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

export type PinRecord = { readonly id: string; readonly holder: string; readonly cancelledBy?: string };
export type ExternalIdRecord = { readonly id: string; readonly activityId: string; readonly requestHash: string };
export type StatementRecord = { readonly id: string; readonly expiresAt: number };
/** Signature counter of a passkey's last counted user action, by the credential's id; absent for authenticators without one. */
export type CounterRecord = { readonly id: string; readonly value: number };
export type LaneRecord = { readonly id: string; readonly lastAt: number };
export type CheckpointRecord = {
  readonly id: 'last';
  readonly seq: number;
  readonly root: string;
  readonly at: number;
};

export type Records = {
  org: OrgRecord;
  user: UserRecord;
  credential: CredentialRecord;
  credentialCode: CredentialCodeRecord;
  token: TokenRecord;
  permission: PermissionRecord;
  assignment: AssignmentRecord;
  policy: PolicyRecord;
  delegation: DelegationRecord;
  changeRequest: ChangeRequestRecord;
  key: KeyRecord;
  wallet: WalletRecord;
  activity: ActivityRecord;
  approval: ApprovalRecord;
  window: WindowRecord;
  pin: PinRecord;
  externalId: ExternalIdRecord;
  incoming: IncomingRecord;
  statement: StatementRecord;
  counter: CounterRecord;
  lane: LaneRecord;
  checkpoint: CheckpointRecord;
};
export type RecordKind = keyof Records;
export const RECORD_KINDS = [
  'org',
  'user',
  'credential',
  'credentialCode',
  'token',
  'permission',
  'assignment',
  'policy',
  'delegation',
  'changeRequest',
  'key',
  'wallet',
  'activity',
  'approval',
  'window',
  'pin',
  'externalId',
  'incoming',
  'statement',
  'counter',
  'lane',
  'checkpoint',
] as const satisfies readonly RecordKind[];

/**
 * Kinds that grow with an organisation's requests. Decisions read and write single records of them and never look through all, so a node
 * need not hold them in memory.
 */
export const GROWING_KINDS = [
  'activity',
  'approval',
  'window',
  'pin',
  'externalId',
  'incoming',
] as const satisfies readonly RecordKind[];
export type GrowingKind = (typeof GROWING_KINDS)[number];

const growing: readonly RecordKind[] = GROWING_KINDS;
export const isGrowing = (kind: RecordKind): boolean => growing.includes(kind);

/** One record written. Records are never deleted: revocation, archiving and forgetting are states. */
export type Change = { [K in RecordKind]: { readonly kind: K; readonly record: Records[K] } }[RecordKind];
