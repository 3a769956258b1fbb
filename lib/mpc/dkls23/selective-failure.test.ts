import { describe, expect, test } from 'vitest';
import { H } from '../encoding';
import { ascii, concat, u16, u32 } from '../framing';
import { sha256 } from '../primitives';
import type { Abort, Outgoing, PartyId } from '../protocol';
import { dealPairs, generateKey, isBitSet, seededRandom } from '../simulation';
import type { KeyShare } from './key-share';
import { extendAsBob } from './ot-extension';
import type { PairState } from './pair-state';
import { multiplicationSid } from './rvole';
import { createSigning } from './sign';

/**
 * Selective failure: in each ceremony Bob (party 2) makes one row of his OT extension with another u. Alice's check
 * accepts exactly when her bit of Delta at that row is 0, so whether she goes on tells him the bit.
 */
const pairs = dealPairs([1, 2], 'selective failure');
const shares = generateKey(2, [1, 2], 'selective failure');

const pairOf = (me: PartyId, peer: PartyId): PairState => {
  const pair = pairs.get(me)?.get(peer);
  if (pair === undefined) throw new Error('No such pair.');
  return pair;
};
const shareOf = (party: PartyId): KeyShare => {
  const share = shares.get(party);
  if (share === undefined) throw new Error('No such share.');
  return share;
};
const { delta } = pairOf(1, 2).asAlice;

// Another second seed makes the row another one, and everything Bob says about his rows stays true for the first seed.
const cheatingSeeds = (rows: readonly number[]): PairState['asBob'] => {
  const { seeds0, seeds1 } = pairOf(2, 1).asBob;
  return { seeds0, seeds1: seeds1.map((byte, k) => (k % 32 === 0 && rows.includes(k / 32) ? byte ^ 1 : byte)) };
};

/** What the honest node says to one cheating round-1 message: its messages of round 2, or the abort. */
const attack = (ceremony: number, rows: readonly number[]): Outgoing[] | Abort => {
  const share = shareOf(1);
  const ceremonyId = sha256(concat(ascii('attack'), u16(ceremony)));
  const digest = sha256(ascii('message'));
  const participants = [1, 2];
  const random = seededRandom(`attack ${ceremony}`);
  const alice = createSigning({ share, pairs: new Map([[2, pairOf(1, 2)]]), digest, participants, ceremonyId, random });
  alice.start();
  const { keyId, transcriptHash } = share;
  const fields = [ascii(keyId), transcriptHash, u32(0), ascii(''), digest, Uint8Array.from(participants), ceremonyId];
  const sid = H('sign', ...fields);
  const bob = extendAsBob(cheatingSeeds(rows), multiplicationSid(sid, 1, 2), random);
  const body = concat(sid, u32(1), new Uint8Array(32), bob.message);
  const step = alice.receive({ from: 2, round: 1, body });
  if (step.status === 'aborted') return step.abort;
  return step.out;
};

/** The rule of specification 4.8: the burn flag is read again before every release, under the lock of the pair. */
const createNode = () => {
  let isBurned = false;
  return {
    isBurned: () => isBurned,
    /** Lets messages out, unless the pair has been burned in the meantime. */
    settle: (answer: Outgoing[] | Abort): 'released' | 'aborted' | 'refused' => {
      if (isBurned) return 'refused';
      if (Array.isArray(answer)) return 'released';
      if (answer.class === 'burn' && answer.peers.includes(2)) isBurned = true;
      return 'aborted';
    },
  };
};

/** The answers to 128 ceremonies that run at once, one row each. */
const answers = Array.from({ length: 128 }, (_, i) => attack(i, [i]));
const firstOne = Array.from({ length: 128 }, (_, i) => i).findIndex((i) => isBitSet(delta, i));

describe('the selective-failure attack', () => {
  test('without burning, 128 ceremonies give the attacker all of Delta', () => {
    const learned = answers.map((answer) => !Array.isArray(answer));
    expect(learned).toEqual(Array.from({ length: 128 }, (_, i) => isBitSet(delta, i)));
  });

  test('with burning, 300 ceremonies in a row see one abort and then refusals', () => {
    const node = createNode();
    const seen: string[] = [];
    for (let ceremony = 0; ceremony < 300; ceremony += 1) {
      // A burned pair is refused before a ceremony starts.
      seen.push(node.isBurned() ? 'refused' : node.settle(answers[ceremony % 128] ?? []));
    }
    expect(seen.filter((outcome) => outcome === 'aborted')).toHaveLength(1);
    expect(seen.filter((outcome) => outcome === 'released')).toHaveLength(firstOne);
    expect(seen.slice(firstOne + 1).every((outcome) => outcome === 'refused')).toBe(true);
  });

  test('with burning, 128 ceremonies at once see one abort, and nothing computed before it leaves after it', () => {
    const node = createNode();
    const seen = [...answers].reverse().map((answer) => node.settle(answer));
    const abortedAt = seen.indexOf('aborted');
    expect(seen.filter((outcome) => outcome === 'aborted')).toHaveLength(1);
    expect(seen.slice(abortedAt + 1).every((outcome) => outcome === 'refused')).toBe(true);
  });

  test('the abort names the pair to burn and is of one kind, whichever row was used', () => {
    const aborts = answers.filter((answer) => !Array.isArray(answer));
    expect(new Set(aborts.map((abort) => JSON.stringify(abort))).size).toBe(1);
    expect(aborts[0]).toMatchObject({ class: 'burn', code: 'mpc.ot_check', peers: [2] });
  });

  test('cheating in many rows at once fails as soon as one bit of Delta there is 1', () => {
    expect(attack(0, [firstOne, firstOne + 1, firstOne + 2])).toMatchObject({ class: 'burn' });
    expect(
      attack(
        1,
        Array.from({ length: 128 }, (_, i) => i),
      ),
    ).toMatchObject({ class: 'burn' });
  });
});
