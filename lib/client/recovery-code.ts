import { ed25519 } from '@noble/curves/ed25519.js';
import { ed25519Spki, spkiToPem } from '@/lib/authentication/pem';
import { bytesToHex, hashParts, sha256Hex, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';

/** 160 bits: nobody finds a code by trying. */
const SECRET_BYTES = 20;
/** Crockford's base 32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_CHARACTERS = 4;
const CODE_CHARACTERS = (SECRET_BYTES * 8) / 5 + CHECK_CHARACTERS;

const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
  }
  return text;
};

const checkOf = (secret: Uint8Array): string =>
  base32(hashParts('countersign/recovery-code-check/1', secret)).slice(0, CHECK_CHARACTERS);

const grouped = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1-');

/**
 * Makes a recovery code: groups of four characters, the last one a check against mistyping. It is the recovery key itself, and stands
 * nowhere but where its owner writes it.
 * @param secretSeed 20 random bytes.
 */
export const toRecoveryCode = (secretSeed: Uint8Array): string => grouped(base32(secretSeed) + checkOf(secretSeed));

export const newRecoverySeed = (): Uint8Array => crypto.getRandomValues(new Uint8Array(SECRET_BYTES));

/** The seed of a code as somebody typed it, or null when it is none: a group is missing or a character wrong. */
export const readRecoveryCode = (typed: string): Uint8Array | null => {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (text.length !== CODE_CHARACTERS) return null;
  const secret = new Uint8Array(SECRET_BYTES);
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const character of text.slice(0, -CHECK_CHARACTERS)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      secret[at] = (buffer >> bits) & 255;
      at += 1;
    }
  }
  return checkOf(secret) === text.slice(-CHECK_CHARACTERS) ? secret : null;
};

const json = (value: unknown): Uint8Array => utf8ToBytes(JSON.stringify(value));

/** The Ed25519 key that a code stands for, signing as the dialect's key credentials do (contract §2.4). */
export const recoveryKeyOf = (secretSeed: Uint8Array) => {
  const secretKey = hashParts('countersign/recovery-key/1', secretSeed);
  const publicKey = spkiToPem(ed25519Spki(ed25519.getPublicKey(secretKey)));
  const credId = toBase64Url(hashParts('countersign/recovery-credential/1', secretSeed));
  return {
    credId,
    publicKey,
    attest: (challenge: string) => {
      const clientData = json({ type: 'key.create', challenge });
      const signed = json({ clientDataHash: sha256Hex(clientData), publicKey });
      const signature = bytesToHex(ed25519.sign(signed, secretKey));
      return {
        credentialKind: 'RecoveryKey' as const,
        credentialInfo: {
          credId,
          clientData: toBase64Url(clientData),
          attestationData: toBase64Url(json({ publicKey, signature })),
        },
      };
    },
    assert: (challenge: string) => {
      const clientData = json({ type: 'key.get', challenge });
      return {
        kind: 'RecoveryKey' as const,
        credentialAssertion: {
          credId,
          clientData: toBase64Url(clientData),
          signature: toBase64Url(ed25519.sign(clientData, secretKey)),
        },
      };
    },
  };
};
