import { ed25519 } from '@noble/curves/ed25519.js';
import { createDkg, type DkgInput, type KeyShare } from './dkls23/dkg';
import { createPairSetup, type PairState } from './dkls23/pair-setup';
import { createSigning, type EcdsaSignature, type SigningInput, type SigningProtocol } from './dkls23/sign';
import { ascii } from './framing';
import { expandAes, sha256 } from './primitives';
import type { Incoming, Outgoing, PartyId, Protocol, RandomSource, Step } from './protocol';

/** A deterministic random source for tests: AES-256-CTR under the hash of a label. */
export const seededRandom = (label: string): RandomSource => {
  const key = sha256(ascii(label));
  let counter = 0;
  return (length) => {
    const iv = new Uint8Array(16);
    new DataView(iv.buffer).setUint32(0, counter);
    counter += 1;
    return expandAes(key, iv, length);
  };
};

/** A message on its way to one receiver. */
export type Delivery = { from: PartyId; to: PartyId; round: number; body: Uint8Array };

/** Decides what really arrives: the delivery itself, another, several, or none. */
export type Wire = (delivery: Delivery) => readonly Delivery[];

export type SimulationOptions = {
  wire?: Wire;
  /** Picks the index of the next delivery among `count` waiting ones; the oldest by default. */
  pick?: (count: number) => number;
  /** Whether a `ready` party releases; yes by default. */
  mayRelease?: (party: PartyId) => boolean;
  /** Sees every step of every party. */
  observe?: (party: PartyId, step: Step<unknown>) => void;
};

export type Simulation<R> = {
  /** The last step of each party that was not an empty `running`. */
  steps: ReadonlyMap<PartyId, Step<R>>;
  /** Everything the parties sent, before the wire touched it. */
  sent: readonly Delivery[];
};

/** Runs machines in memory until no message is waiting. For tests: all parties share one process here. */
export const simulate = <R>(
  machines: ReadonlyMap<PartyId, Protocol<R> & { release?: () => Step<R> }>,
  { wire = (delivery) => [delivery], pick = () => 0, mayRelease = () => true, observe }: SimulationOptions = {},
): Simulation<R> => {
  const steps = new Map<PartyId, Step<R>>();
  const waiting: Delivery[] = [];
  const sent: Delivery[] = [];

  const note = (party: PartyId, step: Step<R>): void => {
    observe?.(party, step);
    const previous = steps.get(party)?.status;
    if (step.status !== 'running' || previous === undefined || step.out.length > 0) steps.set(party, step);
    for (const out of step.out) {
      for (const delivery of addressed(party, out, [...machines.keys()])) {
        sent.push(delivery);
        waiting.push(...wire(delivery));
      }
    }
    const machine = machines.get(party);
    if (step.status === 'ready' && machine?.release !== undefined && mayRelease(party)) note(party, machine.release());
  };

  for (const [party, machine] of machines) note(party, machine.start());
  while (waiting.length > 0) {
    const [delivery] = waiting.splice(pick(waiting.length), 1);
    const machine = delivery === undefined ? undefined : machines.get(delivery.to);
    if (delivery !== undefined && machine !== undefined) note(delivery.to, machine.receive(incoming(delivery)));
  }
  return { steps, sent };
};

const addressed = (from: PartyId, { to, round, body }: Outgoing, parties: readonly PartyId[]): Delivery[] =>
  (to === 'all' ? parties.filter((party) => party !== from) : [to]).map((receiver) => ({
    from,
    to: receiver,
    round,
    body,
  }));

const incoming = ({ from, round, body }: Delivery): Incoming => ({ from, round, body });

/** Identity key pairs of simulated parties, and what the machines need of them. */
export const identityOf = (party: PartyId) => {
  const secretKey = sha256(ascii(`identity of party ${party}`));
  return {
    publicKey: ed25519.getPublicKey(secretKey),
    sign: (hash: Uint8Array): Uint8Array => ed25519.sign(hash, secretKey),
  };
};

export const verifyIdentity = (party: PartyId, hash: Uint8Array, signature: Uint8Array): boolean => {
  try {
    return ed25519.verify(signature, hash, identityOf(party).publicKey);
  } catch {
    return false;
  }
};

/** Describes a key generation for each party. */
export const dkgInputs = (
  threshold: number,
  parties: readonly PartyId[],
  label: string,
): ReadonlyMap<PartyId, DkgInput> =>
  new Map(
    parties.map((me) => [
      me,
      {
        ceremonyId: sha256(ascii(`dkg ${label}`)),
        keyId: `key-${label}`,
        threshold,
        parties,
        me,
        random: seededRandom(`dkg ${label} ${me}`),
        sign: identityOf(me).sign,
        verify: verifyIdentity,
      },
    ]),
  );

/** The machines of a key generation, one per party. */
export const dkgMachines = (
  threshold: number,
  parties: readonly PartyId[],
  label: string,
): Map<PartyId, Protocol<KeyShare>> =>
  new Map([...dkgInputs(threshold, parties, label)].map(([me, input]) => [me, createDkg(input)]));

