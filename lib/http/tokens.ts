import { exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { ServerSecrets } from './server-secrets';

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

/** Mints and reads EdDSA JWTs (RFC 7519, 8037). Times are unix milliseconds. */
export const createTokens = (secrets: Pick<ServerSecrets, 'signingKey' | 'tokenKeys'>, issuer: string): Tokens => ({
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
    try {
      const keyOf = ({ kid }: { readonly kid?: string }) => {
        const key = secrets.tokenKeys().find(({ keyId }) => keyId === kid);
        if (!key) throw new Error('The token names no key of this server.');
        return key.publicKey;
      };
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: ['EdDSA'],
        typ: 'JWT',
        currentDate: new Date(now),
        requiredClaims: ['exp', 'jti', 'sub'],
      });
      return readClaims(payload[APP_METADATA], payload.jti, payload.sub);
    } catch {
      return null;
    }
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
});

const readClaims = (metadata: unknown, jti: string | undefined, sub: string | undefined): TokenClaims | null => {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const { orgId, userId, tokenId, tokenKind } = metadata as Readonly<Record<string, unknown>>;
  const kind = TOKEN_KINDS.find((known) => known === tokenKind);
  if (!kind || typeof orgId !== 'string' || userId !== sub || tokenId !== jti) return null;
  return { kind, orgId, userId: sub as string, tokenId: jti as string };
};
