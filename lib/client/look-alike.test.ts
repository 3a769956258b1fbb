import { expect, test } from 'vitest';
import { findLookAlike, piecesOf } from './look-alike';

const known = '0x71c20000000000000000000000000000000a9e04';

test('an address that begins and ends like a known one is a look-alike', () => {
  expect(findLookAlike('0x71c2ffffffffffffffffffffffffffffffff9e04', [known])).toBe(known);
});

test('the known address itself is none, whatever its case', () => {
  expect(findLookAlike(known.toUpperCase().replace('0X', '0x'), [known])).toBeNull();
});

test('two addresses are told apart character by character, without regard to case', () => {
  expect(piecesOf('0xAB12cd', '0xab34cd')).toEqual([
    { text: '0xAB', differs: false },
    { text: '12', differs: true },
    { text: 'cd', differs: false },
  ]);
  expect(piecesOf('0xab', '0xAB')).toEqual([{ text: '0xab', differs: false }]);
});
