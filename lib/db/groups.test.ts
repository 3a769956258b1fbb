import { expect, test } from 'vitest';
import { inGroups } from './groups';
import { UnknownOutcomeError } from './transaction';

/** Work that waits to be let go, and remembers which items it was given together. */
const aRun = (options: { readonly bad?: string; readonly most?: number } = {}) => {
  const groups: string[][] = [];
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const add = inGroups(async (key, items: readonly string[]) => {
    groups.push(items.map((item) => `${key}${item}`));
    await gate;
    if (items.some((item) => item === options.bad)) throw new Error(`${options.bad} is bad`);
    return Math.min(items.length, options.most ?? items.length);
  });
  return { groups, add, letGo };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for at the same time is done together, and so is what comes meanwhile, in its order', async () => {
  const { groups, add, letGo } = aRun();
  const first = ['1', '2'].map((item) => add('a', item));
  await turn();
  const later = ['3', '4', '5'].map((item) => add('a', item));
  letGo();
  await Promise.all([...first, ...later]);
  expect(groups).toEqual([
    ['a1', 'a2'],
    ['a3', 'a4', 'a5'],
  ]);
});

test('work of one key does not wait for that of another', async () => {
  const { groups, add, letGo } = aRun();
  const done = Promise.all([add('a', '1'), add('b', '1')]);
  await turn();
  expect(groups).toEqual([['a1'], ['b1']]);
  letGo();
  await done;
});

test('what a group leaves over is done by the next one', async () => {
  const { groups, add, letGo } = aRun({ most: 2 });
  const done = Promise.all(['1', '2', '3'].map((item) => add('a', item)));
  letGo();
  await done;
  expect(groups).toEqual([['a1', 'a2', 'a3'], ['a3']]);
});

test('an item that fails is the only one that fails, and what comes after it goes together again', async () => {
  const { groups, add, letGo } = aRun({ bad: '2' });
  const done = Promise.allSettled(['1', '2', '3'].map((item) => add('a', item)));
  letGo();
  expect((await done).map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(groups).toEqual([['a1', 'a2', 'a3'], ['a1'], ['a2'], ['a3']]);
  await Promise.all(['5', '6'].map((item) => add('a', item)));
  expect(groups.slice(4)).toEqual([['a5', 'a6']]);
});

test('what may have been done is not done again', async () => {
  let runs = 0;
  const add = inGroups(async () => {
    runs += 1;
    await Promise.resolve();
    throw new UnknownOutcomeError({});
  });
  const outcomes = await Promise.allSettled(['1', '2', '3'].map((item) => add('a', item)));
  expect(outcomes.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(runs).toBe(1);
});

test('a group is bounded', async () => {
  const { groups, add, letGo } = aRun();
  const done = Promise.all(Array.from({ length: 100 }, (_, at) => add('a', String(at))));
  letGo();
  await done;
  expect(Math.max(...groups.map((group) => group.length))).toBe(32);
  expect(groups.flat()).toHaveLength(100);
});

test('who comes when too many wait is told so at once, and nobody else loses by it', async () => {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const add = inGroups<string>(
    async (_, items) => {
      await gate;
      return items.length;
    },
    { mostWaiting: 2 },
  );
  const done = Promise.all(['a', 'b'].map((item) => add('org', item)));
  await expect(add('org', 'c')).rejects.toMatchObject({
    refusal: { status: 503, code: 'ledger.busy', details: { retryAfterSeconds: 2 } },
  });
  letGo();
  await done;
});
