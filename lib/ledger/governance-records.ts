import type { CredentialKind } from '@/lib/authentication/statement';
import type { RoleRules } from '@/lib/authorization/role-rules';
import type { Json } from '@/lib/domain/canonical-json';
import type { Evaluation, PolicyDefinition } from '@/lib/policy/policy';
import type { Genesis, NodeStanding } from './genesis';

/** Who there is, what they may do and which policies hold: what a change of governance changes. */
export type OrgRecord = {
  readonly id: string;
  readonly genesisHash: string;
  readonly genesis: Genesis;
  /** The first admin has signed a statement that carries the genesis hash. Until then signers refuse everything. */
  readonly confirmed: boolean;
  readonly enrolment: 'server' | 'vouched';
  readonly strict: boolean;
  /** Until when, unix ms, changes still cool since `strict` was turned off; absent unless it was. See `isCooling`. */
  readonly coolsUntil?: number;
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
    | 'NodeCertificate'
    | 'WalletTags';
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
  /** What the policies said when it was asked for; absent in records of an earlier version that were blocked. */
  readonly evaluations?: readonly Evaluation[];
  readonly reason?: string;
  readonly dateCreated: number;
  readonly dateResolved?: number;
};
