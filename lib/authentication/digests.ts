/** Digests a client may name for its signature (contract §2.4). */
export const DIGESTS = ['sha256', 'sha384', 'sha512'] as const;
export type Digest = (typeof DIGESTS)[number];

/**
 * Maps a client's `algorithm` to a digest; absent means SHA-256.
 * SECURITY: a name from outside never reaches OpenSSL, only one of ours does.
 * @returns null when the name is not on the list.
 */
export const parseDigest = (algorithm: string | undefined): Digest | null => {
  if (algorithm === undefined) return 'sha256';
  const name = algorithm.toLowerCase().replace(/^rsa-/, '').replace(/^sha-/, 'sha');
  return DIGESTS.find((digest) => digest === name) ?? null;
};
