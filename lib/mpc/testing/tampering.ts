import { encodePoint, encodeScalar, ORDER, pointFromBytes, scalarFromBytes } from '../encoding';
import type { PartyId } from '../protocol';
import type { Delivery, Wire } from '../simulation';

/** Changes to message bodies, for tests only. */
export type Change = (body: Uint8Array) => Uint8Array;

/** A wire that changes what `from` sends to `to` in one round, and delivers the rest as it is. */
export const alter =
  ({ from, to, round }: { from: PartyId; to: PartyId; round: number }, change: Change): Wire =>
  (delivery: Delivery) =>
    delivery.from === from && delivery.to === to && delivery.round === round
      ? [{ ...delivery, body: change(delivery.body) }]
      : [delivery];

/** Overwrites the bytes at `offset`. */
export const put =
  (offset: number, bytes: Uint8Array): Change =>
  (body) => {
    const copy = body.slice();
    copy.set(bytes, offset);
    return copy;
  };

/** Flips the lowest bit of one byte. */
export const flipAt =
  (offset: number): Change =>
  (body) =>
    put(offset, Uint8Array.of((body[offset] ?? 0) ^ 1))(body);

/** Replaces the point at `offset` by its negation: another valid point. */
export const negateAt =
  (offset: number): Change =>
  (body) =>
    put(offset, encodePoint(pointFromBytes(body.slice(offset, offset + 33)).negate()))(body);

/** Replaces the scalar at `offset` by the next one. */
export const addOneAt =
  (offset: number): Change =>
  (body) =>
    put(offset, encodeScalar((scalarFromBytes(body.slice(offset, offset + 32)) + 1n) % ORDER))(body);

/** The group order in 32 bytes: the smallest number that is no scalar. */
export const ORDER_BYTES = encodeScalar(ORDER - 1n).map((byte, i) => (i === 31 ? byte + 1 : byte));
