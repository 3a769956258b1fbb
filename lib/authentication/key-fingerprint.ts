import { concatBytes, hexToBytes, sha256 } from '@/lib/domain/hash';
import { trimEndOf } from '@/lib/domain/trim-end';
import { parsePublicKey } from './pem';

/**
 * What two people compare when one vouches for the other's key: `SHA256:` and the unpadded base64 of SHA-256 over the SPKI DER.
 * Empty for a text that is no public key.
 */
export const keyFingerprint = (publicKeyPem: string): string => {
  const key = parsePublicKey(publicKeyPem);
  return key ? spkiFingerprint(key.spki) : '';
};

/** SPKI header of an Ed25519 key (RFC 8410): the 32 raw bytes follow. */
const ED25519_SPKI = '302a300506032b6570032100';

/** Fingerprint of a signer node, of its Ed25519 identity key (hex), in the same form: terminal and console show it. */
export const nodeFingerprint = (signingKey: string): string =>
  spkiFingerprint(concatBytes(hexToBytes(ED25519_SPKI), hexToBytes(signingKey)));

const spkiFingerprint = (spki: Uint8Array): string =>
  `SHA256:${trimEndOf(btoa(String.fromCharCode(...sha256(spki))), '=')}`;
