import type { z } from 'zod';
import type { accessShapes } from '@/lib/contract/access';
import type { queueItem } from '@/lib/contract/approval-queue';
import type { auditShapes } from '@/lib/contract/audit';
import type { recoveryChallenge } from '@/lib/contract/auth-registration';
import type {
  credential,
  credentialChallenge,
  registered,
  registrationChallenge,
} from '@/lib/contract/credential-shapes';
import type { decisionTrace, policyVersion, simulateBody } from '@/lib/contract/decisions';
import type { delegation } from '@/lib/contract/delegations';
import type { extensionShapes } from '@/lib/contract/extensions';
import type { key, keyWithUse } from '@/lib/contract/keys';
import type { ledgerShapes } from '@/lib/contract/ledger';
import type { networkFees } from '@/lib/contract/network-calls';
import type { accessToken } from '@/lib/contract/pats';
import type { reminderSchedule } from '@/lib/contract/reminders';
import type { loggedRequest } from '@/lib/contract/request-log';
import type { serviceAccount } from '@/lib/contract/service-accounts';
import type { session } from '@/lib/contract/sessions';
import type { signerShapes } from '@/lib/contract/signers';
import type { standing } from '@/lib/contract/standings';
import type { user } from '@/lib/contract/users';
import type { createWalletBody, walletAssets } from '@/lib/contract/wallets';

/** What verifying clients read, under the same names. */
export type {
  ActivityDetail,
  Approval,
  Assignment,
  AssignmentChange,
  AuditEntryDetail,
  CertificateChange,
  ChangeRequest,
  ChangeRequestDetail,
  Checkpoint,
  EnrolmentChange,
  EntryProof,
  Facts,
  LedgerEntry,
  Organisation,
  Permission,
  PermissionChange,
  Policy,
  PolicyChange,
  PolicyDefinition,
  RoleRulesChange,
  SettingsChange,
  SignatureRequest,
  SignerNode,
  SigningChallenge,
  TagsChange,
  Transaction,
  Transfer,
  TransferBody,
  UnfreezeChange,
  UserActionChallenge,
  Wallet,
} from '@/lib/verifying/shapes';

/** The contract's other answers under the names the console uses. */
export type RegistrationChallenge = z.infer<typeof registrationChallenge>;
export type CredentialInit = Extract<z.infer<typeof credentialChallenge>, { kind: 'Fido2' }>;
export type CredentialChallenge = z.infer<typeof credentialChallenge>;
export type RecoveryChallenge = z.infer<typeof recoveryChallenge>;
export type SignedInSession = z.infer<typeof session>;
export type Registered = z.infer<typeof registered>;
export type Credential = z.infer<typeof credential>;
export type User = z.infer<typeof user>;
export type ServiceAccount = z.infer<typeof serviceAccount>;
export type AccessToken = z.infer<typeof accessToken>;
export type Page<T> = { readonly items: readonly T[]; readonly nextPageToken?: string };
export type WalletAssets = z.infer<typeof walletAssets>;
export type NewWallet = z.infer<typeof createWalletBody>;
export type Key = z.infer<typeof key>;
export type KeyWithUse = z.infer<typeof keyWithUse>;
export type KeyHolders = z.infer<typeof signerShapes.keyHolders>;
export type SignerRefusal = z.infer<typeof signerShapes.refusal>;
export type ActivitySummary = z.infer<typeof extensionShapes.activity>;
export type UserCredential = z.infer<typeof extensionShapes.userCredential>;
export type LedgerHead = z.infer<typeof extensionShapes.ledgerHead>;
export type Witnesses = z.infer<typeof ledgerShapes.witnesses>;
export type LedgerAlarm = z.infer<typeof ledgerShapes.alarm>;
export type AuditEntry = z.infer<typeof auditShapes.auditEntry>;
export type ChainAlarm = z.infer<typeof auditShapes.chainAlarm>;
export type EffectiveAccess = z.infer<typeof accessShapes.effectiveAccess>;
export type OperationHolders = z.infer<typeof accessShapes.holders>;
export type AccessReason = EffectiveAccess['operations'][number]['because'][number];
export type DecisionTrace = z.infer<typeof decisionTrace>;
export type PolicyVersion = z.infer<typeof policyVersion>;
export type TriedRequest = z.infer<typeof simulateBody>;
export type QueueItem = z.infer<typeof queueItem>;
export type LoggedRequest = z.infer<typeof loggedRequest>;
export type Delegation = z.infer<typeof delegation>;
export type ReminderSchedule = z.infer<typeof reminderSchedule>;
export type ApprovalStanding = z.infer<typeof standing>;
export type NetworkFees = z.infer<typeof networkFees>;
