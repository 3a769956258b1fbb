import { describe, expect, test } from 'vitest';
import type { PolicyActivity, WindowTotal } from '../policy';
import { anActivity, aTotal, someFacts } from '../testing/builders';
import { isCount, isTimeframe, limitOf, windowOf } from './numbers';
import { evaluateTransactionAmountLimit } from './transaction-amount-limit';
import { evaluateTransactionAmountVelocity } from './transaction-amount-velocity';
import { evaluateTransactionCountVelocity } from './transaction-count-velocity';
import { evaluateTransactionRecipientWhitelist } from './transaction-recipient-whitelist';

const count = (limit: unknown, timeframe: unknown = 60) => ({
  kind: 'TransactionCountVelocity',
  configuration: { limit, timeframe },
});
const sum = (limit: unknown, timeframe: unknown = 60, currency: unknown = 'USD') => ({
  kind: 'TransactionAmountVelocity',
  configuration: { limit, currency, timeframe },
});
/** A request worth 7500 US dollars after others. */
const afterRequests = (...totals: WindowTotal[]): PolicyActivity => anActivity({ inWindow: () => totals });
const NOT_UNDERSTOOD = (what: string) => ({
  triggered: true,
  reason: `The ${what} of this policy can't be understood.`,
});

test('a count is a whole number from nothing on', () => {
  expect([0, 1, 2 ** 53 - 1].map(isCount)).toEqual([true, true, true]);
  expect([-1, 0.5, 2 ** 53, Number.NaN, '1', null, undefined].some(isCount)).toBe(false);
});
test('a timeframe is from one minute to thirty days', () => {
  expect([1, 43_200].map(isTimeframe)).toEqual([true, true]);
  expect([0, 43_201, 1.5, '60', undefined].some(isTimeframe)).toBe(false);
});
test('a limit is told in plain notation', () => {
  expect(limitOf({ kind: 'x', configuration: { limit: 1e21 } })?.text).toBe('1000000000000000000000');
  expect([limitOf({ kind: 'x', configuration: { limit: '-1' } }), limitOf({ kind: 'x' })]).toEqual([null, null]);
});
test('a window is asked for once, however many rules read it, and each length has its own', () => {
  const asked: number[] = [];
  const activity = anActivity({
    inWindow: (minutes) => {
      asked.push(minutes);
      return [aTotal(minutes)];
    },
  });
  expect([60, 1440, 60, 1440].map((minutes) => windowOf(activity, minutes)?.count)).toEqual([60, 1440, 60, 1440]);
  expect(asked).toEqual([60, 1440]);
});
test('a window tells the largest of its wallets, and nothing of none', () => {
  const one = { digits: 1n, scale: 0 };
  const window = windowOf(afterRequests(aTotal(2, '7', 1), aTotal(5, '3'), aTotal(1, '9', 4)), 60);
  expect(window).toMatchObject({
    count: 5,
    unknown: 4,
    earlier: [
      { count: 2, usd: '7', unknown: 1 },
      { count: 5, usd: '3', unknown: 0 },
      { count: 1, usd: '9', unknown: 4 },
    ],
  });
  expect([window?.sumWith(one).text, window?.sumWith(one).text]).toEqual(['10', '10']);
  const empty = windowOf(afterRequests(), 60);
  expect([empty?.count, empty?.unknown, empty?.sumWith(one).text]).toEqual([0, 0, '1']);
  expect(windowOf(anActivity({ inWindow: undefined }), 60)).toBeUndefined();
});

