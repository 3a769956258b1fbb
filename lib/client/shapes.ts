import type { z } from 'zod';
import type { Statement } from '@/lib/authentication/statement';
import type { assignmentChangeRequest, permissionChangeRequest } from '@/lib/contract/change-requests';
import type {
  credential,
  credentialChallenge,
  registered,
  registrationChallenge,
  signingChallenge,
} from '@/lib/contract/credential-shapes';
import type { accessToken } from '@/lib/contract/pats';
import type { assignmentWithPending, permissionWithPending } from '@/lib/contract/permissions';
import type { policyBody, policyChangeRequest, policyWithPending } from '@/lib/contract/policies';
import type { serviceAccount } from '@/lib/contract/service-accounts';
import type { user } from '@/lib/contract/users';

/** The contract's answers under the names the console uses. */
export type SigningChallenge = z.infer<typeof signingChallenge>;
export type UserActionChallenge = SigningChallenge & { readonly statement: Statement };
export type RegistrationChallenge = z.infer<typeof registrationChallenge>;
export type CredentialInit = Extract<z.infer<typeof credentialChallenge>, { kind: 'Fido2' }>;
export type Registered = z.infer<typeof registered>;
export type Credential = z.infer<typeof credential>;
export type User = z.infer<typeof user>;
export type ServiceAccount = z.infer<typeof serviceAccount>;
export type AccessToken = z.infer<typeof accessToken>;
export type Permission = z.infer<typeof permissionWithPending>;
export type Assignment = z.infer<typeof assignmentWithPending>;
export type Policy = z.infer<typeof policyWithPending>;
export type PolicyDefinition = z.infer<typeof policyBody>;
export type PermissionChange = z.infer<typeof permissionChangeRequest>;
export type AssignmentChange = z.infer<typeof assignmentChangeRequest>;
export type PolicyChange = z.infer<typeof policyChangeRequest>;
export type Page<T> = { readonly items: readonly T[]; readonly nextPageToken?: string };
