import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hashParts, sha256Hex, toBase64Url } from '@/lib/domain/hash';

export const USER_ACTION_TAG = 'countersign/user-action/1';

/** Longest life of a statement, from its making to its entry. */
export const STATEMENT_LIFE_MS = 300_000;

/** What a credential signs for one user action (design §4.1). Times are unix milliseconds, hashes lower-case hex. */
export type Statement = {
  readonly v: 1;
  readonly orgId: string;
  /** Hash of the organisation's genesis. */
  readonly genesis: string;
  readonly userId: string;
  /** The personal access or service-account token used; absent for a login session. */
  readonly tokenId?: string;
  readonly method: string;
  /** Encoded pathname, with its query when the client signed it. */
  readonly path: string;
  /** SHA-256 of the exact body bytes; absent, empty and `{}` all count as empty. */
  readonly bodyHash: string;
  /** 32 random bytes, base64url. */
  readonly serverNonce: string;
  readonly expiresAt: number;
  /** What the server knows and every signer checks again; `{}` where nothing is due. */
  readonly context: StatementContext;
};

export type StatementContext = { readonly [key: string]: Json };

/** Kinds of credentials (contract §2.1). All but passkeys sign in the Key form. */
export type CredentialKind = 'Key' | 'Fido2' | 'PasswordProtectedKey' | 'RecoveryKey';

/** A credential's signature over a challenge, in the dialect's encodings (contract §2.4; base64url). */
export type Assertion =
  | {
      readonly kind: Exclude<CredentialKind, 'Fido2'>;
      readonly credId: string;
      readonly clientData: string;
      readonly signature: string;
      readonly algorithm?: string;
    }
  | {
      readonly kind: 'Fido2';
      readonly credId: string;
      readonly clientData: string;
      readonly authenticatorData: string;
      readonly signature: string;
      readonly userHandle?: string;
    };

/** SHA-256 hex of a request body where an absent body, `""` and `{}` count as the empty string. */
export const hashBody = (body: Uint8Array): string =>
  sha256Hex(body.length === 2 && body[0] === 0x7b && body[1] === 0x7d ? new Uint8Array(0) : body);

/** Hash of a statement, lower-case hex: its identity for single use. */
export const statementChallengeBytes = (statement: Statement): Uint8Array =>
  hashParts(USER_ACTION_TAG, canonicalJson(statement as unknown as Json));

/** The user-action challenge: derived from the statement, never random (design §4.1). */
export const statementChallenge = (statement: Statement): string => toBase64Url(statementChallengeBytes(statement));

/**
 * The challenge of a login, from the nonce that its answer shows.
 * SECURITY: a client recomputes it before it signs, so that nothing else, least of all a user action, is signed as a sign-in.
 * @param nonce 32 random bytes, base64url.
 */
export const loginChallenge = (nonce: string): string => toBase64Url(hashParts('countersign/login/1', nonce));
