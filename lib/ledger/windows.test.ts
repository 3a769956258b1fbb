import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDecimals, formatDecimal, parseDecimal, ZERO } from '@/lib/domain/decimal';
import type { WindowRecord } from './records';
import { applyChanges, emptyState, put } from './state';
import { createWindowBook } from './window-book';
import { emptyLog, loadIntoLog, writeToLog } from './window-log';
import { BUCKET_MINUTES, bucketsBehind, MINUTE_MS, timeOf } from './window-total';
import { totalInWindow } from './windows';

type Query = Parameters<typeof totalInWindow>[2];

/** The rule by its words: every record is looked at. */
const byHistory = (records: readonly WindowRecord[], query: Query): string => {
  const own = records.findIndex((record) => record.activityId === query.before);
  const counted = (own === -1 ? records : records.slice(0, own)).filter(
    (record) =>
      record.counts &&
      timeOf(record) > query.at - query.timeframeMinutes * MINUTE_MS &&
      (record.pendingUntil === undefined || query.countedNow <= record.pendingUntil),
  );
  const usd = counted.map((record) => parseDecimal(record.usd) ?? ZERO).reduce(addDecimals, ZERO);
  return `${counted.length} ${formatDecimal(usd)} ${counted.filter((record) => record.usd === undefined).length}`;
};

const time = fc.integer({ min: 0, max: 60 * 24 * 40 * MINUTE_MS });
const aRecord = fc.record(
  {
    index: fc.nat(12),
    at: time,
    settledAt: time,
    counts: fc.boolean(),
    usd: fc.constantFrom('1', '0.5', '1000000000000000000000', '0.000000000000000001'),
    pendingUntil: time,
  },
  { requiredKeys: ['index', 'at', 'counts'] },
);

test('a window by sums and edges is the window by history, whatever was written, freed, settled or asked', () => {
  fc.assert(
    fc.property(
      fc.array(aRecord, { maxLength: 40 }),
      fc.record({ at: time, countedNow: time, timeframeMinutes: fc.integer({ min: 1, max: 43_200 }), own: fc.nat(14) }),
      (writes, { own, ...rest }) => {
        const state = emptyState();
        const history = new Map<string, WindowRecord>();
        for (const { index, ...write } of writes) {
          const record = { id: `xfr-${index}`, activityId: `xfr-${index}`, walletId: 'wa-1', ...write };
          applyChanges(state, [put('window', record)]);
          history.set(record.id, record);
        }
        const query = { ...rest, before: `xfr-${own}` };
        const { count, usd, unknown } = totalInWindow(state, 'wa-1', query);
        expect(`${count} ${formatDecimal(usd)} ${unknown}`).toBe(byHistory([...history.values()], query));
      },
    ),
    { numRuns: 2000, seed: 13 },
  );
});

test('a window loaded for its edge alone stays right while requests are written to it', () => {
  fc.assert(
    fc.property(
      fc.array(aRecord, { maxLength: 20 }),
      fc.array(aRecord, { maxLength: 20 }),
      fc.record({ at: time, countedNow: time, timeframeMinutes: fc.integer({ min: 1, max: 43_200 }) }),
      (before, writes, query) => {
        const recordOf = ({ index, ...write }: (typeof writes)[number]): WindowRecord => ({
          id: `xfr-${index}`,
          activityId: `xfr-${index}`,
          walletId: 'wa-1',
          ...write,
        });
        const edge = query.at - query.timeframeMinutes * MINUTE_MS;
        const history = new Map(before.map(recordOf).map((record) => [record.id, record]));
        const whole = emptyLog();
        const loaded = emptyLog(new Set([edge]));
        for (const record of history.values()) {
          writeToLog(whole, record);
          loadIntoLog(loaded, record);
        }
        for (const width of BUCKET_MINUTES) {
          const behind = bucketsBehind(edge, width);
          for (const [bucket, sum] of whole.totals[width])
            if (bucket > behind.after && bucket < (behind.before ?? Number.POSITIVE_INFINITY))
              loaded.totals[width].set(bucket, sum);
        }
        const state = { ...emptyState(), windows: createWindowBook(new Map([['wa-1', loaded]])) };
        for (const record of writes.map(recordOf)) {
          applyChanges(state, [put('window', record)]);
          history.set(record.id, record);
        }
        const { count, usd, unknown } = totalInWindow(state, 'wa-1', query);
        expect(`${count} ${formatDecimal(usd)} ${unknown}`).toBe(byHistory([...history.values()], query));
      },
    ),
    { numRuns: 1000, seed: 14 },
  );
});

test('the edge of a window is exact to the millisecond', () => {
  const state = emptyState();
  applyChanges(state, [put('window', { id: 'a', activityId: 'a', walletId: 'w', at: 5000, counts: true, usd: '7' })]);
  const countAt = (at: number) => totalInWindow(state, 'w', { at, countedNow: at, timeframeMinutes: 60 }).count;
  expect(countAt(5000 + 60 * MINUTE_MS - 1)).toBe(1);
  expect(countAt(5000 + 60 * MINUTE_MS)).toBe(0);
});

test('a window of which nothing was loaded is an error, never empty', () => {
  const state = { ...emptyState(), windows: createWindowBook(new Map([['w', emptyLog(new Set([0]))]])) };
  const ask = (at: number) => totalInWindow(state, 'w', { at, countedNow: at, timeframeMinutes: 1 });
  expect(ask(MINUTE_MS).count).toBe(0);
  expect(() => ask(MINUTE_MS + 1)).toThrow(RangeError);
});
