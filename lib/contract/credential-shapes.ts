import { z } from 'zod';
import { base64Field, displayName, notSupported, text, timestamp } from './fields';

/** Credential kinds of the dialect. */
export const CREDENTIAL_KINDS = ['Fido2', 'Key', 'Password', 'Totp', 'RecoveryKey', 'PasswordProtectedKey'] as const;

const UNSUPPORTED = 'unsupported credential kind';

/** Kinds a user can add here. */
export const addableCredentialKind = z.enum(['Fido2', 'Key', 'PasswordProtectedKey', 'RecoveryKey'], {
  error: UNSUPPORTED,
});

/** A private key under its owner's password, as the client made it; kept as it came. */
const encryptedPrivateKey = z.string().min(1).max(16_384);

const credentialInfo = z.strictObject({
  credId: base64Field,
  clientData: base64Field,
  attestationData: base64Field,
});

/** A new first-factor credential as `register` and `recover` carry it (contract §2.4). */
export const firstFactorCredential = z.discriminatedUnion(
  'credentialKind',
  [
    z.strictObject({ credentialKind: z.literal('Fido2'), credentialInfo, credentialName: displayName.optional() }),
    z.strictObject({ credentialKind: z.literal('Key'), credentialInfo, credentialName: displayName.optional() }),
    z.strictObject({
      credentialKind: z.literal('PasswordProtectedKey'),
      credentialInfo,
      encryptedPrivateKey,
      credentialName: displayName.optional(),
    }),
  ],
  { error: UNSUPPORTED },
);

/** A recovery key: usable only to recover. */
export const recoveryCredential = z.strictObject({
  credentialKind: z.literal('RecoveryKey', { error: UNSUPPORTED }),
  credentialInfo,
  encryptedPrivateKey: encryptedPrivateKey.optional(),
  credentialName: displayName.optional(),
});

/** The credentials of a registration; all sign the same challenge. */
export const newCredentials = {
  firstFactorCredential,
  secondFactorCredential: z.never({ error: `"secondFactorCredential" is not supported: ${UNSUPPORTED}` }).optional(),
  recoveryCredential: recoveryCredential.optional(),
};

const assertion = {
  credId: base64Field,
  clientData: base64Field,
  signature: base64Field,
  algorithm: text(32).optional(),
};

/** A credential's answer to a challenge, with which people log in and sign user actions. */
export const firstFactor = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('Fido2'),
      credentialAssertion: z.strictObject({
        ...assertion,
        authenticatorData: base64Field,
        userHandle: z.string().max(1024).optional(),
      }),
    }),
    z.strictObject({ kind: z.literal('Key'), credentialAssertion: z.strictObject(assertion) }),
    z.strictObject({ kind: z.literal('PasswordProtectedKey'), credentialAssertion: z.strictObject(assertion) }),
  ],
  { error: UNSUPPORTED },
);

/** What completes a challenge. */
export const challengeAnswer = z.strictObject({
  challengeIdentifier: z.string().min(1).max(4096),
  firstFactor,
  secondFactor: z.never({ error: `"secondFactor" is not supported: ${UNSUPPORTED}` }).optional(),
});

/** A recovery key's answer; only good for `POST /auth/recover/user`. */
export const recoveryAssertion = z.strictObject({
  kind: z.literal('RecoveryKey', { error: UNSUPPORTED }),
  credentialAssertion: z.strictObject(assertion),
});

const addedMembers = {
  credentialInfo,
  credentialName: displayName,
  challengeIdentifier: z.string().min(1).max(4096),
};
const withoutPassword = { ...addedMembers, encryptedPrivateKey: notSupported('encryptedPrivateKey') };

/** A further credential of a user who already has one. */
export const addedCredential = z.discriminatedUnion(
  'credentialKind',
  [
    z.strictObject({ credentialKind: z.literal('Fido2'), ...withoutPassword }),
    z.strictObject({ credentialKind: z.literal('Key'), ...withoutPassword }),
    z.strictObject({ credentialKind: z.literal('PasswordProtectedKey'), ...addedMembers, encryptedPrivateKey }),
    z.strictObject({
      credentialKind: z.literal('RecoveryKey'),
      ...addedMembers,
      encryptedPrivateKey: encryptedPrivateKey.optional(),
    }),
  ],
  { error: UNSUPPORTED },
);

