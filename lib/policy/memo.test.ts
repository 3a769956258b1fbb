import { expect, test } from 'vitest';
import { memoOf } from './memo';

test('what was worked out of an object is not worked out again, whatever it was', () => {
  const calls: object[] = [];
  const nothing = memoOf((of: object) => {
    calls.push(of);
    return null;
  });
  const [a, b] = [{}, {}];
  expect([nothing(a), nothing(a), nothing(b)]).toEqual([null, null, null]);
  expect(calls).toEqual([a, b]);
});
test('each object has its own value', () => {
  const doubled = memoOf(({ n }: { readonly n: number }) => n * 2);
  const [one, two] = [{ n: 1 }, { n: 2 }];
  expect([doubled(one), doubled(two), doubled(one)]).toEqual([2, 4, 2]);
});
