import { expect, test } from 'vitest';
import { OPERATION_HANDLERS } from '@/lib/ledger/operations/index';
import { FORGED_OPERATIONS } from '@/lib/ledger/testing/forgeries';
import { OPERATIONS } from './table';

const changing = OPERATIONS.filter(
  ({ built, userAction, governs }) => built && userAction && (governs === 'governance' || governs === 'activity'),
).map(({ id }) => id);

test('every built operation that changes governed state has its rule in the ledger', () => {
  expect(changing.filter((id) => !OPERATION_HANDLERS.has(id))).toEqual([]);
});
test('every rule of the ledger belongs to a built operation', () => {
  expect([...OPERATION_HANDLERS.keys()].filter((id) => !changing.includes(id))).toEqual([]);
});
test('every built operation that changes governed state has a forgery test', () => {
  expect(changing.filter((id) => !FORGED_OPERATIONS.includes(id))).toEqual([]);
});
