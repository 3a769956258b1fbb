import { expect, test } from 'vitest';
import { getOperation } from '@/lib/contract/table';
import { ROUTES } from './routes';

test.each(Object.entries(ROUTES))('%s stands where the contract has it, and needs no signature', (id, route) => {
  const { method, path, userAction } = getOperation(id);
  expect(`${method} ${path}`).toBe(route);
  expect(userAction).toBe(false);
});
