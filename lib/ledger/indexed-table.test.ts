import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexedTable } from './indexed-table';

type Item = { readonly id: string; readonly owner: string };
const table = () => new IndexedTable<Item, 'owner'>({ owner: (item) => item.owner });

const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  owner: fc.constantFrom('x', 'y', 'z'),
  act: fc.constantFrom('set', 'set', 'set', 'delete', 'copy', 'clear'),
});

test('an index always shows exactly the records of its table', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let records = table();
      for (const { id, owner, act } of steps) {
        if (act === 'set') records.set(id, { id, owner });
        if (act === 'delete') records.delete(id);
        if (act === 'clear') records.clear();
        if (act === 'copy') records = records.copy();
        for (const key of ['x', 'y', 'z']) {
          const expected = [...records.values()].filter((item) => item.owner === key);
          expect(new Set(records.by('owner', key))).toEqual(new Set(expected));
        }
      }
    }),
  );
});

test('writing to a copy leaves the table it was made from alone', () => {
  const first = table().set('a', { id: 'a', owner: 'x' });
  const second = first.copy();
  second.set('a', { id: 'a', owner: 'y' });
  expect(first.by('owner', 'x')).toHaveLength(1);
  expect(second.by('owner', 'x')).toHaveLength(0);
  expect(second.by('owner', 'y')).toHaveLength(1);
});
