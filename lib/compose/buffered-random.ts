import { randomBytes } from 'node:crypto';
import type { RandomBytes } from '@/lib/domain/ids';

/** Random bytes for identifiers, drawn from the operating system in larger pieces; none is given twice, and what was given is wiped. */
export const bufferedRandom = (pieceLength = 4096): RandomBytes => {
  let piece = new Uint8Array(0);
  let at = 0;
  return (length) => {
    if (at + length > piece.length) {
      piece = new Uint8Array(randomBytes(Math.max(pieceLength, length)));
      at = 0;
    }
    const given = piece.slice(at, at + length);
    piece.fill(0, at, at + length);
    at += length;
    return given;
  };
};