/** Generates a key; the result of an undisturbed ceremony. */
export const generateKey = (threshold: number, parties: readonly PartyId[], label: string): Map<PartyId, KeyShare> =>
  resultsOf(simulate(dkgMachines(threshold, parties, label)));

/** The two machines of one pair set-up. */
export const pairMachines = (
  min: PartyId,
  max: PartyId,
  label: string,
  pairEpoch = 1,
): Map<PartyId, Protocol<PairState>> => {
  const identityKeys = { min: identityOf(min).publicKey, max: identityOf(max).publicKey };
  const machine = (me: PartyId, peer: PartyId) =>
    createPairSetup({ me, peer, pairEpoch, identityKeys, random: seededRandom(`pair ${label} ${me} ${peer}`) });
  return new Map([
    [min, machine(min, max)],
    [max, machine(max, min)],
  ]);
};

/** Pair states by owner, then by peer. */
export type PairBook = ReadonlyMap<PartyId, ReadonlyMap<PartyId, PairState>>;

/** Runs the set-up of every pair of parties. Slow (about a second each): once per test file. */
export const setUpPairs = (parties: readonly PartyId[], label: string): PairBook => {
  const book = new Map(parties.map((party) => [party, new Map<PartyId, PairState>()]));
  for (const min of parties) {
    for (const max of parties.filter((party) => party > min)) {
      for (const [me, state] of resultsOf(simulate(pairMachines(min, max, label))))
        book.get(me)?.set(state.peer, state);
    }
  }
  return book;
};

/**
 * Deals the pair states of all pairs at once, as a trusted third party would, without base OTs.
 * For tests only: whoever runs this knows both sides. The real set-up takes about a second of CPU per pair.
 */
export const dealPairs = (parties: readonly PartyId[], label: string, pairEpoch = 1): PairBook => {
  const book = new Map(parties.map((party) => [party, new Map<PartyId, PairState>()]));
  for (const min of parties) {
    for (const max of parties.filter((party) => party > min)) {
      const random = seededRandom(`dealt pair ${label} ${min} ${max}`);
      const [pairId, zero] = [random(32), random(32)];
      const [fromMax, fromMin] = [dealDirection(random), dealDirection(random)];
      const common = { pairId, pairEpoch, zero };
      book.get(min)?.set(max, { me: min, peer: max, ...common, asAlice: fromMax.alice, asBob: fromMin.bob });
      book.get(max)?.set(min, { me: max, peer: min, ...common, asAlice: fromMin.alice, asBob: fromMax.bob });
    }
  }
  return book;
};

const dealDirection = (random: RandomSource): { alice: PairState['asAlice']; bob: PairState['asBob'] } => {
  const delta = random(16);
  const seeds0 = random(128 * 32);
  const seeds1 = random(128 * 32);
  const seeds = seeds0.map((byte, k) => (isBitSet(delta, k >>> 5) ? (seeds1[k] ?? 0) : byte));
  return { alice: { delta, seeds }, bob: { seeds0, seeds1 } };
};

/** Bit i of a byte string, least significant bit of each byte first. */
export const isBitSet = (bits: Uint8Array, i: number): boolean => (((bits[i >>> 3] ?? 0) >>> (i & 7)) & 1) === 1;

/** The machines of a signing ceremony, one per participant, with the given fields replaced. */
export const signingMachines = (
  shares: ReadonlyMap<PartyId, KeyShare>,
  pairs: PairBook,
  participants: readonly PartyId[],
  label: string,
  changesFor: (party: PartyId) => Partial<SigningInput> = () => ({}),
): Map<PartyId, SigningProtocol> =>
  new Map(
    participants.map((me) => {
      const share = shares.get(me);
      if (share === undefined) throw new Error(`Party ${me} holds no share.`);
      const input: SigningInput = {
        share,
        pairs: pairs.get(me) ?? new Map(),
        digest: sha256(ascii(`message ${label}`)),
        participants,
        ceremonyId: sha256(ascii(`signing ${label}`)),
        random: seededRandom(`signing ${label} ${me}`),
        ...changesFor(me),
      };
      return [me, createSigning(input)];
    }),
  );

/** Signs without disturbance; every participant's signature. */
export const signTogether = (
  shares: ReadonlyMap<PartyId, KeyShare>,
  pairs: PairBook,
  participants: readonly PartyId[],
  label: string,
): Map<PartyId, EcdsaSignature> => resultsOf(simulate(signingMachines(shares, pairs, participants, label)));

/** The results of a simulation in which every party is done. @throws naming the first party that is not. */
export const resultsOf = <R>({ steps }: Simulation<R>): Map<PartyId, R> =>
  new Map(
    [...steps].map(([party, step]) => {
      if (step.status === 'done') return [party, step.result];
      const reason = step.status === 'aborted' ? `${step.abort.class} ${step.abort.code}` : step.status;
      throw new Error(`Party ${party} did not finish: ${reason}.`);
    }),
  );
