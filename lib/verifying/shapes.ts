import type { z } from 'zod';
import type { Statement } from '@/lib/authentication/statement';
import type { approval } from '@/lib/contract/approvals';
import type { auditShapes } from '@/lib/contract/audit';
import type {
  assignmentChangeRequest,
  certificateChangeRequest,
  enrolmentChangeRequest,
  permissionChangeRequest,
  roleRulesChangeRequest,
  settingsChangeRequest,
  tagsChangeRequest,
  unfreezeChangeRequest,
} from '@/lib/contract/change-requests';
import type { credential, signingChallenge } from '@/lib/contract/credential-shapes';
import type { extensionShapes } from '@/lib/contract/extensions';
import type { ledgerShapes } from '@/lib/contract/ledger';
import type { assignmentWithPending, permissionWithPending } from '@/lib/contract/permissions';
import type { policyBody, policyChangeRequest, policyWithPending } from '@/lib/contract/policies';
import type { signatureRequest } from '@/lib/contract/signatures';
import type { signerShapes } from '@/lib/contract/signers';
import type { transaction } from '@/lib/contract/transactions';
import type { transfer, transferBody } from '@/lib/contract/transfers';
import type { wallet } from '@/lib/contract/wallets';

/** The contract's answers that a verifying client reads. */
export type SigningChallenge = z.infer<typeof signingChallenge>;
export type UserActionChallenge = SigningChallenge & { readonly statement: Statement };
export type Credential = z.infer<typeof credential>;
export type Permission = z.infer<typeof permissionWithPending>;
export type Assignment = z.infer<typeof assignmentWithPending>;
export type Policy = z.infer<typeof policyWithPending>;
export type PolicyDefinition = z.infer<typeof policyBody>;
export type PermissionChange = z.infer<typeof permissionChangeRequest>;
export type SettingsChange = z.infer<typeof settingsChangeRequest>;
export type RoleRulesChange = z.infer<typeof roleRulesChangeRequest>;
export type AssignmentChange = z.infer<typeof assignmentChangeRequest>;
export type PolicyChange = z.infer<typeof policyChangeRequest>;
export type Wallet = z.infer<typeof wallet>;
export type Transfer = z.infer<typeof transfer>;
export type TransferBody = z.infer<typeof transferBody>;
export type Transaction = z.infer<typeof transaction>;
export type SignatureRequest = z.infer<typeof signatureRequest>;
export type Approval = z.infer<typeof approval>;
export type Organisation = z.infer<typeof extensionShapes.organisation>;
export type ActivityDetail = z.infer<typeof extensionShapes.activityDetail>;
export type LedgerEntry = z.infer<typeof extensionShapes.entry>;
export type ChangeRequestDetail = z.infer<typeof extensionShapes.changeRequestDetail>;
export type Facts = z.infer<typeof extensionShapes.facts>;
export type UnfreezeChange = z.infer<typeof unfreezeChangeRequest>;
export type SignerNode = z.infer<typeof signerShapes.signer>;
export type EnrolmentChange = z.infer<typeof enrolmentChangeRequest>;
export type TagsChange = z.infer<typeof tagsChangeRequest>;
export type CertificateChange = z.infer<typeof certificateChangeRequest>;
export type ChangeRequest =
  | PolicyChange
  | PermissionChange
  | RoleRulesChange
  | SettingsChange
  | AssignmentChange
  | UnfreezeChange
  | EnrolmentChange
  | TagsChange
  | CertificateChange;
export type AuditEntryDetail = z.infer<typeof auditShapes.auditEntryDetail>;
export type EntryProof = z.infer<typeof ledgerShapes.entryProof>;
export type Checkpoint = z.infer<typeof ledgerShapes.checkpoint>;
