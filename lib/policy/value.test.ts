import { expect, test } from 'vitest';
import { formatDecimal } from '@/lib/domain/decimal';
import type { Facts } from './facts';
import { someFacts } from './testing/builders';
import { valueInUsd, valueText } from './value';

const told = (facts: Partial<Facts>): string => {
  const value = valueInUsd(someFacts(facts));
  expect(valueText(someFacts(facts))).toBe(typeof value === 'string' ? value : formatDecimal(value));
  return typeof value === 'string' ? `unknown: ${value}` : formatDecimal(value);
};

test('a value is amount / 10^decimals × price, to the last digit', () => {
  expect(told({ amount: '1', quote: { usd: '0.1', decimals: 18 } })).toBe('0.0000000000000000001');
  expect(told({ amount: '12345', quote: { usd: '2', decimals: 0 } })).toBe('24690');
  expect(told({ amount: '0' })).toBe('0');
});
test.each([
  ['what moves is not known', { amount: null }],
  ['what moves is not known', { asset: null }],
  ['no fresh price', { quote: null }],
  ['the amount is malformed', { amount: '' }],
  ['the amount is malformed', { amount: '1.5' }],
  ['the amount is malformed', { amount: '-1' }],
  ['the amount is malformed', { amount: ' 1' }],
  ['the amount is malformed', { amount: '1 ' }],
  ['the amount is malformed', { amount: '9'.repeat(101) }],
  ['the price is malformed', { quote: { usd: 'dear', decimals: 18 } }],
  ['the price is malformed', { quote: { usd: '1', decimals: -1 } }],
  ['the price is malformed', { quote: { usd: '1', decimals: 256 } }],
  ['the price is malformed', { quote: { usd: '1', decimals: 0.5 } }],
] as const)('it is unknown, with the reason “%s”: %j', (reason, facts) => {
  expect(told(facts)).toBe(`unknown: ${reason}`);
});
test('without facts it is unknown', () => {
  expect([valueInUsd(undefined), valueText(undefined)]).toEqual(['what moves is not known', 'what moves is not known']);
});
test('the longest amount and the most decimals can be valued', () => {
  expect(told({ amount: '9'.repeat(100), quote: { usd: '1', decimals: 0 } })).toBe('9'.repeat(100));
  expect(told({ amount: '1', quote: { usd: '1', decimals: 255 } })).toBe(`0.${'0'.repeat(254)}1`);
  expect(told({ amount: '7', quote: { usd: '1', decimals: 0 } })).toBe('7');
});
test('where the fee counts, the most it may be is added; where it is unknown, so is the value', () => {
  const facts = { amount: '1', quote: { usd: '5', decimals: 0 }, feeCeiling: '3' } as const;
  expect(told({ ...facts, feeQuote: { usd: '2', decimals: 1 } })).toBe('5.6');
  expect(told(facts)).toBe('5');
  expect(told({ ...facts, feeCeiling: null, feeQuote: { usd: '2', decimals: 1 } })).toBe('5');
  expect(told({ ...facts, feeQuote: null })).toBe('unknown: of the network fee, no fresh price');
  expect(told({ ...facts, feeCeiling: 'x', feeQuote: null })).toBe(
    'unknown: of the network fee, the amount is malformed',
  );
  expect(told({ ...facts, quote: null, feeQuote: { usd: '2', decimals: 1 } })).toBe('unknown: no fresh price');
});
