import { BASE_OTS, BLOCK_BYTES, OTS, ROW_BYTES } from './parameters';

/**
 * Turns 128 rows of 640 bits into 416 columns of 128 bits: bit i of column j is bit j of row i.
 * Works on squares of 32 x 32 bits; control flow does not depend on the bits.
 */
export const transposeRows = (rows: Uint8Array): Uint8Array => {
  const source = new DataView(rows.buffer, rows.byteOffset, BASE_OTS * ROW_BYTES);
  const columns = new Uint8Array(OTS * BLOCK_BYTES);
  const target = new DataView(columns.buffer);
  const square = new DataView(new ArrayBuffer(128));
  for (let word = 0; word < OTS / 32; word += 1) {
    for (let group = 0; group < BASE_OTS / 32; group += 1) {
      for (let k = 0; k < 32; k += 1) {
        square.setUint32(4 * k, source.getUint32((32 * group + k) * ROW_BYTES + 4 * word, true), true);
      }
      transposeSquare(square);
      for (let k = 0; k < 32; k += 1) {
        target.setUint32((32 * word + k) * BLOCK_BYTES + 4 * group, square.getUint32(4 * k, true), true);
      }
    }
  }
  return columns;
};

// Recursive halves: swap the high columns of the upper rows with the low columns of the lower rows.
const transposeSquare = (square: DataView): void => {
  let mask = 0x0000ffff;
  for (let half = 16; half > 0; half >>= 1) {
    for (let k = 0; k < 32; k = (k + half + 1) & ~half) {
      const upper = square.getUint32(4 * k, true);
      const lower = square.getUint32(4 * (k + half), true);
      const swap = ((upper >>> half) ^ lower) & mask;
      square.setUint32(4 * k, upper ^ (swap << half), true);
      square.setUint32(4 * (k + half), lower ^ swap, true);
    }
    mask ^= mask << (half >> 1);
  }
};
