import { createPublicKey, verify as verifyWithOpenSsl } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { encodeScalar, ORDER } from '../encoding';
import { ascii, concat } from '../framing';
import { InvalidCeremonyError } from '../party-list';
import { lagrangeWeight } from '../polynomial';
import { fromHex, sha256 } from '../primitives';
import type { PartyId } from '../protocol';
import {
  type Delivery,
  dealPairs,
  generateKey,
  isBitSet,
  type PairBook,
  pairMachines,
  resultsOf,
  seededRandom,
  signingMachines,
  signTogether,
  simulate,
} from '../simulation';
import { disturbed, FIRST, pairs, shareOf, threeOfFour, twoOfThree } from '../testing/disturbed-signing';
import { alter, flipAt, ORDER_BYTES } from '../testing/tampering';
import { verifySignature } from '../verify-signature';
import { createSigning, type EcdsaSignature, type SigningInput } from './sign';

const compact = ({ r, s }: EcdsaSignature): Uint8Array => concat(fromHex(r.slice(2)), fromHex(s.slice(2)));

describe('signing', () => {
  test.each([
    [2, [1, 2], [1, 2]],
    [2, [1, 2, 3], [1, 3]],
    [3, [1, 2, 3, 4], [1, 2, 4]],
    [3, [1, 2, 3, 4, 5], [2, 4, 5]],
    [2, [2, 5], [2, 5]],
  ])('%i of parties %j sign as %j, and noble and OpenSSL accept', (threshold, parties, participants) => {
    const shares = generateKey(threshold, parties, `correct ${threshold}-${parties.length}`);
    const [first = 0] = participants;
    const { publicKey } = shareOf(shares, first);
    const signatures = signTogether(shares, pairs, participants, 'correct');
    const digest = sha256(ascii('message correct'));
    expect(signatures.size).toBe(threshold);
    expect(new Set([...signatures.values()].map((signature) => JSON.stringify(signature))).size).toBe(1);
    for (const signature of signatures.values()) {
      expect(secp256k1.verify(compact(signature), digest, publicKey, { prehash: false })).toBe(true);
      expect(BigInt(signature.s) <= ORDER / 2n).toBe(true);
      const recovered = secp256k1.Signature.fromBytes(compact(signature)).addRecoveryBit(signature.recid);
      expect(recovered.recoverPublicKey(digest).toBytes(true)).toEqual(publicKey);
    }
    const [signature] = signatures.values();
    expect(signature && acceptedByOpenSsl(publicKey, ascii('message correct'), signature)).toBe(true);
  });

  test('parties whose pairs were really set up sign', () => {
    const states = resultsOf(simulate(pairMachines(1, 2, 'end to end')));
    const book: PairBook = new Map([...states].map(([me, state]) => [me, new Map([[state.peer, state]])]));
    expect(signTogether(twoOfThree, book, [1, 2], 'end to end').size).toBe(2);
  });

  test('messages in any order lead to the same signature', () => {
    const inOrder = signTogether(threeOfFour, pairs, [1, 2, 3], 'order');
    for (const seed of ['a', 'b', 'c']) {
      const random = seededRandom(seed);
      const pick = (count: number) => (random(1)[0] ?? 0) % count;
      const shuffled = simulate(signingMachines(threeOfFour, pairs, [1, 2, 3], 'order'), { pick });
      expect(resultsOf(shuffled)).toEqual(inOrder);
    }
  });

  test.each([
    ['zero', new Uint8Array(32)],
    ['the group order', ORDER_BYTES],
    ['all ones', new Uint8Array(32).fill(0xff)],
  ])('a digest of %s can be signed', (_, digest) => {
    const machines = signingMachines(twoOfThree, pairs, [1, 2], 'digest', () => ({ digest }));
    const [signature] = resultsOf(simulate(machines)).values();
    const { publicKey } = shareOf(twoOfThree, 1);
    expect(signature && verifySignature({ publicKey, digest, signature: compact(signature) })).toBe(true);
  });

  test('low and high s, even and odd R, all end in a low s that recovers to the key', () => {
    const recids = new Set<number>();
    for (let run = 0; run < 8; run += 1) {
      const [signature] = signTogether(twoOfThree, pairs, [1, 3], `parity ${run}`).values();
      if (signature) recids.add(signature.recid);
    }
    expect(recids).toEqual(new Set([0, 1]));
  });

  test('fewer shares than the threshold interpolate to another key', () => {
    const { publicKey } = shareOf(threeOfFour, 1);
    const combine = (parties: PartyId[]) =>
      parties.reduce(
        (sum, party) => sum + lagrangeWeight(parties, party) * shareOf(threeOfFour, party).secretShare,
        0n,
      ) % ORDER;
    expect(secp256k1.getPublicKey(encodeScalar(combine([1, 2, 3])), true)).toEqual(publicKey);
    expect(secp256k1.getPublicKey(encodeScalar(combine([1, 2])), true)).not.toEqual(publicKey);
  });
});

