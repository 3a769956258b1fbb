import { expect, test } from 'vitest';
import { countByDay } from './count-by-day';

const NOW = new Date(2026, 10, 27, 9, 0).getTime();
const on = (day: number, hour: number, status: 'Confirmed' | 'Pending' | 'Failed') => ({
  status,
  dateRequested: new Date(2026, 10, day, hour).toISOString(),
});

test('requests count on the day they were made on, in the reader’s zone', () => {
  const days = countByDay(
    [on(27, 0, 'Confirmed'), on(26, 23, 'Pending'), on(26, 1, 'Failed'), on(13, 12, 'Failed')],
    14,
    NOW,
  );
  expect(days).toHaveLength(14);
  expect(days.at(-1)).toMatchObject({ done: 1, underWay: 0, ended: 0 });
  expect(days.at(-2)).toMatchObject({ done: 0, underWay: 1, ended: 1 });
  expect(days.reduce((sum, day) => sum + day.ended, 0)).toBe(1);
});
