import { H } from '../encoding';
import { concat, u8 } from '../framing';
import { equalBytes, expandAes } from '../primitives';
import type { RandomSource } from '../protocol';
import { createReader } from '../reader';
import { CheatDetectedError } from '../rounds';
import { createProductTable, hashRow, type ProductTable } from './galois';
import { BASE_OTS, BLOCK_BYTES, CHECK_BLOCKS, ROW_BYTES, SEED_BYTES } from './parameters';
import { transposeRows } from './transpose';

/** Bytes of the extension message: nonce, C_0..C_127, x~, T~_0..T~_127. */
export const EXTENSION_BYTES = SEED_BYTES + BASE_OTS * ROW_BYTES + BLOCK_BYTES + BASE_OTS * BLOCK_BYTES;

export type ExtensionMessage = {
  /** nB, 32 bytes. */
  nonce: Uint8Array;
  /** C_0..C_127, 80 bytes each. */
  corrections: Uint8Array;
  /** x~, 16 bytes. */
  choiceHash: Uint8Array;
  /** T~_0..T~_127, 16 bytes each. */
  rowHashes: Uint8Array;
};

/** Splits an extension message. @throws {MalformedBytesError} unless it has exactly `EXTENSION_BYTES`. */
export const parseExtension = (bytes: Uint8Array): ExtensionMessage => {
  const reader = createReader(bytes);
  const nonce = reader.take(SEED_BYTES);
  const corrections = reader.take(BASE_OTS * ROW_BYTES);
  const choiceHash = reader.take(BLOCK_BYTES);
  const rowHashes = reader.take(BASE_OTS * BLOCK_BYTES);
  reader.end();
  return { nonce, corrections, choiceHash, rowHashes };
};

export type BobExtension = {
  message: Uint8Array;
  nonce: Uint8Array;
  /** u: 640 bits, the first 416 are the choice bits beta. Secret. */
  choices: Uint8Array;
  /** T_j, 416 columns of 16 bytes. Secret. */
  columns: Uint8Array;
};

/**
 * Bob's half of the OT extension: SoftSpoken with k = 1, and the answer to the consistency check.
 * @see Roy, SoftSpokenOT (ePrint 2022/192), figures 7 and 8; specification 4.5, steps 1-4
 */
export const extendAsBob = (
  seeds: { seeds0: Uint8Array; seeds1: Uint8Array },
  sid: Uint8Array,
  random: RandomSource,
): BobExtension => {
  const nonce = random(SEED_BYTES);
  const choices = random(ROW_BYTES);
  const iv = initialBlock(sid, nonce);
  const rows = expandRows(seeds.seeds0, iv);
  const corrections = expandRows(seeds.seeds1, iv);
  for (let i = 0; i < BASE_OTS; i += 1) xorMasked(corrections, choices, 0, i, 0xff);
  xorAll(corrections, rows);

  const tables = checkTables(sid, nonce, corrections);
  const choiceHash = new Uint8Array(BLOCK_BYTES);
  hashRow(tables, viewOf(choices), 0, viewOf(choiceHash), 0);
  const rowHashes = hashRows(tables, rows);
  return {
    message: concat(nonce, corrections, choiceHash, rowHashes),
    nonce,
    choices,
    columns: transposeRows(rows),
  };
};

/**
 * Alice's half: derives Q with Q_j = T_j xor beta_j * Delta, after checking that Bob used one u in all rows.
 * SECURITY: a failed check tells Bob bits of Delta, which outlives the session. The caller must burn the pair.
 * @returns Q_j, 416 columns of 16 bytes. Secret.
 * @throws {CheatDetectedError} when the check fails, after all rows have been looked at.
 */
export const extendAsAlice = (
  seeds: { delta: Uint8Array; seeds: Uint8Array },
  sid: Uint8Array,
  message: ExtensionMessage,
): Uint8Array => {
  const { nonce, corrections, choiceHash, rowHashes } = message;
  const rows = expandRows(seeds.seeds, initialBlock(sid, nonce));
  const expected = viewOf(rowHashes.slice());
  const delta = viewOf(seeds.delta);
  const choice = viewOf(choiceHash);
  for (let i = 0; i < BASE_OTS; i += 1) {
    const mask = -((delta.getUint8(i >>> 3) >>> (i & 7)) & 1);
    xorMasked(rows, corrections, i * ROW_BYTES, i, mask);
    for (let k = 0; k < BLOCK_BYTES; k += 1) {
      const at = i * BLOCK_BYTES + k;
      expected.setUint8(at, expected.getUint8(at) ^ (mask & choice.getUint8(k)));
    }
  }
  const found = hashRows(checkTables(sid, nonce, corrections), rows);
  if (!equalBytes(found, bytesOf(expected))) throw new CheatDetectedError('mpc.ot_check');
  return transposeRows(rows);
};

const initialBlock = (sid: Uint8Array, nonce: Uint8Array): Uint8Array => H('iv', sid, nonce).subarray(0, 16);

const expandRows = (seeds: Uint8Array, iv: Uint8Array): Uint8Array => {
  const rows = new Uint8Array(BASE_OTS * ROW_BYTES);
  for (let i = 0; i < BASE_OTS; i += 1) {
    rows.set(expandAes(seeds.subarray(i * SEED_BYTES, (i + 1) * SEED_BYTES), iv, ROW_BYTES), i * ROW_BYTES);
  }
  return rows;
};

const checkTables = (sid: Uint8Array, nonce: Uint8Array, corrections: Uint8Array): ProductTable[] => {
  const parts = Array.from({ length: BASE_OTS }, (_, i) => corrections.subarray(i * ROW_BYTES, (i + 1) * ROW_BYTES));
  return Array.from({ length: CHECK_BLOCKS }, (_, l) =>
    createProductTable(H('chi', sid, nonce, ...parts, u8(l)).subarray(0, BLOCK_BYTES)),
  );
};

const hashRows = (tables: readonly ProductTable[], rows: Uint8Array): Uint8Array => {
  const hashes = new Uint8Array(BASE_OTS * BLOCK_BYTES);
  const source = viewOf(rows);
  const target = viewOf(hashes);
  for (let i = 0; i < BASE_OTS; i += 1) hashRow(tables, source, i * ROW_BYTES, target, i * BLOCK_BYTES);
  return hashes;
};

// Adds the row of `source` at `sourceOffset` into row `i` of `rows`, under a mask of all ones or all zeros.
const xorMasked = (rows: Uint8Array, source: Uint8Array, sourceOffset: number, i: number, mask: number): void => {
  const to = new DataView(rows.buffer, rows.byteOffset + i * ROW_BYTES, ROW_BYTES);
  const from = new DataView(source.buffer, source.byteOffset + sourceOffset, ROW_BYTES);
  for (let k = 0; k < ROW_BYTES; k += 1) to.setUint8(k, to.getUint8(k) ^ (from.getUint8(k) & mask));
};

const xorAll = (into: Uint8Array, from: Uint8Array): void => {
  const to = viewOf(into);
  const source = viewOf(from);
  for (let k = 0; k < into.length; k += 4) to.setUint32(k, to.getUint32(k, true) ^ source.getUint32(k, true), true);
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
