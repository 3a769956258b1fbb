import { expect, test } from 'vitest';
import { OPERATIONS } from '@/lib/contract/table';
import { REGISTRY } from './registry';

test('every operation that the table calls built has a handler, or is submitted to the ledger as it is', () => {
  const missing = OPERATIONS.filter(
    (operation) => operation.built && !operation.userAction && !(operation.id in REGISTRY.handlers),
  );
  expect(missing.map((operation) => operation.id)).toEqual([]);
});

test('every handler belongs to an operation that is built', () => {
  const built = new Set(OPERATIONS.filter((operation) => operation.built).map((operation) => operation.id));
  expect(Object.keys(REGISTRY.handlers).filter((id) => !built.has(id))).toEqual([]);
});
