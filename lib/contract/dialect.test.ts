import type * as Auth from '@dfns/sdk/generated/auth/types';
import type * as Keys from '@dfns/sdk/generated/keys/types';
import type * as Permissions from '@dfns/sdk/generated/permissions/types';
import type * as Policies from '@dfns/sdk/generated/policies/types';
import type * as Wallets from '@dfns/sdk/generated/wallets/types';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { approval, decisionBody } from './approvals';
import type { userActionBody } from './auth-actions';
import type { logoutBody } from './auth-login';
import type { registrationBody, registrationInitBody } from './auth-registration';
import type {
  addedCredential,
  challengeAnswer,
  credential,
  credentialChallenge,
  registered,
  registrationChallenge,
  signingChallenge,
} from './credential-shapes';
import type { createKeyBody, key, keyWithUse } from './keys';
import type { accessToken } from './pats';
import type {
  assignment,
  assignmentWithPending,
  createAssignmentBody,
  createPermissionBody,
  permissionWithPending,
} from './permissions';
import type { policy, policyBody } from './policies';
import type { createServiceAccountBody, serviceAccount } from './service-accounts';
import type { signatureBody, signatureRequest, walletSignatureRequest } from './signatures';
import type { transaction, transactionBody } from './transactions';
import type { transfer, transferBody } from './transfers';
import type { createUserBody, user } from './users';
import type { createWalletBody, tagsBody, updateWalletBody, wallet, walletAssets } from './wallets';

/** Enumerations we hold as data (networks, families, operations) are plain text in our types. */
type Loose<T> = T extends readonly (infer I)[]
  ? readonly Loose<I>[]
  : T extends object
    ? { [K in keyof T]: K extends 'network' | 'blockchainKind' | 'operations' ? TextIn<T[K]> : Loose<T[K]> }
    : T;
type TextIn<T> = T extends string ? string : T extends readonly unknown[] ? readonly string[] : T;

/** Compiles only if everything we answer is what the SDK declares. */
type Answers<S extends z.ZodType, Declared> = [z.output<S>] extends [Loose<Declared>] ? true : false;
/** Compiles only if everything we accept is something the SDK can send. */
type Accepts<S extends z.ZodType, Declared> = [z.input<S>] extends [Loose<Declared>] ? true : false;

const answers: readonly true[] = [
  true satisfies Answers<typeof signingChallenge, Auth.CreateUserActionChallengeResponse>,
  true satisfies Answers<typeof registrationChallenge, Auth.CreateRegistrationChallengeResponse>,
  true satisfies Answers<typeof credentialChallenge, Auth.CreateCredentialChallengeResponse>,
  true satisfies Answers<typeof registered, Auth.RegisterResponse>,
  true satisfies Answers<typeof credential, Auth.CreateCredentialResponse>,
  true satisfies Answers<typeof user, Auth.GetUserResponse>,
  true satisfies Answers<typeof serviceAccount, Auth.CreateServiceAccountResponse>,
  true satisfies Answers<typeof accessToken, Auth.GetPersonalAccessTokenResponse>,
  true satisfies Answers<typeof permissionWithPending, Permissions.GetPermissionResponse>,
  true satisfies Answers<typeof assignment, Permissions.CreateAssignmentResponse>,
  true satisfies Answers<typeof assignmentWithPending, Permissions.ListAssignmentsResponse['items'][number]>,
  true satisfies Answers<typeof key, Keys.CreateKeyResponse>,
  true satisfies Answers<typeof keyWithUse, Keys.GetKeyResponse>,
  true satisfies Answers<typeof wallet, Wallets.GetWalletResponse>,
  true satisfies Answers<typeof walletAssets, Wallets.GetWalletAssetsResponse>,
  true satisfies Answers<typeof transfer, Wallets.GetTransferResponse>,
  true satisfies Answers<typeof signatureRequest, Keys.GetSignatureResponse>,
  true satisfies Answers<typeof walletSignatureRequest, Wallets.GenerateSignatureResponse>,
  true satisfies Answers<typeof transaction, Wallets.GetTransactionResponse>,
];
const accepts: readonly true[] = [
  true satisfies Accepts<typeof userActionBody, Partial<Auth.CreateUserActionChallengeBody>>,
  true satisfies Accepts<typeof challengeAnswer, Auth.LoginBody>,
  true satisfies Accepts<typeof logoutBody, Auth.LogoutBody>,
  true satisfies Accepts<typeof registrationInitBody, Auth.CreateRegistrationChallengeBody>,
  true satisfies Accepts<typeof registrationBody, Auth.RegisterBody>,
  true satisfies Accepts<typeof addedCredential, Auth.CreateCredentialBody>,
  true satisfies Accepts<typeof createUserBody, Auth.CreateUserBody>,
  true satisfies Accepts<typeof createServiceAccountBody, Auth.CreateServiceAccountBody>,
  true satisfies Accepts<typeof createPermissionBody, Permissions.CreatePermissionBody>,
  true satisfies Accepts<typeof createAssignmentBody, Permissions.CreateAssignmentBody>,
  true satisfies Accepts<typeof decisionBody, Policies.CreateApprovalDecisionBody>,
  true satisfies Accepts<typeof createKeyBody, Keys.CreateKeyBody>,
  true satisfies Accepts<typeof createWalletBody, Wallets.CreateWalletBody>,
  true satisfies Accepts<typeof updateWalletBody, Wallets.UpdateWalletBody>,
  true satisfies Accepts<typeof tagsBody, Wallets.TagWalletBody>,
  true satisfies Accepts<typeof transferBody, Wallets.TransferAssetBody>,
  true satisfies Accepts<typeof transactionBody, Wallets.BroadcastTransactionBody>,
  true satisfies Accepts<typeof signatureBody, Keys.GenerateSignatureBody>,
];

/** Policies pair kinds by a table that types can't carry; their parts are compared. */
type Declared = Policies.CreatePolicyBody;
type PolicyParts = [
  z.input<typeof policyBody>['activityKind'] extends Declared['activityKind'] ? true : false,
  z.input<typeof policyBody>['rule'] extends Declared['rule'] ? true : false,
  z.input<typeof policyBody>['action'] extends Declared['action'] ? true : false,
  z.output<typeof policy>['status'] extends Policies.GetPolicyResponse['status'] ? true : false,
  Omit<z.output<typeof approval>, 'activity'> extends Loose<Omit<Policies.GetApprovalResponse, 'activity'>>
    ? true
    : false,
];
const policyParts: PolicyParts = [true, true, true, true, true];

test('bodies and answers have the types the SDK declares (checked by the compiler)', () => {
  expect([...answers, ...accepts, ...policyParts].every(Boolean)).toBe(true);
});
