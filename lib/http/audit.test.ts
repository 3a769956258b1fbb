import { verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { fromBase64Url, sha256Hex, utf8ToBytes } from '@/lib/domain/hash';
import { entryHash } from '@/lib/ledger/entry';
import { chain, get, send, useKnownNodes } from './testing/checked';
import { anOrganisation, enrol, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;

/** A role whose name a spreadsheet would run. */
const FORMULA = '=HYPERLINK("http://evil.example","x"),y';

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  for (const name of [FORMULA, 'Readers', 'Payers'])
    await send(platform, admin, 'POST', '/permissions', { name, operations: ['Wallets:Read'] });
  await chain(platform);
});
afterAll(() => platform.close());

/** Somebody without any role, signed in. */
const invited = async (username: string): Promise<TestPerson> => {
  await send(platform, admin, 'POST', '/auth/users', { email: username, kind: 'CustomerEmployee' });
  const outbox = path.join(platform.dataDir, 'outbox');
  const mail = JSON.parse(fs.readFileSync(path.join(outbox, fs.readdirSync(outbox).sort().at(-1) ?? ''), 'utf8'));
  return enrol(platform, { orgId: admin.orgId, username, registrationCode: mail.code });
};

const hour = (offset: number) => new Date(Date.now() + offset * 3_600_000).toISOString();
const window = () => `startTime=${hour(-1)}&endTime=${hour(1)}`;

const textOf = async (target: string, headers: Record<string, string> = {}) => {
  const answer = await platform.app.request(`http://localhost:3000${target}`, {
    headers: { authorization: `Bearer ${admin.token}`, ...headers },
  });
  return { answer, text: await answer.text() };
};

test('the log is one JSON string of CSV, and plain CSV for whoever asks for it', async () => {
  const log = (await get(platform, admin, `/auth/action/logs?${window()}`)).body as string;
  const lines = log.split('\n');
  expect(lines[0]).toBe('Date Performed,Audit Log ID,User ID,Username,Primary Credential ID,Action Path,Summary');
  expect(lines.filter((line) => line.includes(',POST /permissions,'))).toHaveLength(3);
  expect(log).toContain(admin.username);
  const asked = [
    await textOf(`/auth/action/logs?${window()}&format=csv`),
    await textOf(`/auth/action/logs?${window()}`, { accept: 'text/csv' }),
  ];
  for (const { answer, text } of asked) {
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(text).toBe(log);
  }
});

test('the log is of at most seven days, of one user when asked, and for those who may read it', async () => {
  const tooLong = `startTime=${hour(-24 * 8)}&endTime=${hour(0)}`;
  expect((await platform.call('GET', `/auth/action/logs?${tooLong}`, { token: admin.token })).status).toBe(400);
  expect((await platform.call('GET', '/auth/action/logs', { token: admin.token })).status).toBe(400);
  expect((await platform.call('GET', `/auth/action/logs?${window()}`)).status).toBe(401);
  const nobodys = (await get(platform, admin, `/auth/action/logs?${window()}&userId=us-nobody`)).body as string;
  expect(nobodys.trim().split('\n')).toHaveLength(1);
  const own = (await get(platform, admin, `/auth/action/logs?${window()}&userId=${admin.userId}`)).body as string;
  expect(
    own
      .trim()
      .split('\n')
      .slice(1)
      .every((line) => line.includes(admin.userId)),
  ).toBe(true);
  const earlier = `startTime=${hour(-3)}&endTime=${hour(-2)}`;
  expect(((await get(platform, admin, `/auth/action/logs?${earlier}`)).body as string).trim().split('\n')).toHaveLength(
    1,
  );
});

test('a person without Auth:Logs:Read sees no log', async () => {
  const { token } = await invited('reader@example.com');
  for (const target of [
    `/auth/action/logs?${window()}`,
    '/auth/action/logs/uj-x',
    '/x/audit/entries',
    '/x/audit/entries/0',
  ])
    expect((await platform.call('GET', target, { token })).status).toBe(403);
});

test('one action carries what a third party needs to verify its signature', async () => {
  const { items } = (await get(platform, admin, '/x/audit/entries?topic=people&limit=1')).body;
  const log = (await get(platform, admin, `/auth/action/logs/${items[0].id}`)).body;
  expect(log).toMatchObject({
    id: items[0].id,
    action: items[0].action,
    userId: admin.userId,
    username: admin.username,
  });
  const { publicKey, kind, assertion, id } = log.firstFactorCredential;
  expect(id).toBe(items[0].credentialId);
  const clientData = JSON.parse(new TextDecoder().decode(fromBase64Url(assertion.clientData) ?? undefined));
  expect(clientData.challenge).toBe(log.actionToken);
  expect(assertion.authenticatorData).toBe(kind === 'Key' ? null : expect.any(String));
  const signed = Buffer.from(assertion.clientData, 'base64url');
  expect(verify('sha256', signed, publicKey, Buffer.from(assertion.signature, 'base64url'))).toBe(true);
  expect((await platform.call('GET', `/auth/action/logs/${log.id}`, { token: stranger.token })).status).toBe(404);
  const other = `${log.id.slice(0, -1)}${log.id.endsWith('0') ? '1' : '0'}`;
  expect((await platform.call('GET', `/auth/action/logs/${other}`, { token: admin.token })).status).toBe(404);
});

test('pages go from the newest entry to the genesis, each entry once', async () => {
  const seen: number[] = [];
  let token: string | undefined;
  do {
    const page: string = token ? `&paginationToken=${encodeURIComponent(token)}` : '';
    const { items, nextPageToken } = (await get(platform, admin, `/x/audit/entries?limit=2${page}`)).body;
    seen.push(...items.map((item: { seq: number }) => item.seq));
    token = nextPageToken;
  } while (token);
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => seen.length - 1 - i));
  expect(seen.length).toBeGreaterThan(3);
});

test('every line of the NDJSON stream holds the bytes its hash and the body hash are over', async () => {
  const { answer, text } = await textOf('/x/audit/entries?format=ndjson');
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
  expect(answer.headers.get('content-disposition')).toContain('audit.ndjson');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  let prev = '0'.repeat(64);
  for (const [place, line] of lines.entries()) {
    expect(line.seq).toBe(place);
    expect(entryHash(utf8ToBytes(line.entry))).toBe(line.hash);
    const entry = JSON.parse(line.entry);
    expect(entry.prev).toBe(prev);
    const body = fromBase64Url(line.body) ?? new Uint8Array();
    expect([entry.bodyHash, sha256Hex(new Uint8Array())]).toContain(sha256Hex(body));
    prev = line.hash;
  }
  const part = await textOf('/x/audit/entries?format=ndjson&from=1&to=2');
  expect(
    part.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2]);
  expect((await textOf(`/x/audit/entries?format=ndjson&from=${hour(1)}`)).text).toBe('');
});

test('no cell of the CSV is run by a spreadsheet', async () => {
  const { text } = await textOf('/x/audit/entries?format=csv');
  const line = text.split('\r\n').find((one) => one.includes('HYPERLINK')) ?? '';
  expect(line).toContain('"Created the role “=HYPERLINK(""http://evil.example"",""x""),y”"');
  expect(text.split('\r\n').some((one) => one.split(',').some((cell) => /^"?[=+@-]/.test(cell)))).toBe(false);
});

test('a range that is neither entry number nor time is refused', async () => {
  expect((await platform.call('GET', '/x/audit/entries?from=yesterday', { token: admin.token })).status).toBe(400);
  expect((await platform.call('GET', '/x/audit/entries/x', { token: admin.token })).status).toBe(404);
});
