import { expect, test } from 'vitest';
import { startRounds } from '@/lib/compose/rounds';

const NEVER_MS = 2 ** 30;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a wake during a round is followed by another round', async () => {
  let begun = 0;
  let endRound = () => {};
  const work = () => {
    begun += 1;
    return new Promise<void>((resolve) => {
      endRound = resolve;
    });
  };
  const rounds = startRounds(NEVER_MS, work, () => {});
  rounds.wake();
  rounds.wake();
  endRound();
  await settled();
  expect(begun).toBe(2);
  endRound();
  await settled();
  expect(begun).toBe(2);
  await rounds.stop();
});

test('a round that fails is told, and the next one comes', async () => {
  const told: unknown[] = [];
  let begun = 0;
  const work = async () => {
    begun += 1;
    throw new Error(`round ${begun}`);
  };
  const rounds = startRounds(NEVER_MS, work, (error) => told.push(error));
  await settled();
  rounds.wake();
  await settled();
  await rounds.stop();
  expect(told).toEqual([new Error('round 1'), new Error('round 2')]);
});

test('stopping waits for the round that runs and begins no other', async () => {
  let begun = 0;
  let endRound = () => {};
  const work = () => {
    begun += 1;
    return new Promise<void>((resolve) => {
      endRound = resolve;
    });
  };
  const rounds = startRounds(0, work, () => {});
  let isStopped = false;
  const stopping = rounds.stop().then(() => {
    isStopped = true;
  });
  await settled();
  expect(isStopped).toBe(false);
  endRound();
  await stopping;
  expect(begun).toBe(1);
});
