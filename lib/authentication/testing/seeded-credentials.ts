import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import type { SigningKeys } from './software-credentials';

/** PKCS #8 of an Ed25519 key is this, then the 32 secret bytes (RFC 8410). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const secretOf = (seed: string): Buffer => createHash('sha256').update(seed).digest();

const fromPrivate = (privateKey: KeyObject, seed: string) => ({
  privateKey,
  publicKey: createPublicKey(privateKey),
  id: createHash('sha256').update(`${seed}/id`).digest(),
});

/** Keys that are the same in every run, for golden files. ECDSA by RFC 6979, so the signatures are the same too. */
export const seededKeys = (type: 'P-256' | 'Ed25519', seed: string): SigningKeys => {
  const secret = secretOf(seed);
  if (type === 'Ed25519')
    return fromPrivate(
      createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, secret]), format: 'der', type: 'pkcs8' }),
      seed,
    );
  const point = Buffer.from(p256.getPublicKey(secret, false));
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: secret.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return {
    ...fromPrivate(createPrivateKey({ key: jwk, format: 'jwk' }), seed),
    sign: (data) => Buffer.from(p256.sign(data, secret, { format: 'der' })),
  };
};
