import { createHash, createPublicKey, verify } from 'node:crypto';

/** What an auditor writes from RFC 6962 and the documented hashes alone: nothing of the product's own code. Hashes are hex. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const inner = (left: Buffer, right: Buffer): Buffer => sha256(Uint8Array.of(1), left, right);
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const splitOf = (size: number): number => {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
};

export const leafOf = (text: string): string => sha256(Uint8Array.of(0), Buffer.from(text)).toString('hex');

/** The root that the path of an entry leads to. */
export const rootOver = (place: number, size: number, leaf: string, path: readonly string[]): string => {
  const left = path.map(bytes);
  const climb = (at: number, of: number): Buffer => {
    if (of === 1) return bytes(leaf);
    const beside = left.pop() ?? Buffer.alloc(0);
    const split = splitOf(of);
    return at < split ? inner(climb(at, split), beside) : inner(beside, climb(at - split, of - split));
  };
  const root = climb(place, size).toString('hex');
  return left.length === 0 ? root : 'the path is too long';
};

/** The roots of the smaller and of the larger tree that a consistency proof leads to. */
export const rootsOf = (first: number, size: number, firstRoot: string, path: readonly string[]): [string, string] => {
  const left = path.map(bytes);
  const climb = (of: number, all: number, isWhole: boolean): [Buffer, Buffer] => {
    if (of === all) {
      const same = isWhole ? bytes(firstRoot) : (left.pop() ?? Buffer.alloc(0));
      return [same, same];
    }
    const beside = left.pop() ?? Buffer.alloc(0);
    const split = splitOf(all);
    const [old, now] = of <= split ? climb(of, split, isWhole) : climb(of - split, all - split, false);
    return of <= split ? [old, inner(now, beside)] : [inner(beside, old), inner(beside, now)];
  };
  const [old, now] = climb(first, size, true);
  return [old.toString('hex'), left.length === 0 ? now.toString('hex') : 'the path is too long'];
};

/** Whether the node of that key (Ed25519, hex) signed a heartbeat with that root at that time (unix ms). */
export const isHeartbeatOf = (key: string, root: string, at: number, signature: string): boolean => {
  const framed = (part: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    return Buffer.concat([length, Buffer.from(part)]);
  };
  const tag = Buffer.from('countersign/heartbeat/1');
  const hash = sha256(Uint8Array.of(tag.length), tag, framed(root), framed(String(at)));
  const x = bytes(key).toString('base64url');
  return verify(
    null,
    hash,
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
    bytes(signature),
  );
};