describe('a number of requests', () => {
  test('is told with its limit, its window and what each wallet had', () => {
    const compared = (value: string) => ({
      what: 'count',
      value,
      limit: '2',
      minutes: 60,
      earlier: [{ count: Number(value), usd: '3', unknown: 1 }],
    });
    expect(evaluateTransactionCountVelocity(count(2), afterRequests(aTotal(1, '3', 1)))).toEqual({
      triggered: false,
      reason: 'Number of transactions (1) is not above limit (2).',
      compared: compared('1'),
    });
    expect(evaluateTransactionCountVelocity(count(2), afterRequests(aTotal(2, '3', 1)))).toEqual({
      triggered: true,
      reason: 'Number of transactions (2) is above limit (2).',
      compared: compared('2'),
    });
  });
  test('that is not known, or a rule that can’t be read, triggers and says so', () => {
    const unknown = { triggered: true, reason: "Number of transactions (unknown) can't be compared with limit (2)." };
    expect(evaluateTransactionCountVelocity(count(2), anActivity({ inWindow: undefined }))).toEqual(unknown);
    expect(evaluateTransactionCountVelocity(count(2), afterRequests(aTotal(Number.NaN)))).toEqual(unknown);
    expect(evaluateTransactionCountVelocity(count('2'), afterRequests())).toEqual(NOT_UNDERSTOOD('limit'));
    expect(evaluateTransactionCountVelocity(count(2, 0), afterRequests())).toEqual(NOT_UNDERSTOOD('timeframe'));
    expect(evaluateTransactionCountVelocity({ kind: 'x' }, afterRequests())).toEqual(NOT_UNDERSTOOD('limit'));
  });
});

describe('a sum', () => {
  test('is told with its limit, its window and what each wallet had', () => {
    const earlier = [{ count: 1, usd: '500', unknown: 0 }];
    expect(evaluateTransactionAmountVelocity(sum(8000), afterRequests(aTotal(1, '500')))).toEqual({
      triggered: false,
      reason: 'Cumulative transfer amount (USD 8000) is not above limit (USD 8000).',
      compared: { what: 'sumInUsd', value: '8000', limit: '8000', minutes: 60, earlier },
    });
    expect(evaluateTransactionAmountVelocity(sum('7999.9'), afterRequests(aTotal(1, '500')))).toEqual({
      triggered: true,
      reason: 'Cumulative transfer amount (USD 8000) is above limit (USD 7999.9).',
      compared: { what: 'sumInUsd', value: '8000', limit: '7999.9', minutes: 60, earlier },
    });
  });
  test('that is not known triggers and says why', () => {
    const unknown = (why: string) =>
      `Cumulative transfer amount (unknown: ${why}) can't be compared with limit (USD 9000).`;
    const compared = { what: 'sumInUsd', value: null, limit: '9000', minutes: 60 };
    expect(evaluateTransactionAmountVelocity(sum(9000), anActivity({ inWindow: undefined }))).toEqual({
      triggered: true,
      reason: unknown('earlier requests are not known'),
      compared,
    });
    const unpriced = anActivity({ facts: someFacts({ quote: null }), inWindow: () => [aTotal(0)] });
    expect(evaluateTransactionAmountVelocity(sum(9000), unpriced)).toEqual({
      triggered: true,
      reason: unknown('no fresh price'),
      compared: { ...compared, earlier: [{ count: 0, usd: '0', unknown: 0 }] },
    });
    expect(evaluateTransactionAmountVelocity(sum(9000), afterRequests(aTotal(2, '1', 1))).reason).toBe(
      unknown('1 earlier request has no known value'),
    );
    expect(evaluateTransactionAmountVelocity(sum(9000), afterRequests(aTotal(2, '1', 2))).reason).toBe(
      unknown('2 earlier requests have no known value'),
    );
  });
  test('of a rule that can’t be read triggers and says so', () => {
    expect(evaluateTransactionAmountVelocity(sum('much'), afterRequests())).toEqual(NOT_UNDERSTOOD('limit'));
    expect(evaluateTransactionAmountVelocity({ kind: 'x' }, afterRequests())).toEqual(NOT_UNDERSTOOD('limit'));
    expect(evaluateTransactionAmountVelocity(sum(1, '60'), afterRequests())).toEqual(NOT_UNDERSTOOD('timeframe'));
    expect(evaluateTransactionAmountVelocity(sum(1, 60, 'EUR'), afterRequests())).toEqual({
      triggered: true,
      reason: "Transfer amounts in EUR can't be evaluated.",
    });
  });
});

