import { expect, test } from 'vitest';
import { findLookAlike } from './look-alike';

const known = '0x71c20000000000000000000000000000000a9e04';

test('an address that begins and ends like a known one is a look-alike', () => {
  expect(findLookAlike('0x71c2ffffffffffffffffffffffffffffffff9e04', [known])).toBe(known);
});

test('the known address itself is none, whatever its case', () => {
  expect(findLookAlike(known.toUpperCase().replace('0X', '0x'), [known])).toBeNull();
});