describe('sessions that do not match end as retryable, never as a burn', () => {
  const pairsAtEpoch2 = dealPairs([1, 2], 'sign', 2);
  const share = shareOf(twoOfThree, 2);
  test.each<[string, Partial<SigningInput>]>([
    ['digest', { digest: new Uint8Array(32) }],
    ['ceremony', { ceremonyId: new Uint8Array(32) }],
    ['key epoch', { share: { ...share, epoch: 1 } }],
    ['key', { share: { ...share, keyId: 'key-other' } }],
    ['key transcript', { share: { ...share, transcriptHash: new Uint8Array(32) } }],
    ['pair epoch', { pairs: pairsAtEpoch2.get(2) ?? new Map() }],
  ])('another %s at party 2', (_, change) => {
    const { aborts, rounds } = disturbed({}, [1, 2], (party) => (party === 2 ? change : {}));
    for (const party of [1, 2]) expect(aborts.get(party)).toMatchObject({ class: 'retryable', peers: [] });
    expect(rounds).toEqual(new Set([1]));
  });

  test('other participants at party 2', () => {
    const { aborts } = disturbed({}, [1, 2, 3], (party) => (party === 2 ? { participants: [1, 2, 4] } : {}));
    expect(aborts.get(1)).toMatchObject({ class: 'retryable', code: 'mpc.session_mismatch' });
  });

  test('a mismatch is found before the extension is looked at', () => {
    const garbage = (body: Uint8Array) => new Uint8Array(body.length).fill(7);
    expect(disturbed({ wire: alter({ from: 2, to: 1, round: 1 }, garbage) }).aborts.get(1)).toMatchObject({
      class: 'retryable',
    });
  });
});

describe('replays, strangers and duplicates are dropped', () => {
  const succeeds = (wire: (delivery: Delivery) => Delivery[]) => {
    const { statuses } = disturbed({ wire }, [1, 2, 3]);
    expect([...statuses.values()]).toEqual(['done', 'done', 'done']);
  };
  test('every message twice', () => succeeds((delivery) => [delivery, delivery]));
  test('a second, different message of the same round', () =>
    succeeds((delivery) => [delivery, { ...delivery, body: new Uint8Array(5) }]));
  test('a message replayed as an older round', () => {
    const first = new Map<string, Delivery>();
    succeeds((delivery) => {
      const route = `${delivery.from} ${delivery.to}`;
      const old = first.get(route);
      first.set(route, old ?? delivery);
      return old === undefined ? [delivery] : [old, delivery];
    });
  });
  test.each([0, 1, 4, 5, 17, 258, Number.NaN])('a message from party %d to party 1', (from) =>
    succeeds((delivery) => (delivery.to === 1 ? [{ ...delivery, from }, delivery] : [delivery])),
  );
  test.each([0, -1, 4, 1.5, Number.NaN])('a message of round %d', (round) =>
    succeeds((delivery) => [{ ...delivery, round }, delivery]),
  );
});

describe('release', () => {
  test('nothing of round 3 leaves before release, even when the peers have released', () => {
    const machines = signingMachines(twoOfThree, pairs, [1, 2], 'withheld');
    const { steps, sent } = simulate(machines, { mayRelease: (party) => party === 2 });
    expect(sent.filter(({ from, round }) => from === 1 && round === 3)).toEqual([]);
    expect(steps.get(1)).toEqual({ status: 'ready', out: [] });
    const step = machines.get(1)?.release();
    expect(step?.status).toBe('done');
    expect(step?.out).toHaveLength(1);
  });

  test('it refuses before ready, a second time, and emits nothing after an abort', () => {
    const [machine] = signingMachines(twoOfThree, pairs, [1, 2], 'early').values();
    expect(() => machine?.release()).toThrow('nothing to release');
    machine?.start();
    expect(() => machine?.release()).toThrow('nothing to release');
    machine?.receive({ from: 2, round: 1, body: new Uint8Array(40) });
    expect(machine?.release()).toMatchObject({ status: 'aborted', out: [] });

    const machines = signingMachines(twoOfThree, pairs, [1, 2], 'twice');
    simulate(machines, { mayRelease: (party) => party === 1 });
    expect(() => machines.get(1)?.release()).toThrow('nothing to release');
  });

  test('a forked machine can only release the same values for the same digest', () => {
    const fork = () => {
      const { sent } = simulate(signingMachines(twoOfThree, pairs, [1, 2], 'fork'));
      return sent.filter(({ round }) => round === 3).map(({ body }) => body);
    };
    expect(fork()).toEqual(fork());
    const other = signingMachines(twoOfThree, pairs, [1, 2], 'fork', (party) =>
      party === 1 ? { digest: sha256(ascii('another message')) } : {},
    );
    const { steps, sent } = simulate(other);
    expect(sent.some(({ round }) => round > 1)).toBe(false);
    expect(steps.get(2)).toMatchObject({ status: 'aborted', abort: { class: 'retryable' } });
  });

  test('after the end every further call repeats the end with nothing to send', () => {
    const machines = signingMachines(twoOfThree, pairs, [1, 2], 'over');
    simulate(machines);
    const again = machines.get(1)?.receive({ from: 2, round: 1, body: new Uint8Array(3) });
    expect(again).toMatchObject({ status: 'done', out: [] });
    expect(machines.get(1)?.start()).toMatchObject({ status: 'done', out: [] });
  });
});

