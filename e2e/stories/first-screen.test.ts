import { beforeAll, expect, test } from 'vitest';
import { consoleSession } from '../support/console-session';
import type { Person } from '../support/person';
import { requestsThatWait } from '../support/waiting-requests';
import { newOrganisation, theSystem } from '../support/world';

const system = theSystem();
/** What a browser says of a page that somebody opens themself. */
const VISIT = { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none', 'accept-language': 'en' };

let approver: Person;
let recipients: readonly string[];
beforeAll(async () => {
  const waiting = await requestsThatWait(system, 2);
  approver = waiting.approver;
  recipients = waiting.payments.map(({ recipient }) => recipient.toLowerCase());
});

const open = (headers: Record<string, string>, path = '/console/approvals') =>
  fetch(new URL(path, system.baseUrl), { headers });
const pageFor = async (headers: Record<string, string>, path?: string) => (await open(headers, path)).text();
/** What stands in the page before any script has run: the rows of its table, without what the scripts are given. */
const rowsOf = (html: string): readonly string[] =>
  html.replace(/<script\b.*?<\/script>/gs, '').match(/<tr data-key="ap-.*?<\/tr>/gs) ?? [];
/** Whether anything of the organisation is in the page, for the eye or for its scripts. */
const knows = (html: string): boolean =>
  [approver.orgId, approver.userId, approver.username, ...recipients].some((word) =>
    html.toLowerCase().includes(word.toLowerCase()),
  );

test('the queue stands in the page as it comes from the server, for the person who is signed in', async () => {
  const answer = await open({ ...VISIT, cookie: await consoleSession(system.baseUrl, approver) });
  expect(answer.headers.get('cache-control')).toMatch(/\bno-store\b/);
  const rows = rowsOf(await answer.text());
  expect(rows).toHaveLength(recipients.length);
  for (const recipient of recipients)
    expect(rows.filter((row) => row.toLowerCase().includes(recipient.slice(-6)))).toHaveLength(1);
  for (const row of rows) {
    expect(row).toContain('Send');
    expect(row).toContain('Finance');
    expect(row).not.toContain('…</span></td>');
  }
});

test('a page without a session, or with one that was revoked, knows of nobody', async () => {
  const cookie = await consoleSession(system.baseUrl, approver);
  expect(knows(await pageFor({ ...VISIT, cookie }))).toBe(true);
  const out = await fetch(new URL('/auth/logout', system.baseUrl), {
    method: 'PUT',
    body: '{}',
    headers: {
      cookie,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      origin: new URL(system.baseUrl).origin,
    },
  });
  expect(out.ok).toBe(true);
  for (const path of ['/console/approvals', '/console', '/console/wallets', '/console/people'])
    for (const headers of [VISIT, { ...VISIT, cookie }]) {
      const html = await pageFor(headers, path);
      expect(knows(html)).toBe(false);
      expect(rowsOf(html)).toEqual([]);
    }
});

test('a page for somebody of another organisation holds theirs alone', async () => {
  const other = await newOrganisation(system);
  const html = await pageFor({ ...VISIT, cookie: await consoleSession(system.baseUrl, other) });
  expect(html).toContain(other.username);
  expect(html).toContain('Nothing waits for you');
  expect(knows(html)).toBe(false);
});

test('a request for the page that its reader did not make themself gets nothing of theirs', async () => {
  const cookie = await consoleSession(system.baseUrl, approver);
  for (const others of [{ 'sec-fetch-site': 'same-site' }, { 'sec-fetch-dest': 'iframe' }, { 'sec-fetch-dest': '' }])
    expect(knows(await pageFor({ ...VISIT, cookie, ...others }))).toBe(false);
});
