import { BLOCK_BYTES, CHECK_BLOCKS } from './parameters';

/**
 * Products chi * v * x^(4p) in GF(2^128) modulo x^128 + x^7 + x^2 + x + 1, for nibbles v and positions p:
 * entry (p, v) is at byte 16 * (16p + v), four little-endian words. Coefficient k of a block is bit k % 8 of byte k / 8.
 */
export type ProductTable = DataView;

export const createProductTable = (chi: Uint8Array): ProductTable => {
  const source = new DataView(chi.buffer, chi.byteOffset, BLOCK_BYTES);
  const table = new DataView(new ArrayBuffer(32 * 16 * BLOCK_BYTES));
  let w0 = source.getUint32(0, true);
  let w1 = source.getUint32(4, true);
  let w2 = source.getUint32(8, true);
  let w3 = source.getUint32(12, true);
  for (let p = 0; p < 32; p += 1) {
    const base = p * 16 * BLOCK_BYTES;
    for (let bit = 1; bit < 16; bit <<= 1) {
      // entry(bit + v) = entry(bit) + entry(v) for all v below bit
      for (let v = 0; v < bit; v += 1) {
        const from = base + v * BLOCK_BYTES;
        const to = from + bit * BLOCK_BYTES;
        table.setUint32(to, w0 ^ table.getUint32(from, true), true);
        table.setUint32(to + 4, w1 ^ table.getUint32(from + 4, true), true);
        table.setUint32(to + 8, w2 ^ table.getUint32(from + 8, true), true);
        table.setUint32(to + 12, w3 ^ table.getUint32(from + 12, true), true);
      }
      const carry = w3 >>> 31;
      w3 = (w3 << 1) | (w2 >>> 31);
      w2 = (w2 << 1) | (w1 >>> 31);
      w1 = (w1 << 1) | (w0 >>> 31);
      w0 = (w0 << 1) ^ (carry * 0x87);
    }
  }
  return table;
};

/**
 * Computes hash(w) = sum_l chi_l * w[l] + w[4] for a row of five blocks, and stores it in `out` at `outOffset`.
 * Deviation from strict constant time: table look-ups are indexed by secret nibbles (see the room's README).
 */
export const hashRow = (
  tables: readonly ProductTable[],
  rows: DataView,
  rowOffset: number,
  out: DataView,
  outOffset: number,
): void => {
  const mask = rowOffset + CHECK_BLOCKS * BLOCK_BYTES;
  let w0 = rows.getUint32(mask, true);
  let w1 = rows.getUint32(mask + 4, true);
  let w2 = rows.getUint32(mask + 8, true);
  let w3 = rows.getUint32(mask + 12, true);
  let offset = rowOffset;
  for (const table of tables) {
    for (let i = 0; i < BLOCK_BYTES; i += 1) {
      const byte = rows.getUint8(offset);
      offset += 1;
      const low = i * 512 + (byte & 15) * BLOCK_BYTES;
      const high = i * 512 + 256 + (byte >>> 4) * BLOCK_BYTES;
      w0 ^= table.getUint32(low, true) ^ table.getUint32(high, true);
      w1 ^= table.getUint32(low + 4, true) ^ table.getUint32(high + 4, true);
      w2 ^= table.getUint32(low + 8, true) ^ table.getUint32(high + 8, true);
      w3 ^= table.getUint32(low + 12, true) ^ table.getUint32(high + 12, true);
    }
  }
  out.setUint32(outOffset, w0, true);
  out.setUint32(outOffset + 4, w1, true);
  out.setUint32(outOffset + 8, w2, true);
  out.setUint32(outOffset + 12, w3, true);
};
