import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hashParts, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';

/** How long a recovery may take from its challenge to its entry. */
export const RECOVERY_LIFE_MS = 900_000;

/** Whose account a recovery is for, and by which recovery key. Times are unix milliseconds. */
export type RecoveryStatement = {
  readonly v: 1;
  readonly orgId: string;
  /** Hash of the organisation's genesis. */
  readonly genesis: string;
  readonly userId: string;
  /** `cr-…` of the recovery key. */
  readonly credentialId: string;
  /** 32 random bytes, base64url. */
  readonly serverNonce: string;
  readonly expiresAt: number;
};

/**
 * The challenge that the new credentials of a recovery answer.
 * SECURITY: derived like that of a user action. The recovery key signs over the answers, so that what it signed for one account or
 * organisation recovers no other, and not later.
 */
export const recoveryChallenge = (statement: RecoveryStatement): string =>
  toBase64Url(hashParts('countersign/recovery/1', canonicalJson(statement as unknown as Json)));

/**
 * What the recovery key itself signs: the new credentials as they came (contract §2.6), base64url of their compact JSON.
 * @param newCredentials As parsed from the bytes received, members in their order.
 */
export const recoveryProof = (newCredentials: unknown): string =>
  toBase64Url(utf8ToBytes(JSON.stringify(newCredentials)));
