import { expect, test } from 'vitest';
import { getOperation } from '@/lib/contract/table';
import { keyOf, urlOf } from './asked';
import { askedByFrame, askedByQueue } from './first-asked';
import { takeAnswers } from './given';
import { newQueryClient } from './query-client';

const ASKED = [...askedByFrame('us-1'), ...askedByQueue()];

test.each(ASKED.map((asked) => [urlOf(asked), asked] as const))(
  'a page asks for %s as the contract has it, and only where its reader may',
  (url, asked) => {
    const { method, permission, query } = getOperation(asked.operation);
    expect(method).toBe('GET');
    expect(asked.needs).toEqual(permission);
    expect(query?.safeParse(Object.fromEntries(new URL(url, 'http://a').searchParams)).success ?? true).toBe(true);
  },
);

test('no two first answers are kept under one name', () => {
  const names = ASKED.map((asked) => JSON.stringify(keyOf(asked)));
  expect(new Set(names).size).toBe(names.length);
});

test('an answer that came with a page is kept once: not again when the router brings it back, and never over a newer one', () => {
  const cache = newQueryClient();
  const body = { items: [{ id: 'wa-1' }] };
  const answers = [
    { key: ['wallets', { limit: 100 }], body, isPaged: true as const },
    { key: ['organisation'], body: 'old' },
  ];
  cache.setQueryData(['organisation'], 'new');
  takeAnswers(answers, cache);
  expect(cache.getQueryData(['wallets', { limit: 100 }])).toEqual({ pages: [body], pageParams: [undefined] });
  expect(cache.getQueryData(['organisation'])).toBe('new');
  cache.clear();
  takeAnswers(answers, cache);
  expect(cache.getQueryData(['wallets', { limit: 100 }])).toBeUndefined();
  const another = newQueryClient();
  takeAnswers(answers, another);
  expect(another.getQueryData(['organisation'])).toBe('old');
});
