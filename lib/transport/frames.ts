import { MAX_ENVELOPE_BYTES } from './envelope';

/** A WebSocket message between a node and the coordinator: one byte of kind, then the payload. */
export type Frame =
  | { readonly kind: 'control'; readonly value: unknown }
  | { readonly kind: 'envelope'; readonly bytes: Uint8Array }
  /** Ledger entries on their way to a node; the only frame that may be large. */
  | { readonly kind: 'feed'; readonly value: unknown };

/** What a node may send, and what it accepts. An entry's body is at most a request's, so a feed frame stays far below this. */
export const MAX_NODE_FRAME_BYTES = MAX_ENVELOPE_BYTES + 1;
export const MAX_FEED_FRAME_BYTES = 8 * 1024 * 1024;

const KINDS = { control: 1, envelope: 2, feed: 3 } as const;

export const encodeFrame = (frame: Frame): Uint8Array => {
  const payload = frame.kind === 'envelope' ? frame.bytes : Buffer.from(JSON.stringify(frame.value));
  const bytes = new Uint8Array(1 + payload.length);
  bytes[0] = KINDS[frame.kind];
  bytes.set(payload, 1);
  return bytes;
};

/** @returns null for an unknown kind, an oversized frame or broken JSON. */
export const parseFrame = (bytes: Uint8Array): Frame | null => {
  const payload = bytes.subarray(1);
  if (bytes[0] !== KINDS.feed && bytes.length > MAX_NODE_FRAME_BYTES) return null;
  try {
    switch (bytes[0]) {
      case KINDS.control:
        return { kind: 'control', value: parseJson(payload) };
      case KINDS.envelope:
        return { kind: 'envelope', bytes: payload };
      case KINDS.feed:
        return { kind: 'feed', value: parseJson(payload) };
      default:
        return null;
    }
  } catch {
    return null;
  }
};

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
