/**
 * Frames a hash input: `u8 len(tag) | tag | for each part: u32be length | part`.
 * SECURITY: length prefixes make the framing injective; plain concatenation lets two field lists collide.
 */
export const frame = (tag: string, parts: readonly Uint8Array[]): Uint8Array => {
  const tagBytes = ascii(tag);
  if (tagBytes.length > 255) throw new Error('A tag is at most 255 bytes.');
  const total = parts.reduce((sum, part) => sum + 4 + part.length, 1 + tagBytes.length);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  out[0] = tagBytes.length;
  out.set(tagBytes, 1);
  let offset = 1 + tagBytes.length;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    out.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return out;
};

const encoder = new TextEncoder();

/** UTF-8 bytes of a text; tags and names are ASCII. */
export const ascii = (text: string): Uint8Array => encoder.encode(text);

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);

export const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);

export const u32 = (value: number): Uint8Array => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
};

/** Joins byte strings of lengths known to both sides. Never use it for hash input: that is what `frame` is for. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
};
