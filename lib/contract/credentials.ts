import { z } from 'zod';
import {
  addableCredentialKind,
  addedCredential,
  confirmation,
  credential,
  credentialChallenge,
} from './credential-shapes';
import { idField, text } from './fields';
import type { Operation } from './operation';
import { listOf } from './pagination';

const credentialUuidBody = z.strictObject({ credentialUuid: idField });

export const CREDENTIALS: readonly Operation[] = [
  {
    id: 'auth.listCredentials',
    method: 'GET',
    path: '/auth/credentials',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    response: listOf(credential),
  },
  {
    id: 'auth.createCredentialChallenge',
    method: 'POST',
    path: '/auth/credentials/init',
    access: 'bearer',
    userAction: false,
    governs: 'session',
    built: true,
    body: z.strictObject({ kind: addableCredentialKind }),
    response: credentialChallenge,
  },
  {
    id: 'auth.createCredential',
    method: 'POST',
    path: '/auth/credentials',
    access: 'bearer',
    userAction: true,
    governs: 'governance',
    built: true,
    body: addedCredential,
    response: credential,
  },
  {
    id: 'auth.activateCredential',
    method: 'PUT',
    path: '/auth/credentials/activate',
    access: 'bearer',
    userAction: true,
    governs: 'governance',
    built: true,
    body: credentialUuidBody,
    response: confirmation,
  },
  {
    id: 'auth.deactivateCredential',
    method: 'PUT',
    path: '/auth/credentials/deactivate',
    access: 'bearer',
    userAction: true,
    governs: 'governance',
    built: true,
    body: credentialUuidBody,
    response: confirmation,
  },
  {
    id: 'auth.createCredentialCode',
    method: 'POST',
    path: '/auth/credentials/code',
    access: 'bearer',
    userAction: true,
    governs: 'governance',
    built: true,
    /** Unix seconds, or milliseconds, or a timestamp. */
    body: z.strictObject({ expiration: z.union([z.iso.datetime(), z.number().int().nonnegative()]) }),
    response: z.object({ code: z.string(), expiration: z.string() }),
  },
  {
    id: 'auth.createCredentialChallengeWithCode',
    method: 'POST',
    path: '/auth/credentials/code/init',
    access: 'public',
    userAction: false,
    governs: 'session',
    built: true,
    body: z.strictObject({ credentialKind: addableCredentialKind, code: text(64) }),
    response: credentialChallenge,
  },
  {
    id: 'auth.createCredentialWithCode',
    method: 'POST',
    path: '/auth/credentials/code/verify',
    access: 'public',
    userAction: false,
    governs: 'governance',
    built: true,
    body: addedCredential,
    response: credential,
  },
];
