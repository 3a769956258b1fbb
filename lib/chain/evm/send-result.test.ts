import { expect, test } from 'vitest';
import { outbid, quoteFees } from './fee-quote';
import { bestResult, classifySendError } from './send-result';

test.each([
  ['already known', 'known'],
  ['transaction already imported', 'known'],
  ['AlreadyKnown', 'known'],
  ['Known transaction', 'known'],
  ['nonce too low: next nonce 5, tx nonce 4', 'nonceTooLow'],
  ['OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'nonceTooLow'],
  ['insufficient funds for gas * price + value: balance 0, tx cost 1', 'insufficientFunds'],
  ['Insufficient funds for gas * price + value', 'insufficientFunds'],
  ['Upfront cost exceeds account balance', 'insufficientFunds'],
  ['replacement transaction underpriced', 'underpriced'],
  ['max fee per gas less than block base fee', 'underpriced'],
  ['FeeTooLow, EffectivePriorityFeePerGas too low', 'underpriced'],
  ['invalid chain id for signer', 'invalid'],
  ['intrinsic gas too low', 'invalid'],
  ['fetch failed', 'unavailable'],
  ['Request limit exceeded', 'unavailable'],
] as const)('a node that says "%s" means %s', (message, kind) => {
  expect(classifySendError(message).kind).toBe(kind);
});

test('one endpoint that takes the bytes outweighs those that do not answer', () => {
  const results = [classifySendError('fetch failed'), classifySendError('already known')];
  expect(bestResult(results).kind).toBe('known');
  expect(bestResult([]).kind).toBe('unavailable');
});

test('a bid over an earlier one is 10 % higher on both fields, whatever the market says', () => {
  const { standard } = quoteFees(0n, 0n);
  expect(standard.maxPriorityFeePerGas).toBeGreaterThan(0n);
  for (const earlier of [{ maxFeePerGas: 19n, maxPriorityFeePerGas: 3n }, standard]) {
    const later = outbid(earlier, standard);
    expect(later.maxFeePerGas * 10n).toBeGreaterThanOrEqual(earlier.maxFeePerGas * 11n);
    expect(later.maxPriorityFeePerGas * 10n).toBeGreaterThanOrEqual(earlier.maxPriorityFeePerGas * 11n);
    expect(later.maxFeePerGas).toBeGreaterThanOrEqual(later.maxPriorityFeePerGas);
  }
});
