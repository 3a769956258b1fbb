/** Sequential reader over untrusted bytes; every failure is a {@link MalformedBytesError}. */
export type Reader = {
  u8(): number;
  u16(): number;
  u32(): number;
  /** Copies the next `length` bytes. */
  take(length: number): Uint8Array;
  /** Fails unless the next bytes equal `expected`, a public constant. */
  expect(expected: Uint8Array): void;
  /** How many bytes are left. */
  remaining(): number;
  /** Fails if bytes are left over. */
  end(): void;
};

export const createReader = (bytes: Uint8Array): Reader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const advance = (length: number): number => {
    const from = offset;
    if (length < 0 || from + length > bytes.length) throw new MalformedBytesError('The bytes end too early.');
    offset = from + length;
    return from;
  };
  const take = (length: number): Uint8Array => {
    const from = advance(length);
    return bytes.slice(from, from + length);
  };
  return {
    u8: () => view.getUint8(advance(1)),
    u16: () => view.getUint16(advance(2)),
    u32: () => view.getUint32(advance(4)),
    take,
    expect: (expected) => {
      const found = take(expected.length);
      if (!expected.every((byte, i) => byte === found[i])) throw new MalformedBytesError('Unexpected leading bytes.');
    },
    remaining: () => bytes.length - offset,
    end: () => {
      if (offset !== bytes.length) throw new MalformedBytesError('Bytes are left over at the end.');
    },
  };
};

/** Bytes that are not a canonical encoding of what was expected. The message never contains the bytes. */
export class MalformedBytesError extends Error {
  override readonly name = 'MalformedBytesError';
}
