import { z } from 'zod';
import { challengeAnswer, confirmation, signingChallenge } from './credential-shapes';
import { idField, text } from './fields';
import type { Operation } from './operation';

const username = text(320);
const token = z.object({ token: z.string() });
const publicCall = { access: 'public', userAction: false, governs: 'session' } as const;

/** `username` may be missing: a discoverable passkey names the user. */
export const loginInitBody = z.strictObject({
  username: username.optional(),
  orgId: idField,
  loginCode: text(64).optional(),
});
export const logoutBody = z.strictObject({ allSessions: z.boolean().optional() });

export const AUTH_LOGIN: readonly Operation[] = [
  {
    id: 'auth.createLoginChallenge',
    method: 'POST',
    path: '/auth/login/init',
    ...publicCall,
    built: true,
    body: loginInitBody,
    /** `nonce` is ours: the challenge is derived from it, so that a client knows that it signs a login and nothing else. */
    response: signingChallenge.extend({ nonce: z.string() }),
  },
  {
    id: 'auth.login',
    method: 'POST',
    path: '/auth/login',
    ...publicCall,
    built: true,
    body: challengeAnswer,
    /** Whoever must sign in through the identity provider is told under which id. */
    response: z.union([token, z.object({ ssoClientId: z.string() })]),
  },
  {
    id: 'auth.logout',
    method: 'PUT',
    path: '/auth/logout',
    access: 'bearer',
    userAction: false,
    governs: 'session',
    built: true,
    body: logoutBody,
    response: confirmation,
  },
  {
    id: 'auth.sendLoginCode',
    method: 'POST',
    path: '/auth/login/code',
    ...publicCall,
    built: true,
    body: z.strictObject({ username, orgId: idField }),
    response: confirmation,
  },
  {
    id: 'auth.delegatedLogin',
    method: 'POST',
    path: '/auth/login/delegated',
    access: 'bearer',
    userAction: true,
    permission: ['Auth:Login:Delegated'],
    governs: 'governance',
    built: true,
    body: z.strictObject({ username }),
    response: token,
  },
  {
    id: 'auth.socialLogin',
    method: 'POST',
    path: '/auth/login/social',
    ...publicCall,
    built: true,
    body: z.strictObject({
      orgId: idField.optional(),
      socialLoginProviderKind: z.literal('Oidc'),
      idToken: z.string().max(16_384),
    }),
    response: token,
  },
  {
    id: 'auth.ssoLogin',
    method: 'POST',
    path: '/auth/login/sso',
    ...publicCall,
    built: true,
    body: z.strictObject({ code: z.string().max(4096), state: z.string().max(4096) }),
    response: token,
  },
  {
    id: 'auth.ssoLoginInit',
    method: 'POST',
    path: '/auth/login/sso/init',
    ...publicCall,
    built: true,
    body: z.strictObject({ orgId: idField, clientId: text(256), redirectUri: z.url().max(2048) }),
    response: z.object({ ssoRedirectUrl: z.string() }),
  },
];
