import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { theSystem } from '../support/world';

const { baseUrl } = theSystem();
const APP = path.resolve(import.meta.dirname, '../../app');

/** Every page of the console as a path; what stands for an id is one. */
const pages = fs
  .readdirSync(path.join(APP, 'console'), { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'page.tsx')
  .map((file) => {
    const parts = path.dirname(file).split(path.sep);
    const named = parts.filter((part) => part !== '.' && !/^[(@]/.test(part));
    return ['/console', ...named.map((part) => (part.startsWith('[') ? 'some-id' : part))].join('/');
  });

const get = (pathname: string, headers: Record<string, string> = {}) =>
  fetch(new URL(pathname, baseUrl), { redirect: 'manual', headers });

const nonceOf = (policy: string): string | undefined => /script-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1];

test('there are pages to look at', () => {
  expect(pages.length).toBeGreaterThan(15);
  expect(pages).toContain('/console/sign-in');
});

describe.each(pages)('%s', (page) => {
  test('keeps scripts of others, frames and openers away', async () => {
    const { headers } = await get(page);
    const policy = headers.get('content-security-policy') ?? '';
    expect(nonceOf(policy)).toMatch(/^[\w+/=-]{20,}$/);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-/);
    for (const part of ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"])
      expect(policy).toContain(part);
    // Nothing of another origin is let in, for whatever kind of thing.
    expect(policy).not.toMatch(/https?:|\*|data:(?<!img-src 'self' data:)/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });
  test('has another nonce each time, on every script of its own, and asks nothing of another origin', async () => {
    const [first, second] = [await get(page), await get(page)];
    const nonce = nonceOf(first.headers.get('content-security-policy') ?? '') ?? '';
    expect(nonce).not.toBe(nonceOf(second.headers.get('content-security-policy') ?? ''));
    const html = await first.text();
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
    const linked = [...html.matchAll(/<(?:script|link|img|iframe|form)\b[^>]*\b(?:src|href|action)="([^"]+)"/g)];
    expect(linked.map(([, target = '']) => new URL(target, baseUrl).origin)).toEqual(
      linked.map(() => new URL(baseUrl).origin),
    );
  });
  test('is the same to a request that says another part has let it through', async () => {
    const { headers } = await get(page, { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
