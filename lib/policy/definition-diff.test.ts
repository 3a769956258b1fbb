import { expect, test } from 'vitest';
import { definitionDiff } from './definition-diff';

test('equal definitions differ in nothing, also where their members stand in another order', () => {
  expect(definitionDiff({ a: 1, b: [1, 2], c: { d: null } }, { c: { d: null }, b: [1, 2], a: 1 })).toEqual([]);
});
test('members that differ are told by path, in the order of their names', () => {
  expect(definitionDiff({ z: 1, rule: { limit: 5, kind: 'x' } }, { rule: { limit: 7, kind: 'x' }, z: 2 })).toEqual([
    { path: 'rule.limit', before: 5, after: 7 },
    { path: 'z', before: 1, after: 2 },
  ]);
});
test('what is absent on one side is null there', () => {
  expect(definitionDiff({ kept: 1, gone: 2 }, { kept: 1, come: 3 })).toEqual([
    { path: 'come', before: null, after: 3 },
    { path: 'gone', before: 2, after: null },
  ]);
});
test('lists of plain values are compared whole', () => {
  expect(definitionDiff({ in: ['a', 'b'] }, { in: ['a', 'c'] })).toEqual([
    { path: 'in', before: ['a', 'b'], after: ['a', 'c'] },
  ]);
});
test('lists of objects are compared one by one, so that one changed group is one change', () => {
  const groups = (...quorums: number[]) => ({ groups: quorums.map((quorum) => ({ quorum })) });
  expect(definitionDiff(groups(1, 2), groups(1, 3))).toEqual([{ path: 'groups.1.quorum', before: 2, after: 3 }]);
  expect(definitionDiff(groups(1), groups(1, 3))).toEqual([{ path: 'groups.1', before: null, after: { quorum: 3 } }]);
  expect(definitionDiff(groups(1, 2), groups(1))).toEqual([{ path: 'groups.1', before: { quorum: 2 }, after: null }]);
  expect(definitionDiff(groups(), groups(4))).toEqual([{ path: 'groups.0', before: null, after: { quorum: 4 } }]);
});
test('a list that holds an object beside a text is compared one by one', () => {
  expect(definitionDiff({ a: [{ b: 1 }, 'c'] }, { a: [{ b: 2 }, 'c'] })).toEqual([
    { path: 'a.0.b', before: 1, after: 2 },
  ]);
});
test('an object that became a list, nothing or a text is one change of the whole', () => {
  expect(definitionDiff({ a: { b: 1 } }, { a: [{ b: 1 }] })).toEqual([
    { path: 'a', before: { b: 1 }, after: [{ b: 1 }] },
  ]);
  expect(definitionDiff({ a: [{ b: 1 }] }, { a: { b: 1 } })).toEqual([
    { path: 'a', before: [{ b: 1 }], after: { b: 1 } },
  ]);
  expect(definitionDiff({ a: { b: 1 } }, { a: null })).toEqual([{ path: 'a', before: { b: 1 }, after: null }]);
  expect(definitionDiff(null, { a: 1 })).toEqual([{ path: '', before: null, after: { a: 1 } }]);
  expect(definitionDiff('old', 'new')).toEqual([{ path: '', before: 'old', after: 'new' }]);
});
