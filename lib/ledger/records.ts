import type {
  ActivityRecord,
  ApprovalRecord,
  IncomingRecord,
  KeyRecord,
  WalletRecord,
  WindowRecord,
} from './activity-records';
import type {
  AssignmentRecord,
  ChangeRequestRecord,
  CredentialCodeRecord,
  CredentialRecord,
  DelegationRecord,
  OrgRecord,
  PermissionRecord,
  PolicyRecord,
  TokenRecord,
  UserRecord,
} from './governance-records';

export type * from './activity-records';
export type * from './governance-records';

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

/** Replayed state is a set of records. The API keeps the same records in PostgreSQL, a signer node keeps them in memory. */
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
