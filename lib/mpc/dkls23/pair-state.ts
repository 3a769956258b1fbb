import type { PartyId } from '../protocol';
import { createReader } from '../reader';
import { BASE_OTS, BLOCK_BYTES, HASH_BYTES, SEED_BYTES } from './parameters';

/**
 * What one node keeps about one peer: correlated OT seeds in both directions and a shared seed for zero shares.
 * Secret as a whole. It serves every key the two nodes hold together, so it is burned and rotated as a whole.
 */
export type PairState = {
  me: PartyId;
  peer: PartyId;
  /** 32 bytes, equal at both nodes. */
  pairId: Uint8Array;
  pairEpoch: number;
  /** 32 bytes, equal at both nodes. */
  zero: Uint8Array;
  /** Delta (16 bytes) and 128 seeds of 32 bytes, one after the other. */
  asAlice: { delta: Uint8Array; seeds: Uint8Array };
  /** 128 seeds of 32 bytes for choice 0, and as many for choice 1. */
  asBob: { seeds0: Uint8Array; seeds1: Uint8Array };
};

const MAGIC = Uint8Array.from([0x64, 0x6b, 0x70, 0x01]);
const SEEDS_BYTES = BASE_OTS * SEED_BYTES;
const ENCODED_BYTES = MAGIC.length + 6 + 2 * HASH_BYTES + BLOCK_BYTES + 3 * SEEDS_BYTES;

/** Encodes a pair state as 12,378 bytes. The result is secret: seal it before it touches a disk. */
export const encodePairState = (state: PairState): Uint8Array => {
  const out = new Uint8Array(ENCODED_BYTES);
  const view = new DataView(out.buffer);
  out.set(MAGIC, 0);
  out[4] = state.me;
  out[5] = state.peer;
  view.setUint32(6, state.pairEpoch);
  let offset = 10;
  const { pairId, zero, asAlice, asBob } = state;
  for (const part of [pairId, zero, asAlice.delta, asAlice.seeds, asBob.seeds0, asBob.seeds1]) {
    out.set(part, offset);
    offset += part.length;
  }
  if (offset !== ENCODED_BYTES) throw new Error('The pair state has a field of the wrong length.');
  return out;
};

/** Decodes what `encodePairState` produced. @throws {MalformedBytesError} on any other bytes. */
export const decodePairState = (bytes: Uint8Array): PairState => {
  const reader = createReader(bytes);
  reader.expect(MAGIC);
  const me = reader.u8();
  const peer = reader.u8();
  const pairEpoch = reader.u32();
  const pairId = reader.take(HASH_BYTES);
  const zero = reader.take(HASH_BYTES);
  const asAlice = { delta: reader.take(BLOCK_BYTES), seeds: reader.take(SEEDS_BYTES) };
  const asBob = { seeds0: reader.take(SEEDS_BYTES), seeds1: reader.take(SEEDS_BYTES) };
  reader.end();
  return { me, peer, pairId, pairEpoch, zero, asAlice, asBob };
};

/** Overwrites every secret of a pair state with zeros: the memory half of a burn. */
export const erasePairState = ({ zero, asAlice, asBob }: PairState): void => {
  for (const secret of [zero, asAlice.delta, asAlice.seeds, asBob.seeds0, asBob.seeds1]) secret.fill(0);
};
