import { expect, test } from 'vitest';
import { z } from 'zod';
import { displayName } from '@/lib/contract/fields';
import { daysValid } from '@/lib/contract/pats';
import { ClientError, fieldErrorsOf } from './client-error';
import { readNumber, readWords, typed } from './typed';

const messagesOf = (result: z.ZodSafeParseResult<unknown>) => result.error?.issues.map((issue) => issue.message);

test('what is typed is trimmed and then read by the contract', () => {
  expect(typed(displayName, 'Give it a name.').parse('  Treasury ')).toBe('Treasury');
  expect(typed(daysValid, 'From 1 to 730 days.', readNumber).parse('365')).toBe(365);
});

test('people read one sentence, whatever the contract finds wrong', () => {
  const name = typed(displayName, 'Give it a name.');
  for (const text of ['', '   ', 'x'.repeat(101), 'a\u0000b'])
    expect(messagesOf(name.safeParse(text))).toEqual(['Give it a name.']);
  for (const text of ['', '0', '731', '1.5', '-3', 'a year'])
    expect(messagesOf(typed(daysValid, 'From 1 to 730 days.', readNumber).safeParse(text))).toEqual([
      'From 1 to 730 days.',
    ]);
});

test('the sentence can name what is wrong', () => {
  const tags = typed(z.array(z.string().max(3)), (words) => `“${[...words].at(-1)}” is too long.`, readWords);
  expect(messagesOf(tags.safeParse('eu, eu us long'))).toEqual(['“long” is too long.']);
  expect(tags.parse('eu, eu us')).toEqual(['eu', 'us']);
});

test('the server’s errors are said of the form’s fields', () => {
  const details = { errors: [{ path: 'tags.0', message: 'may hold letters' }, 'nonsense'] };
  expect(fieldErrorsOf(new ClientError(400, 'tags.0: may hold letters', { details }))).toEqual([
    { field: 'tags', message: 'The server says: may hold letters.' },
  ]);
  expect(fieldErrorsOf(new ClientError(409, 'Taken.'))).toEqual([]);
  expect(fieldErrorsOf(new Error('offline'))).toEqual([]);
});
