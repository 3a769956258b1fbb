import { expect, test } from 'vitest';
import { exampleBody } from './example';
import { OPERATIONS } from './table';

test('every operation of this version with a body has an example that its own schema takes', () => {
  const without = OPERATIONS.filter(({ body, built, method }) => built && body && method !== 'GET')
    .filter(({ body }) => exampleBody(body) === null)
    .map(({ id }) => id);
  expect(without).toEqual([]);
});

test('examples say what a person would say', () => {
  const body = (id: string) => exampleBody(OPERATIONS.find((one) => one.id === id)?.body);
  expect(body('wallets.transferAsset')).toEqual({
    kind: 'Native',
    to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    amount: '10000000000000000',
  });
  expect(body('wallets.createWallet')).toEqual({ network: 'EthereumSepolia' });
});
