import { expect, test } from 'vitest';
import { encodeUnsigned } from '@/lib/chain/evm/unsigned';
import { speedUpCosts } from './speed-up';

const bytes = encodeUnsigned({
  chainId: 11_155_111,
  nonce: 0,
  gas: 21_000n,
  maxFeePerGas: 1000n,
  maxPriorityFeePerGas: 100n,
  to: '0x00000000000000000000000000000000000000bb',
  value: 5n,
  data: '0x',
});

test('a speed-up costs what the market asks, at least a tenth more, and never more than was approved', () => {
  const dear = { maxFeePerGas: 3000n, maxPriorityFeePerGas: 100n };
  expect(speedUpCosts(bytes, null, '900000000')).toEqual({
    before: '21000000',
    after: String(21_000 * 1101),
    isAboveCeiling: false,
  });
  expect(speedUpCosts(bytes, dear, '900000000')?.after).toBe('63000000');
  expect(speedUpCosts(bytes, dear, '50000000')).toMatchObject({ after: '50000000', isAboveCeiling: false });
  expect(speedUpCosts(bytes, dear, '21000001')).toMatchObject({ isAboveCeiling: true });
  expect(speedUpCosts('02', dear, null)).toBeNull();
});
