import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';

/** Wraps data keys under the node's own key: a file here, a key-management service where one is at hand. */
export type KeyWrapper = {
  wrap(dek: Uint8Array, aad: Uint8Array): Uint8Array;
  /** @throws when the blob was not made with this key and these fields. */
  unwrap(blob: Uint8Array, aad: Uint8Array): Uint8Array;
};

/** The plaintext half of a record. It is authenticated with the secret, so that records can't be swapped or relabelled. */
export type RecordFields = { readonly [name: string]: Json };

const VERSION = 1;
const DEK_BYTES = 32;
const WRAPPED_BYTES = 12 + DEK_BYTES + 16;

/** Seals a secret: a data key of its own per record, AES-256-GCM, the data key wrapped by the node's key. */
export const sealRecord = (secret: Uint8Array, fields: RecordFields, wrapper: KeyWrapper): Uint8Array => {
  const aad = canonicalBytes(fields);
  const dek = randomBytes(DEK_BYTES);
  const wrapped = wrapper.wrap(dek, aad);
  const sealed = encrypt(dek, secret, aad);
  dek.fill(0);
  return Buffer.concat([Uint8Array.of(VERSION), wrapped, sealed]);
};

/** Opens a sealed record. @throws {SealedRecordError} when a byte of it or of its fields was changed. */
export const openRecord = (record: Uint8Array, fields: RecordFields, wrapper: KeyWrapper): Uint8Array => {
  try {
    if (record[0] !== VERSION) throw new Error('Unknown version.');
    const aad = canonicalBytes(fields);
    const dek = wrapper.unwrap(record.subarray(1, 1 + WRAPPED_BYTES), aad);
    const secret = decrypt(dek, record.subarray(1 + WRAPPED_BYTES), aad);
    dek.fill(0);
    return secret;
  } catch {
    throw new SealedRecordError();
  }
};

export class SealedRecordError extends Error {
  override readonly name = 'SealedRecordError';
  constructor() {
    super('A sealed record does not open: it was changed, or another node sealed it.');
  }
}

/**
 * The `file` driver: 32 bytes in `<directory>/sealing.key` (0600), made at the first start.
 * @throws when the file is there with another length, or others may read it.
 */
export const fileKeyWrapper = (directory: string): KeyWrapper => {
  const file = path.join(directory, 'sealing.key');
  if (!fs.existsSync(file)) {
    const made = fs.openSync(file, 'wx', 0o600);
    fs.writeSync(made, randomBytes(32));
    fs.fsyncSync(made);
    fs.closeSync(made);
  }
  if ((fs.statSync(file).mode & 0o077) !== 0) throw new Error(`Others may read ${file}: set its mode to 0600.`);
  const kek = fs.readFileSync(file);
  if (kek.length !== 32) throw new Error(`${file} does not hold 32 bytes.`);
  return {
    wrap: (dek, aad) => encrypt(kek, dek, aad),
    unwrap: (blob, aad) => decrypt(kek, blob, aad),
  };
};

const encrypt = (key: Uint8Array, plain: Uint8Array, aad: Uint8Array): Buffer => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

const decrypt = (key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]));
};
