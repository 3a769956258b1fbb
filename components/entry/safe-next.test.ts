import { expect, test } from 'vitest';
import { safeNext } from './safe-next';

test('who is signed out in the middle of a filtered list comes back to that list', () => {
  for (const next of [
    '/console',
    '/console/approvals/ap-1?view=waiting&q=12%2C000+USDC&sort=-at',
    `/console/wallets?${new URLSearchParams({ q: 'Société “A” (1.5 ETH)', sort: '-name' })}`,
  ])
    expect(safeNext(next)).toBe(next);
});

test('a link to the sign-in leads nowhere but into the console', () => {
  for (const next of [
    null,
    '',
    'https://evil.example/console',
    '//evil.example/console',
    '/console.evil.example',
    '/console\\@evil.example',
    '/console/../auth/logout',
    '/consoleevil',
    '/console?x=1\n//evil.example',
    '/console#//evil.example',
    'javascript:alert(1)//console',
  ])
    expect(safeNext(next), String(next)).toBe('/console');
});
