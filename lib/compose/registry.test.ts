import { expect, test } from 'vitest';
import { OPERATIONS } from '@/lib/contract/table';
import { REGISTRY } from './registry';

/** Built in the table, still to be handled: an entry leaves this list with its handler. */
const WAITING: readonly string[] = [
  'x.getOrganisation',
  'x.listSigners',
  'x.listActivities',
  'x.getActivity',
  'x.getLedgerHead',
  'x.streamEvents',
];

test('every operation that the table calls built has a handler, or is submitted to the ledger as it is', () => {
  const missing = OPERATIONS.filter(
    (operation) => operation.built && !operation.userAction && !(operation.id in REGISTRY.handlers),
  );
  expect(missing.map((operation) => operation.id)).toEqual(WAITING);
});

test('every handler belongs to an operation that is built', () => {
  const built = new Set(OPERATIONS.filter((operation) => operation.built).map((operation) => operation.id));
  expect(Object.keys(REGISTRY.handlers).filter((id) => !built.has(id))).toEqual([]);
});
