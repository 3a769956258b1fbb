import { expect, test } from 'vitest';
import { nextInList } from './next-in-list';

test('the next approval is the one below in the list, in whatever order that is shown', () => {
  expect(nextInList(['new', 'middle', 'old'], 'new')).toBe('middle');
  expect(nextInList(['old', 'middle', 'new'], 'old')).toBe('middle');
});

test('after the last one comes what was left above, and after all nothing', () => {
  expect(nextInList(['a', 'b', 'c'], 'c')).toBe('a');
  expect(nextInList(['a'], 'a')).toBeNull();
  expect(nextInList([], 'a')).toBeNull();
});

test('an approval that the filter hides leads back into the filtered list', () => {
  expect(nextInList(['b', 'c'], 'a')).toBe('b');
});