describe('impossible ceremonies are refused before any message', () => {
  const input = (change: Partial<SigningInput>): SigningInput => ({
    share: shareOf(threeOfFour, 1),
    pairs: pairs.get(1) ?? new Map(),
    digest: new Uint8Array(32),
    participants: [1, 2, 3],
    ceremonyId: new Uint8Array(32),
    random: seededRandom('refused'),
    ...change,
  });
  const share = shareOf(threeOfFour, 1);
  test.each<[string, Partial<SigningInput>]>([
    ['too few participants', { participants: [1, 2] }],
    ['too many participants', { participants: [1, 2, 3, 4] }],
    ['a participant twice', { participants: [1, 2, 2] }],
    ['unsorted participants', { participants: [2, 1, 3] }],
    ['a participant outside the key', { participants: [1, 2, 5] }],
    ['participant 0', { participants: [0, 1, 2] }],
    ['participant 17', { participants: [1, 2, 17] }],
    ['participant 1.5', { participants: [1, 1.5, 2] }],
    ['participants without this party', { participants: [2, 3, 4] }],
    ['a short digest', { digest: new Uint8Array(31) }],
    ['a long ceremony id', { ceremonyId: new Uint8Array(33) }],
    ['no pair set-up', { pairs: new Map() }],
    ["another node's pair set-ups", { pairs: pairs.get(2) ?? new Map() }],
    ['a key that not all parties confirmed', { share: { ...share, confirmations: new Map() } }],
  ])('%s', (_, change) => {
    expect(() => createSigning(input(change))).toThrow(InvalidCeremonyError);
  });

  test('a set-up of another node with the same peer is not accepted', () => {
    const foreign = new Map([...(pairs.get(1) ?? [])].map(([peer, pair]) => [peer, { ...pair, me: 4 }]));
    expect(() => createSigning(input({ pairs: foreign }))).toThrow(InvalidCeremonyError);
  });

  test('the set-up with one peer is not accepted for another', () => {
    const mine = pairs.get(1);
    const swapped = new Map([...(mine ?? [])].map(([peer, pair]) => [peer === 2 ? 3 : peer === 3 ? 2 : peer, pair]));
    expect(() => createSigning(input({ pairs: swapped }))).toThrow(InvalidCeremonyError);
  });
});

describe('secrets', () => {
  test('no abort tells a share, a seed or Delta', () => {
    const secretShare = shareOf(twoOfThree, 1).secretShare.toString(16);
    const offsets = [FIRST.com, FIRST.choiceHash, FIRST.nonce];
    const told = offsets.map((offset) =>
      JSON.stringify([...disturbed({ wire: alter({ from: 2, to: 1, round: 1 }, flipAt(offset)) }).aborts]),
    );
    expect(told.join()).not.toContain(secretShare);
    expect(told.every((text) => text.length < 600)).toBe(true);
  });

  test('a failure inside the machine ends it, without telling why', () => {
    let draws = 0;
    const random = (length: number) => {
      draws += 1;
      return draws > 5 ? new Uint8Array(0) : seededRandom(`${draws}`)(length);
    };
    const { aborts } = disturbed({}, [1, 2], (party) => (party === 1 ? { random } : {}));
    expect(aborts.get(1)).toMatchObject({ class: 'unattributed', code: 'mpc.internal', peers: [] });
  });

  test('both parties of a pair hold matching seeds, and only one of two', () => {
    const alice = pairs.get(1)?.get(2)?.asAlice;
    const bob = pairs.get(2)?.get(1)?.asBob;
    if (alice === undefined || bob === undefined) throw new Error('No such pair.');
    const chosen = isBitSet(alice.delta, 0) ? bob.seeds1 : bob.seeds0;
    expect(alice.seeds.slice(0, 32)).toEqual(chosen.slice(0, 32));
  });
});

const acceptedByOpenSsl = (publicKey: Uint8Array, message: Uint8Array, signature: EcdsaSignature): boolean => {
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false);
  const [x, y] = [point.slice(1, 33), point.slice(33)].map((bytes) => Buffer.from(bytes).toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'secp256k1', x, y }, format: 'jwk' });
  return verifyWithOpenSsl('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, compact(signature));
};
