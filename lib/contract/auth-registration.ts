import { z } from 'zod';
import {
  confirmation,
  newCredentials,
  recoveryAssertion,
  registered,
  registrationChallenge,
} from './credential-shapes';
import { base64Field, correlationId, displayName, idField, text } from './fields';
import { networkName } from './network-name';
import type { Operation } from './operation';
import { wallet } from './wallets';

/** What a recovery's challenge is derived from. */
export const recoveryStatement = z.strictObject({
  v: z.literal(1),
  orgId: idField,
  genesis: z.string(),
  userId: idField,
  /** `cr-…` of the recovery key. */
  credentialId: idField,
  serverNonce: z.string(),
  /** Unix milliseconds. */
  expiresAt: z.int(),
});

const username = text(320);
const userAndOrg = z.strictObject({ username, orgId: idField });

export const registrationInitBody = z.strictObject({ orgId: idField, username, registrationCode: text(64) });
export const registrationBody = z.strictObject(newCredentials);

const newWallets = z.array(z.strictObject({ network: networkName, name: displayName.optional() })).max(10);
/** An end user registers by either call; `/enduser` makes wallets at the same time. */
export const endUserRegistrationBody = registrationBody.extend({ wallets: newWallets.optional() });
/** The recovery key signs the new credentials; they answer the challenge. */
export const recoveryBody = z.strictObject({ recovery: recoveryAssertion, newCredentials: registrationBody });

export const recoveryChallenge = registrationChallenge.extend({
  allowedRecoveryCredentials: z.array(z.object({ id: z.string(), encryptedRecoveryKey: z.string() })),
  /** Ours: what the challenge is derived from, so that the new keys are bound to this account of this organisation. */
  statement: recoveryStatement,
});

export const AUTH_REGISTRATION: readonly Operation[] = [
  {
    id: 'auth.createRegistrationChallenge',
    method: 'POST',
    path: '/auth/registration/init',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: registrationInitBody,
    response: registrationChallenge,
  },
  {
    id: 'auth.register',
    method: 'POST',
    path: '/auth/registration',
    access: 'temporary',
    userAction: false,
    governs: 'governance',
    built: true,
    body: registrationBody,
    response: registered,
  },
  {
    id: 'auth.resendRegistrationCode',
    method: 'PUT',
    path: '/auth/registration/code',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: userAndOrg,
    response: confirmation,
  },
  {
    id: 'auth.registerEndUser',
    method: 'POST',
    path: '/auth/registration/enduser',
    access: 'temporary',
    userAction: false,
    governs: 'governance',
    built: true,
    body: registrationBody.extend({ wallets: newWallets }),
    response: registered.extend({ authentication: z.object({ token: z.string() }), wallets: z.array(wallet) }),
  },
  {
    id: 'auth.createDelegatedRegistrationChallenge',
    method: 'POST',
    path: '/auth/registration/delegated',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Register:Delegated'],
    governs: 'governance',
    built: true,
    body: z.strictObject({ email: username, kind: z.literal('EndUser'), externalId: correlationId.optional() }),
    response: registrationChallenge,
  },
  {
    id: 'auth.createSocialRegistrationChallenge',
    method: 'POST',
    path: '/auth/registration/social',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: z.strictObject({
      orgId: idField.optional(),
      socialLoginProviderKind: z.literal('Oidc'),
      idToken: z.string().max(16_384),
    }),
    response: registrationChallenge,
  },
  {
    id: 'auth.sendRecoveryCode',
    method: 'POST',
    path: '/auth/recover/user/code',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: userAndOrg,
    response: confirmation,
  },
  {
    id: 'auth.resendRecoveryCode',
    method: 'PUT',
    path: '/auth/recover/user/code',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: userAndOrg,
    response: confirmation,
  },
  {
    id: 'auth.createRecoveryChallenge',
    method: 'POST',
    path: '/auth/recover/user/init',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: z.strictObject({ username, verificationCode: text(64), orgId: idField, credentialId: base64Field }),
    response: recoveryChallenge,
  },
  {
    id: 'auth.recover',
    method: 'POST',
    path: '/auth/recover/user',
    access: 'temporary',
    userAction: false,
    governs: 'governance',
    built: true,
    body: recoveryBody,
    response: registered,
  },
  {
    id: 'auth.createDelegatedRecoveryChallenge',
    method: 'POST',
    path: '/auth/recover/user/delegated',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Recover:Delegated'],
    governs: 'governance',
    built: true,
    body: z.strictObject({ username, credentialId: base64Field }),
    response: recoveryChallenge,
  },
];
