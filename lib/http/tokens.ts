import { hash, verify } from 'node:crypto';
import { exportJWK, type JWK, SignJWT } from 'jose';
import type { ServerSecrets, TokenKey } from './server-secrets';

/** Kinds of tokens the dialect names that are minted here. */
export const TOKEN_KINDS = ['Token', 'Pat', 'ServiceAccount', 'Temp', 'Recovery'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** What a token says. It proves nothing by itself: `tokenId` is looked up at every use (contract §2.2). */
export type TokenClaims = {
  readonly kind: TokenKind;
  readonly orgId: string;
  readonly userId: string;
  /** Session id, id of the token record, or for `Temp` and `Recovery` the challenge it completes. */
  readonly tokenId: string;
};

/** Claim in which the SDK looks for the organisation. */
export const APP_METADATA = 'https://custom/app_metadata';

export type Tokens = {
  mint(claims: TokenClaims, times: { readonly issuedAt: number; readonly expiresAt: number }): Promise<string>;
  /** The claims of an unexpired token that this server signed, else null. */
  read(token: string, now: number): Promise<TokenClaims | null>;
  readonly jwks: () => Promise<{ readonly keys: readonly JWK[] }>;
};

type Read = { readonly claims: TokenClaims /** Unix milliseconds. */; readonly expiresAt: number };

/** Tokens whose signature held are known by their SHA-256; the oldest is forgotten first. */
const MOST_REMEMBERED = 4096;

/** Mints and reads EdDSA JWTs (RFC 7519, 8037). Times are unix milliseconds. */
export const createTokens = (secrets: Pick<ServerSecrets, 'signingKey' | 'tokenKeys'>, issuer: string): Tokens => {
  let believed: readonly TokenKey[] = [];
  const remembered = new Map<string, Read>();
  /** Every request passes here: a token is verified once under the keys that are believed, and anew when those change. */
  const known = (token: string): Read | null => {
    const keys = secrets.tokenKeys();
    if (keys !== believed) remembered.clear();
    believed = keys;
    const name = hash('sha256', token, 'base64');
    const earlier = remembered.get(name);
    if (earlier) return earlier;
    const found = readSigned(token, keys);
    if (!found) return null;
    remembered.set(name, found);
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return found;
  };
  return {
    mint: async ({ kind, orgId, userId, tokenId }, { issuedAt, expiresAt }) => {
      const { keyId, secretSigningKey } = secrets.signingKey(issuedAt);
      return new SignJWT({ [APP_METADATA]: { orgId, userId, tokenId, tokenKind: kind } })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: keyId })
        .setIssuer(issuer)
        .setSubject(userId)
        .setJti(tokenId)
        .setIssuedAt(Math.floor(issuedAt / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(secretSigningKey);
    },

    read: async (token, now) => {
      const found = known(token);
      return found && found.expiresAt > now ? found.claims : null;
    },

    jwks: async () => ({
      keys: await Promise.all(
        secrets.tokenKeys().map(async ({ keyId, publicKey }) => ({
          ...(await exportJWK(publicKey)),
          kid: keyId,
          use: 'sig',
          alg: 'EdDSA',
        })),
      ),
    }),
  };
};

/** What a token that one of the keys signed says, expired or not; null for anything else. Nothing is awaited. */
const readSigned = (token: string, keys: readonly TokenKey[]): Read | null => {
  const parts = PARTS.exec(token);
  if (!parts) return null;
  const [, header = '', payload = '', signature = ''] = parts;
  const { alg, typ, kid, ...rest } = objectOf(header);
  // A header that asks for more than this server writes is none of its own.
  if (alg !== 'EdDSA' || typ !== 'JWT' || Object.keys(rest).length > 0) return null;
  const key = keys.find(({ keyId }) => keyId === kid);
  const proof = Buffer.from(signature, 'base64url');
  if (!key || proof.length !== SIGNATURE_BYTES || proof.toString('base64url') !== signature) return null;
  if (!verify(null, Buffer.from(`${header}.${payload}`), key.publicKey, proof)) return null;
  const { exp, jti, sub, [APP_METADATA]: metadata } = objectOf(payload);
  const claims = typeof exp === 'number' ? readClaims(metadata, jti, sub) : null;
  return claims && typeof exp === 'number' ? { claims, expiresAt: exp * 1000 } : null;
};

const PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const SIGNATURE_BYTES = 64;

/** The members of a part that is a JSON object; none for anything else. */
const objectOf = (part: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
};

const readClaims = (metadata: unknown, jti: unknown, sub: unknown): TokenClaims | null => {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const { orgId, userId, tokenId, tokenKind } = metadata as Readonly<Record<string, unknown>>;
  const kind = TOKEN_KINDS.find((known) => known === tokenKind);
  if (!kind || typeof orgId !== 'string' || typeof userId !== 'string' || typeof tokenId !== 'string') return null;
  return userId === sub && tokenId === jti ? { kind, orgId, userId, tokenId } : null;
};
