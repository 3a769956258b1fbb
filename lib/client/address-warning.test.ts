import { expect, test } from 'vitest';
import { addressWarning } from './address-warning';

const KNOWN = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

test.each([
  '0x0000000000000000000000000000000000000000',
  '0x0000000000000000000000000000000000000001',
  '0x000000000000000000000000000000000000dEaD',
  '0xdead000000000000000000000000000000000000',
  '0x00000000000000000000000000000000DeaDBeef',
  '0xdeaddeaddeaddeaddeaddeaddeaddeaddeaddead',
  '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE',
  '0xffffffffffffffffffffffffffffffffffffffff',
])('%s is an address that gives nothing back', (address) => {
  expect(addressWarning(address, [])).toEqual({ kind: 'burn' });
});
test('letter case that claims a checksum and breaks it is noticed, one case throughout claims none', () => {
  expect(addressWarning(KNOWN, [])).toBeNull();
  expect(addressWarning(KNOWN.toLowerCase(), [])).toBeNull();
  expect(addressWarning(`0x${KNOWN.slice(2).toUpperCase()}`, [])).toBeNull();
  expect(addressWarning(KNOWN.replace('71C7', '71c7'), [])).toEqual({ kind: 'checksum' });
  expect(addressWarning(KNOWN.replace('6EC7', '6EC8'), [])).toEqual({ kind: 'checksum' });
});
test('an address with the ends of a known one is a look-alike, the known one itself is none', () => {
  const poisoned = `${KNOWN.slice(0, 8).toLowerCase()}${'a'.repeat(28)}${KNOWN.slice(-6).toLowerCase()}`;
  expect(addressWarning(poisoned, [KNOWN])).toEqual({ kind: 'lookAlike', known: KNOWN });
  expect(addressWarning(KNOWN, [KNOWN.toLowerCase()])).toBeNull();
  expect(addressWarning('0x', [KNOWN])).toBeNull();
});
