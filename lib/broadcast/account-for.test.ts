import { expect, test } from 'vitest';
import { accountFor, accountForAll, type NonceOwners } from './account-for';

const release = { digest: 'd', signature: { r: '0x1', s: '0x1', recid: 0 } } as const;
const confirmed: NonceOwners = [{ release, chain: { status: 'Confirmed' } }];
const sent: NonceOwners = [{ release, chain: { status: 'Broadcasted' } }];

test('a transaction nobody asked for, or nobody signed, or in the place of a signed one is an alarm', () => {
  expect(accountFor([])).toBe('unknown');
  expect(accountFor([{}])).toBe('unsigned');
  expect(accountFor([{ release, chain: { status: 'Failed', subStatus: 'ReplacedExternally' } }])).toBe('replaced');
});
test('a signed transaction is known once it is seen on the chain, and no alarm before', () => {
  expect(accountFor([{ release }])).toBe('waiting');
  expect(accountFor(sent)).toBe('waiting');
  expect(accountFor(confirmed)).toBe('known');
  expect(accountFor([{ release, chain: { status: 'Failed', subStatus: 'Reverted' } }])).toBe('known');
});
test('a cancel that took the nonce accounts for it', () => {
  expect(accountFor([{ release, chain: { status: 'Failed', subStatus: 'Cancelled' } }, ...confirmed])).toBe('known');
});
test('what is not final or not seen yet is looked at again', () => {
  expect(accountForAll([confirmed, confirmed, sent, []], 4)).toEqual({
    alarms: [{ index: 3, reason: 'unknown' }],
    settled: 2,
  });
  expect(accountForAll([confirmed, confirmed], 1)).toEqual({ alarms: [], settled: 1 });
});