describe('an amount', () => {
  const limit = (value: unknown, currency: unknown = 'USD') => ({
    kind: 'TransactionAmountLimit',
    configuration: { limit: value, currency },
  });
  test('is told with its limit', () => {
    expect(evaluateTransactionAmountLimit(limit(7500), anActivity())).toEqual({
      triggered: false,
      reason: 'Transfer amount (USD 7500) is not above limit (USD 7500).',
      compared: { what: 'amountInUsd', value: '7500', limit: '7500' },
    });
    expect(evaluateTransactionAmountLimit(limit('7499.99'), anActivity())).toEqual({
      triggered: true,
      reason: 'Transfer amount (USD 7500) is above limit (USD 7499.99).',
      compared: { what: 'amountInUsd', value: '7500', limit: '7499.99' },
    });
  });
  test('that is not known, or a limit that can’t be read, triggers and says so', () => {
    expect(evaluateTransactionAmountLimit(limit(1), anActivity({ facts: undefined }))).toEqual({
      triggered: true,
      reason: "Transfer amount (unknown: what moves is not known) can't be compared with limit (USD 1).",
      compared: { what: 'amountInUsd', value: null, limit: '1' },
    });
    expect(evaluateTransactionAmountLimit(limit('many'), anActivity())).toEqual(NOT_UNDERSTOOD('limit'));
    expect(evaluateTransactionAmountLimit({ kind: 'x' }, anActivity())).toEqual(NOT_UNDERSTOOD('limit'));
    expect(evaluateTransactionAmountLimit(limit(1, null), anActivity())).toEqual({
      triggered: true,
      reason: "Transfer amounts in null can't be evaluated.",
    });
  });
});

describe('a recipient', () => {
  const EVM = '0x00000000000000000000000000000000000000Ab';
  const list = (addresses: unknown) => ({ kind: 'TransactionRecipientWhitelist', configuration: { addresses } });
  const to = (recipient: string | null) => anActivity({ facts: someFacts({ recipient }) });
  test('is told with the length of the list', () => {
    expect(evaluateTransactionRecipientWhitelist(list([EVM, 7]), to(EVM.toLowerCase()))).toEqual({
      triggered: false,
      reason: `Recipient (${EVM.toLowerCase()}) is on the list of known recipients.`,
      compared: { what: 'recipient', value: EVM.toLowerCase(), limit: '2 listed' },
    });
    expect(evaluateTransactionRecipientWhitelist(list([EVM.toLowerCase()]), to(EVM)).triggered).toBe(false);
    expect(evaluateTransactionRecipientWhitelist(list([]), to(EVM))).toEqual({
      triggered: true,
      reason: `Recipient (${EVM}) is not on the list of known recipients.`,
      compared: { what: 'recipient', value: EVM, limit: '0 listed' },
    });
  });
  test('of another kind of network is the same only letter by letter', () => {
    const near = [`${EVM}0`, `x${EVM}`, 'tb1QA', EVM.slice(0, -1)];
    for (const address of near) {
      expect(evaluateTransactionRecipientWhitelist(list([address]), to(address)).triggered).toBe(false);
      expect(evaluateTransactionRecipientWhitelist(list([address.toUpperCase()]), to(address)).triggered).toBe(true);
    }
  });
  test('that is unknown, or a list that can’t be read, triggers and says so', () => {
    expect(evaluateTransactionRecipientWhitelist(list([EVM]), to(null))).toEqual({
      triggered: true,
      reason: 'The recipient is unknown.',
      compared: { what: 'recipient', value: null, limit: '1 listed' },
    });
    expect(evaluateTransactionRecipientWhitelist(list([EVM]), anActivity({ facts: undefined })).reason).toBe(
      'The recipient is unknown.',
    );
    const unread = NOT_UNDERSTOOD('list of recipients');
    expect(evaluateTransactionRecipientWhitelist(list('all'), to(EVM))).toEqual(unread);
    expect(evaluateTransactionRecipientWhitelist({ kind: 'x' }, to(EVM))).toEqual(unread);
  });
});
