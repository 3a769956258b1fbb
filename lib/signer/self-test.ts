import { randomBytes, sign } from 'node:crypto';
import { rawPublicKey, verifyEd25519 } from '@/lib/transport/keys';
import type { Identity } from './identity';
import { type KeyWrapper, openRecord, sealRecord } from './sealed-records';

/** RFC 8032, section 7.1, test 2. */
const VECTOR = {
  key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: Uint8Array.of(0x72),
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
};

/**
 * Checks at start what everything rests on: randomness, sealing, and signatures against a published vector.
 * @throws naming what failed; a node that fails takes part in nothing.
 */
export const selfTest = (identity: Identity, wrapper: KeyWrapper): void => {
  const draws = [randomBytes(32), randomBytes(32), Buffer.alloc(32)].map((draw) => draw.toString('hex'));
  if (new Set(draws).size !== draws.length) throw new SelfTestError('the random source repeats itself');

  const secret = randomBytes(48);
  const fields = { kind: 'self-test', node: identity.certificate.node };
  const record = sealRecord(secret, fields, wrapper);
  if (Buffer.compare(openRecord(record, fields, wrapper), secret) !== 0)
    throw new SelfTestError('a sealed record opens to something else');
  record[record.length - 1] = (record[record.length - 1] ?? 0) ^ 1;
  if (opens(() => openRecord(record, fields, wrapper))) throw new SelfTestError('a changed sealed record opens');

  if (!verifyEd25519(VECTOR.key, VECTOR.message, VECTOR.signature))
    throw new SelfTestError('a right signature is refused');
  if (verifyEd25519(VECTOR.key, Uint8Array.of(0x73), VECTOR.signature))
    throw new SelfTestError('a wrong signature is accepted');
  const hash = randomBytes(32);
  const own = sign(null, hash, identity.secret.signingKey).toString('hex');
  if (!verifyEd25519(rawPublicKey(identity.secret.signingKey), hash, own))
    throw new SelfTestError('its own signature is refused');
};

export class SelfTestError extends Error {
  override readonly name = 'SelfTestError';
  constructor(what: string) {
    super(`The self-test failed: ${what}.`);
  }
}

const opens = (open: () => unknown): boolean => {
  try {
    open();
    return true;
  } catch {
    return false;
  }
};
