import { hash } from 'node:crypto';
import { errors, exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
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
  const known = async (token: string, now: number): Promise<Read | null> => {
    const keys = secrets.tokenKeys();
    if (keys !== believed) remembered.clear();
    believed = keys;
    const name = hash('sha256', token, 'base64');
    const earlier = remembered.get(name);
    if (earlier) return earlier;
    const found = await readSigned(token, keys, { issuer, now });
    // The keys may have changed meanwhile.
    if (!found || keys !== believed) return found;
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
      const found = await known(token, now);
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

/** What a token says that one of the keys signed (RFC 7519) and that has not expired; null for anything else. */
const readSigned = async (
  token: string,
  keys: readonly TokenKey[],
  { issuer, now }: { readonly issuer: string; readonly now: number },
): Promise<Read | null> => {
  const options = { algorithms: ['EdDSA'], typ: 'JWT', issuer, currentDate: new Date(now), requiredClaims: ['exp'] };
  const keyOf = ({ kid }: { readonly kid?: string }) => {
    const key = keys.find(({ keyId }) => keyId === kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  };
  // Whatever is wrong with a token, it is none.
  const verified = await jwtVerify(token, keyOf, options).catch(() => null);
  // A header that asks for more than this server writes is none of its own, nor is a second text for the same bytes.
  if (!verified || Object.keys(verified.protectedHeader).length !== 3 || !isCanonical(token)) return null;
  const { exp, jti, sub, [APP_METADATA]: metadata } = verified.payload;
  const claims = readClaims(metadata, jti, sub);
  return claims && exp !== undefined ? { claims, expiresAt: exp * 1000 } : null;
};

/** Whether each part is the one base64url text of its bytes. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

const readClaims = (metadata: unknown, jti: unknown, sub: unknown): TokenClaims | null => {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const { orgId, userId, tokenId, tokenKind } = metadata as Readonly<Record<string, unknown>>;
  const kind = TOKEN_KINDS.find((known) => known === tokenKind);
  if (!kind || typeof orgId !== 'string' || typeof userId !== 'string' || typeof tokenId !== 'string') return null;
  return userId === sub && tokenId === jti ? { kind, orgId, userId, tokenId } : null;
};
