/** Who a token says that its holder is. */
export type TokenOwner = { readonly orgId: string; readonly userId: string; readonly tokenId?: string };

const METADATA = 'https://custom/app_metadata';

/**
 * Reads a token's own claims, unverified: a holder knows whom the token was given to, and a server that swaps a login's token only
 * makes its own statements differ from it.
 * @returns null when the text is no token of this platform.
 */
export const tokenOwner = (token: string): TokenOwner | null => {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { orgId, userId, tokenId, tokenKind } = claims[METADATA];
    if (typeof orgId !== 'string' || typeof userId !== 'string') return null;
    const isSession = tokenKind !== 'Pat' && tokenKind !== 'ServiceAccount';
    return { orgId, userId, ...(!isSession && { tokenId: String(tokenId) }) };
  } catch {
    return null;
  }
};
