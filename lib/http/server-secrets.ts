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

/** A key under which tokens are believed. */
export type TokenKey = { readonly keyId: string; readonly publicKey: KeyObject };

/**
 * What the server process keeps to itself. Everything is read from the file as it is now, so that no server need be started again
 * after a rotation.
 */
export type ServerSecrets = {
  /** The key that new tokens are signed with; another one from the moment it has reached its age. @param now Unix milliseconds. */
  readonly signingKey: (now: number) => { readonly keyId: string; readonly secretSigningKey: KeyObject };
  /** The signing key and the former ones, newest first. */
  readonly tokenKeys: () => readonly TokenKey[];
  /** 32 bytes, hex. */
  readonly secretCookieKey: string;
  readonly secretPageKey: Uint8Array;
  /** 32 bytes; seals mails that wait. */
  readonly secretMailKey: Uint8Array;
};

/** A token lives two years at most: that long a former key is believed. */
const LONGEST_TOKEN_LIFE_MS = 730 * 86_400_000;
/** A lock that somebody died with. */
const STALE_LOCK_MS = 10_000;

const Stored = z.strictObject({
  keyId: z.string(),
  secretSigningKey: z.string(),
  /** Unix milliseconds. Files of the first versions lack it: their key is due. */
  createdAt: z.number().default(0),
  /** Newest first; their secret halves are gone. */
  retired: z.array(z.strictObject({ keyId: z.string(), publicKey: z.string(), retiredAt: z.number() })).default([]),
  secretSeed: z.string().length(64),
});
type Stored = z.infer<typeof Stored>;

type Loaded = Pick<ServerSecrets, 'secretCookieKey' | 'secretPageKey' | 'secretMailKey'> & {
  readonly createdAt: number;
  readonly secretSigningKey: KeyObject;
  readonly keys: readonly [TokenKey, ...TokenKey[]];
};

const fileOf = (dataDir: string): string => path.join(dataDir, 'server', 'keys.json');
const read = (file: string): Stored => Stored.parse(JSON.parse(fs.readFileSync(file, 'utf8')));

const load = (stored: Stored): Loaded => {
  const { keyId, createdAt, retired, secretSeed } = stored;
  const secretSigningKey = createPrivateKey(stored.secretSigningKey);
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', Buffer.from(secretSeed, 'hex'), '', purpose, 32));
  return {
    createdAt,
    secretSigningKey,
    keys: [
      { keyId, publicKey: createPublicKey(secretSigningKey) },
      ...retired.map((key) => ({ keyId: key.keyId, publicKey: createPublicKey(key.publicKey) })),
    ],
    secretCookieKey: derive('countersign/cookie/1').toString('hex'),
    secretPageKey: derive('countersign/page-token/1'),
    secretMailKey: derive('countersign/mail/1'),
  };
};

/**
 * Opens `DATA_DIR/server/keys.json` (0600), making it at the first start. Several servers of one system share the file; it is
 * not in the database, so whoever reads that can't mint tokens.
 * @param tokenKeyLifeMs Age at which a server makes another signing key by itself.
 */
export const loadServerSecrets = (dataDir: string, tokenKeyLifeMs: number): ServerSecrets => {
  const file = fileOf(dataDir);
  if (!fs.existsSync(file)) create(file);
  let cached: { readonly mark: string; readonly loaded: Loaded } | null = null;
  const current = (): Loaded => {
    // A rotation puts another file in place, never other bytes into this one.
    const { ino, mtimeMs } = fs.statSync(file);
    const mark = `${ino} ${mtimeMs}`;
    if (cached?.mark !== mark) cached = { mark, loaded: load(read(file)) };
    return cached.loaded;
  };
  return {
    signingKey: (now) => {
      const { createdAt, keys } = current();
      if (now - createdAt >= tokenKeyLifeMs) replaceKey(file, now, { ifStill: keys[0].keyId });
      const { keys: after, secretSigningKey } = current();
      return { keyId: after[0].keyId, secretSigningKey };
    },
    tokenKeys: () => current().keys,
    get secretCookieKey() {
      return current().secretCookieKey;
    },
    get secretMailKey() {
      return current().secretMailKey;
    },
    get secretPageKey() {
      return current().secretPageKey;
    },
  };
};

export type Rotated = { readonly keyId: string; readonly believed: readonly string[] };

/**
 * Makes another key sign tokens from now on.
 * @param former `believed` until the longest token has ended; `forgotten` at once, with the seed of cookies and page tokens: nothing
 * that was made with the file as it was opens anything afterwards.
 * @throws when another process is at it.
 */
export const rotateTokenKey = (dataDir: string, now: number, former: 'believed' | 'forgotten'): Rotated => {
  const file = fileOf(dataDir);
  const after = replaceKey(file, now, { forget: former === 'forgotten' });
  if (!after) throw new Error(`${file} is being changed by another process. Try again.`);
  return { keyId: after.keyId, believed: after.retired.map((key) => key.keyId) };
};

const newSigningKey = (now: number) => ({
  keyId: randomBytes(8).toString('hex'),
  secretSigningKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  createdAt: now,
});
const newSeed = (): string => randomBytes(32).toString('hex');

/** Null when another process is at it; what is there already when the key is no longer the one that was to go. */
const replaceKey = (
  file: string,
  now: number,
  how: { readonly ifStill?: string; readonly forget?: boolean },
): Stored | null => {
  const lock = `${file}.lock`;
  const held = takeLock(lock);
  if (held === null) return null;
  try {
    const before = read(file);
    if (how.ifStill !== undefined && before.keyId !== how.ifStill) return before;
    const publicKey = createPublicKey(before.secretSigningKey).export({ type: 'spki', format: 'pem' }).toString();
    const former = [{ keyId: before.keyId, publicKey, retiredAt: now }, ...before.retired];
    const after: Stored = {
      ...newSigningKey(now),
      retired: how.forget ? [] : former.filter((key) => key.retiredAt + LONGEST_TOKEN_LIFE_MS > now),
      secretSeed: how.forget ? newSeed() : before.secretSeed,
    };
    const unfinished = writeBeside(file, after);
    fs.renameSync(unfinished, file);
    return after;
  } finally {
    fs.closeSync(held);
    fs.rmSync(lock, { force: true });
  }
};

/** The lock's descriptor, or null while somebody holds it. */
const takeLock = (lock: string): number | null => {
  try {
    return fs.openSync(lock, 'wx', 0o600);
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
  const age = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > STALE_LOCK_MS) fs.rmSync(lock, { force: true });
  return null;
};

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

const writeBeside = (file: string, content: Stored): string => {
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, JSON.stringify(content), { mode: 0o600 });
  return unfinished;
};

const create = (file: string): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = writeBeside(file, { ...newSigningKey(Date.now()), retired: [], secretSeed: newSeed() });
  try {
    fs.linkSync(unfinished, file); // of two servers that start at once the first one's keys stay
  } catch (error) {
    if (!isTaken(error)) throw error;
  } finally {
    fs.rmSync(unfinished);
  }
};