/** Credential kind in answers. */
export const credentialKind = z.enum(CREDENTIAL_KINDS);

const relyingParty = z.object({ id: z.string(), name: z.string() }).optional();
const publicKeyRef = z.object({ type: z.literal('public-key'), id: z.string() });
const userVerification = z.enum(['required', 'preferred', 'discouraged']);
const attestation = z.enum(['none', 'indirect', 'direct', 'enterprise']);
const challengedUser = z.object({ id: z.string(), displayName: z.string(), name: z.string() });
const pubKeyCredParams = z.array(z.object({ type: z.literal('public-key'), alg: z.number().int() }));
const authenticatorSelection = z.object({
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  residentKey: userVerification,
  requireResidentKey: z.boolean(),
  userVerification,
});

/** What login and user actions are answered with first (contract §2.3). `key` and `webauthn` are always arrays. */
export const signingChallenge = z.object({
  challenge: z.string(),
  challengeIdentifier: z.string(),
  rp: relyingParty,
  supportedCredentialKinds: z.array(
    z.object({
      kind: credentialKind,
      factor: z.enum(['first', 'second', 'either']),
      requiresSecondFactor: z.boolean(),
    }),
  ),
  userVerification,
  attestation,
  allowCredentials: z.object({
    key: z.array(publicKeyRef),
    passwordProtectedKey: z.array(publicKeyRef.extend({ encryptedPrivateKey: z.string() })).optional(),
    webauthn: z.array(publicKeyRef),
  }),
  externalAuthenticationUrl: z.string(),
});

/** What a registration begins with. */
export const registrationChallenge = z.object({
  user: challengedUser,
  temporaryAuthenticationToken: z.string(),
  challenge: z.string(),
  rp: relyingParty,
  supportedCredentialKinds: z.object({ firstFactor: z.array(credentialKind), secondFactor: z.array(credentialKind) }),
  authenticatorSelection,
  attestation,
  pubKeyCredParams,
  excludeCredentials: z.array(publicKeyRef),
  otpUrl: z.string(),
});

const keyChallenge = {
  user: challengedUser,
  challengeIdentifier: z.string(),
  challenge: z.string(),
  rp: relyingParty,
  attestation,
  pubKeyCredParams,
  temporaryAuthenticationToken: z.string(),
};

/** What adding a credential begins with. */
export const credentialChallenge = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('Fido2'),
    user: challengedUser,
    challengeIdentifier: z.string(),
    challenge: z.string(),
    rp: relyingParty,
    authenticatorSelection,
    attestation,
    pubKeyCredParams,
    excludeCredentials: z.array(publicKeyRef),
    temporaryAuthenticationToken: z.string(),
  }),
  z.object({ kind: z.literal('Key'), ...keyChallenge }),
  z.object({ kind: z.literal('PasswordProtectedKey'), ...keyChallenge }),
  z.object({ kind: z.literal('RecoveryKey'), ...keyChallenge }),
]);

/** Whether a passkey may be copied to other devices, whether it had been when it was last used, and since when. Absent for keys. */
export const credentialBackup = z.object({
  isEligible: z.boolean(),
  isBackedUp: z.boolean(),
  /** When a use first showed the other state. */
  dateChanged: timestamp.optional(),
});

/** A credential as its owner sees it. */
export const credential = z.object({
  kind: credentialKind,
  credentialId: z.string(),
  credentialUuid: z.string(),
  dateCreated: timestamp,
  isActive: z.boolean(),
  name: z.string(),
  publicKey: z.string(),
  relyingPartyId: z.string(),
  origin: z.string(),
  /** Our addition. */
  backup: credentialBackup.optional(),
});

/** Answer of a completed registration or recovery. */
export const registered = z.object({
  credential: z.object({ uuid: z.string(), kind: credentialKind, name: z.string() }),
  user: z.object({ id: z.string(), username: z.string(), orgId: z.string() }),
});

/** Answer of calls that only confirm. */
export const confirmation = z.object({ message: z.string() });
