import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What the server process keeps to itself: the key it signs tokens with, and keys for cookies and page tokens. */
export type ServerSecrets = {
  readonly keyId: string;
  readonly secretSigningKey: KeyObject;
  readonly publicKey: KeyObject;
  /** 32 bytes, hex. */
  readonly secretCookieKey: string;
  readonly secretPageKey: Uint8Array;
};

/**
 * Reads `DATA_DIR/server/keys.json` (0600), making it at the first start. Several servers of one system share the file; it is
 * not in the database, so whoever reads that can't mint tokens.
 */
export const loadServerSecrets = (dataDir: string): ServerSecrets => {
  const file = path.join(dataDir, 'server', 'keys.json');
  if (!fs.existsSync(file)) create(file);
  const { keyId, secretSigningKey, secretSeed } = Stored.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  const key = createPrivateKey(secretSigningKey);
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', Buffer.from(secretSeed, 'hex'), '', purpose, 32));
  return {
    keyId,
    secretSigningKey: key,
    publicKey: createPublicKey(key),
    secretCookieKey: derive('countersign/cookie/1').toString('hex'),
    secretPageKey: derive('countersign/page-token/1'),
  };
};

const Stored = z.strictObject({ keyId: z.string(), secretSigningKey: z.string(), secretSeed: z.string().length(64) });

const create = (file: string): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const content = JSON.stringify({
    keyId: randomBytes(8).toString('hex'),
    secretSigningKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    secretSeed: randomBytes(32).toString('hex'),
  });
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, content, { mode: 0o600 });
  try {
    fs.linkSync(unfinished, file); // of two servers that start at once the first one's keys stay
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    fs.rmSync(unfinished);
  }
};
