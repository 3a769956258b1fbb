import { H } from '../encoding';
import { ascii, concat, u32 } from '../framing';
import { assertPartyList, InvalidCeremonyError } from '../party-list';
import { equalBytes } from '../primitives';
import type { Incoming, Outgoing, PartyId, RandomSource } from '../protocol';
import { createReader, MalformedBytesError, type Reader } from '../reader';
import { retryable } from '../rounds';
import type { KeyShare } from './key-share';
import type { PairState } from './pair-state';
import { HASH_BYTES } from './parameters';

export type SigningInput = {
  share: KeyShare;
  /** One READY set-up per other participant. */
  pairs: ReadonlyMap<PartyId, PairState>;
  /** 32 bytes, fixed before round 1. */
  digest: Uint8Array;
  /** Exactly `threshold` parties of the key, sorted and distinct, with this party among them. */
  participants: readonly PartyId[];
  /** 32 bytes, never used before. */
  ceremonyId: Uint8Array;
  random: RandomSource;
};

/** What names a signing ceremony, and puts the name on and takes it off every body. */
export type SigningSession = {
  /** sid_sign: binds key, epoch, digest, participants and ceremony. */
  sid: Uint8Array;
  peers: PartyId[];
  pairOf: (peer: PartyId) => PairState;
  /** One message to each peer: `sid | u32 pairEpoch | content`. */
  send: (round: number, contentFor: (peer: PartyId) => Uint8Array) => Outgoing[];
  /** Compares sid and pair epoch before any other byte is looked at. @throws {ProtocolAbortError} retryable. */
  admit: (message: Incoming) => void;
};

const PREFIX_BYTES = HASH_BYTES + 4;

/** Checks the description of a ceremony and names it. @throws {InvalidCeremonyError} before anything secret happens. */
export const createSession = (input: SigningInput): SigningSession => {
  const { share, participants } = input;
  assertDescription(input);
  const peers = participants.filter((party) => party !== share.me);
  const pairs = new Map(peers.map((peer) => [peer, assertPair(input, peer)]));
  const pairOf = (peer: PartyId): PairState => {
    const pair = pairs.get(peer);
    if (pair === undefined) throw new Error(`There is no pair set-up with party ${peer}.`);
    return pair;
  };
  const sid = sessionId(input);
  const prefixOf = (peer: PartyId): Uint8Array => concat(sid, u32(pairOf(peer).pairEpoch));
  return {
    sid,
    peers,
    pairOf,
    send: (round, contentFor) => peers.map((to) => ({ to, round, body: concat(prefixOf(to), contentFor(to)) })),
    // SECURITY: a mismatch must never burn. A coordinator could otherwise tell two honest nodes different digests,
    // make their OT checks fail, and have them burn each other.
    admit: ({ from, body }) => {
      if (body.length >= PREFIX_BYTES && !equalBytes(body.slice(0, PREFIX_BYTES), prefixOf(from))) {
        throw retryable('mpc.session_mismatch', `Party ${from} is in another session or pair epoch.`);
      }
    },
  };
};

/** Reader over a signing body of exactly `length` bytes after the prefix. @throws {MalformedBytesError} */
export const signingContent = (body: Uint8Array, length: number): Reader => {
  if (body.length !== PREFIX_BYTES + length) throw new MalformedBytesError('A signing message has the wrong length.');
  const reader = createReader(body);
  reader.take(PREFIX_BYTES);
  return reader;
};

// The path is empty: this backend makes one key per wallet and derives no children.
const sessionId = ({ share, digest, participants, ceremonyId }: SigningInput): Uint8Array =>
  H(
    'sign',
    ascii(share.keyId),
    share.transcriptHash,
    u32(share.epoch),
    ascii(''),
    digest,
    Uint8Array.from(participants),
    ceremonyId,
  );

const assertDescription = ({ share, digest, participants, ceremonyId }: SigningInput): void => {
  assertPartyList(participants);
  if (participants.length !== share.threshold) {
    throw new InvalidCeremonyError('The participants must be exactly as many as the threshold.');
  }
  if (!participants.every((party) => share.parties.includes(party))) {
    throw new InvalidCeremonyError('A participant is not a party of the key.');
  }
  if (!participants.includes(share.me)) throw new InvalidCeremonyError('This party is not a participant.');
  if (digest.length !== HASH_BYTES) throw new InvalidCeremonyError('A digest has 32 bytes.');
  if (ceremonyId.length !== HASH_BYTES) throw new InvalidCeremonyError('A ceremony id has 32 bytes.');
  if (!share.parties.every((party) => share.confirmations.has(party))) {
    throw new InvalidCeremonyError('The key lacks confirmations and is not active.');
  }
};

const assertPair = ({ share, pairs }: SigningInput, peer: PartyId): PairState => {
  const pair = pairs.get(peer);
  if (pair === undefined || pair.me !== share.me || pair.peer !== peer) {
    throw new InvalidCeremonyError(`There is no pair set-up with party ${peer}.`);
  }
  return pair;
};
