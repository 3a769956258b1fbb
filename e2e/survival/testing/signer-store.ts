import { createDecipheriv } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type Libsql from 'libsql';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex } from '@/lib/domain/hash';
import { readRun } from '../../support/kill';

type Read = <Row>(sql: string, ...values: string[]) => Row[];

/** Reads a copy of a node's store, as whoever holds its disk would: the node itself holds the lock of the file, and may be stopped. */
const onCopy = <T>(dataDir: string, node: number, work: (read: Read, directory: string) => T): T => {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-copy-'));
  try {
    fs.cpSync(path.join(dataDir, `signer-${node}`), copy, { recursive: true });
    const Database = createRequire(import.meta.url)('libsql') as typeof Libsql;
    const db = new Database(path.join(copy, 'signer.db'));
    try {
      return work((sql, ...values) => db.prepare(sql).all(values) as never, copy);
    } finally {
      db.close();
    }
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
};

const decrypt = (key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
};

/** How far the node's ceremonies for an activity are, by its journal: ACCEPTED, R1, R2, RELEASED, DONE or ABORTED. */
export const ceremonyStates = (dataDir: string, node: number, activityId: string): readonly string[] =>
  onCopy(dataDir, node, (read) =>
    read<{ state: string }>('SELECT state FROM ceremony WHERE activity = ? ORDER BY counter', activityId).map(
      ({ state }) => state,
    ),
  );

/** Version, data key wrapped by the node's key (12 + 32 + 16 bytes), and the record sealed with that, both bound to its fields. */
const WRAPPED_END = 1 + 12 + 32 + 16;
/** Before the share: magic, length of the key id, the key id, epoch, threshold, party. */
const shareAt = (record: Buffer): number => 4 + 2 + record.readUInt16BE(4) + 4 + 1 + 1;

/** The secret key shares of a node, 32 bytes each, opened with its own sealing key. @throws when they aren't what they must be. */
export const secretShares = (dataDir: string, node: number): readonly Uint8Array[] =>
  onCopy(dataDir, node, (read, directory) => {
    const sealingKey = fs.readFileSync(path.join(directory, 'sealing.key'));
    return read<{ fields: string; sealed: Uint8Array }>('SELECT fields, sealed FROM key_share').map((row) => {
      const [sealed, aad] = [Buffer.from(row.sealed), canonicalBytes(JSON.parse(row.fields) as Json)];
      const record = decrypt(
        decrypt(sealingKey, sealed.subarray(1, WRAPPED_END), aad),
        sealed.subarray(WRAPPED_END),
        aad,
      );
      const share = record.subarray(shareAt(record), shareAt(record) + 32);
      // The record names the public share of every party: that of the secret is among them.
      if (!record.includes(Buffer.from(secp256k1.getPublicKey(share))))
        throw new Error('These bytes are no key share.');
      return new Uint8Array(share);
    });
  });

const SLICE_MS = 4;
const STEP_LIMIT = 5_000;

/**
 * Lets a node run in slices of a few milliseconds until it is in the middle of the ceremony for an activity: it has accepted, and has
 * not released its last message. There it is killed with -9. @returns the state it died in.
 */
export const killMidCeremony = async (dataDir: string, node: number, activityId: string): Promise<string> => {
  const pid = readRun(dataDir).pids[`signer-${node}`];
  if (pid === undefined) throw new Error(`signer-${node} does not run.`);
  for (let step = 0; step < STEP_LIMIT; step += 1) {
    process.kill(pid, 'SIGSTOP');
    const state = ceremonyStates(dataDir, node, activityId).at(-1);
    if (state === 'ACCEPTED' || state === 'R1' || state === 'R2') {
      process.kill(pid, 'SIGKILL');
      return state;
    }
    process.kill(pid, 'SIGCONT');
    if (state === 'RELEASED' || state === 'DONE') throw new Error(`The ceremony is ${state} already.`);
    await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
  }
  throw new Error(`signer-${node} took no part in the ceremony.`);
};

/** How bytes can show in a text: hex, decimal, and base64 at any place of a longer one, in both alphabets. */
export const spellings = (secret: Uint8Array): readonly string[] => {
  const hex = bytesToHex(secret);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), secret])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6)),
  );
  const all = [hex, hex.toUpperCase(), BigInt(`0x${hex}`).toString(), [...secret].join(','), ...base64];
  return [...all, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
};
