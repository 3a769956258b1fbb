import { expect, test } from 'vitest';
import { newAgreementKey, newSigningKey, rawPublicKey } from '@/lib/transport/keys';
import { BOUNDARY_MS, createAnswerPace, type PaceClock } from './answer-pace';
import { createSession } from './ceremonies';

/** A turn of the event loop; answers are exact to it. */
const TURN_MS = 0.001;

/** A clock that moves only when told to, and does what is due on the way. */
const aClock = () => {
  let time = 1_000;
  const timers: { at: number; work: () => void }[] = [];
  const clock: PaceClock = {
    now: () => time,
    after: (timeMs, work) => void timers.push({ at: time + Math.max(timeMs, TURN_MS), work }),
  };
  const pass = (timeMs: number): void => {
    const end = time + timeMs;
    for (;;) {
      timers.sort((a, b) => a.at - b.at);
      if (!timers[0] || timers[0].at > end) break;
      const { at, work } = timers.shift() as (typeof timers)[number];
      time = Math.max(time, at);
      work();
    }
    time = end;
  };
  return { clock, pass, now: () => time };
};

/** When an answer leaves, counted from the arrival, that took so long to compute. */
const answeredAfter = (computedMs: number, arrivedAt = 0): number => {
  const { clock, pass, now } = aClock();
  const pace = createAnswerPace(clock);
  pass(arrivedAt);
  pace.arrived();
  const arrival = now();
  // The computation holds the event loop: time goes by and no timer runs.
  pass(computedMs);
  let left = Number.NaN;
  pace.atBoundary(() => {
    left = now() - arrival;
  });
  pass(100);
  return Number(left.toFixed(2));
};

test('answers that took different times below a boundary leave at the same time', () => {
  for (const computedMs of [0, 0.2, 1, 3.7, 4.999]) expect(answeredAfter(computedMs)).toBe(BOUNDARY_MS);
});

test('an answer that took longer leaves at the next boundary', () => {
  expect(answeredAfter(5)).toBe(2 * BOUNDARY_MS);
  expect(answeredAfter(5.1)).toBe(2 * BOUNDARY_MS);
  expect(answeredAfter(14.9)).toBe(3 * BOUNDARY_MS);
});

test('boundaries are counted from the arrival, so that no phase averages out', () => {
  for (const arrivedAt of [0, 1.3, 2.5, 4.9]) expect(answeredAfter(2, arrivedAt)).toBe(BOUNDARY_MS);
});

test('the answer of a check that failed leaves at one time, whichever check it was and however long it took', () => {
  const abortedAfter = (computedMs: number): number => {
    const { clock, pass, now } = aClock();
    const pace = createAnswerPace(clock);
    pace.arrived();
    const arrival = now();
    pass(computedMs);
    let left = Number.NaN;
    pace.atBoundary(() => {
      left = now() - arrival;
    }, 50);
    pass(200);
    return Number(left.toFixed(2));
  };
  expect(new Set([0.1, 1, 2.5, 4.9].map(abortedAfter))).toEqual(new Set([50 + BOUNDARY_MS]));
});

test('answers keep their order, and one that is due later does not hold up the others', () => {
  const { clock, pass } = aClock();
  const pace = createAnswerPace(clock);
  const left: string[] = [];
  pace.arrived();
  pace.atBoundary(() => left.push('abort'), 50);
  pace.atBoundary(() => left.push('first'));
  pace.atBoundary(() => left.push('second'));
  pass(4);
  expect(left).toEqual([]);
  pace.arrived();
  pace.atBoundary(() => left.push('third'));
  pass(20);
  expect(left).toEqual(['first', 'second', 'third']);
  pass(60);
  expect(left).toEqual(['first', 'second', 'third', 'abort']);
});

test('what waits for a boundary never leaves once its ceremony was ended', () => {
  const { clock, pass } = aClock();
  const identity = (node: number) => {
    const [signing, agreement] = [newSigningKey(), newAgreementKey()];
    return {
      secret: { node, signingKey: signing.privateKey, agreementKey: agreement.privateKey },
      keys: { signingKey: rawPublicKey(signing.publicKey), agreementKey: rawPublicKey(agreement.publicKey) },
    };
  };
  const [me, peer] = [identity(1), identity(2)];
  const left: Uint8Array[] = [];
  const session = createSession({
    kind: 'sign',
    ceremonyId: 'ab'.repeat(32),
    sid: 'cd'.repeat(32),
    me: me.secret,
    peers: new Map([[2, { ...peer.keys, pairEpoch: 1 }]]),
    sendBytes: (bytes) => left.push(bytes),
    pace: createAnswerPace(clock),
    clock: () => 0,
  });
  session.send([{ to: 2, round: 1, body: new Uint8Array(8) }]);
  pass(10);
  expect(left).toHaveLength(1);
  session.send([{ to: 2, round: 2, body: new Uint8Array(8) }]);
  session.silence();
  pass(10);
  session.sendNow([{ to: 2, round: 3, body: new Uint8Array(8) }]);
  expect(left).toHaveLength(1);
});
