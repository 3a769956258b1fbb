import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditFilter } from '@/lib/db/audit';
import { auditStream, type Rendered } from './audit-stream';
import { startPlatform, type TestPlatform } from './testing/platform';

const ORG = 'or-large';
const ENTRIES = Number(process.env.AUDIT_ENTRIES ?? 20_000);
const LINES: Rendered = { head: 'first\n', line: (view) => `${view.seq} ${view.summary}\n`, tail: 'last\n' };

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  const { pool } = platform.services.db;
  // Chained entries of everyday size, as the sequencer leaves them; what they say does not matter here.
  await pool.query(
    `INSERT INTO ledger_leaves (id, org_id, kind, content, body, seq, bytes, hash, root, tree)
     SELECT 'l' || n, $1, 'expiry', leaf, convert_to('{"approvalId":"ap-' || n || '"}', 'UTF8'), n, convert_to(leaf, 'UTF8'), md5(n::text), md5(n::text), sha256('')
     FROM (SELECT n, '{"at":' || (1700000000000 + n) || ',"bodyHash":"' || repeat('ab', 32) || '","effects":{"pad":"' || repeat('x', 1500) ||
       '"},"kind":"expiry","prev":"","seq":' || n || ',"v":1}' AS leaf FROM generate_series(0, $2::int - 1) AS n) AS made`,
    [ORG, ENTRIES],
  );
  await pool.query("INSERT INTO ledger_heads (org_id, seq, hash, root, frontier) VALUES ($1, $2, '', '', '')", [
    ORG,
    ENTRIES - 1,
  ]);
  await pool.query('ANALYZE ledger_leaves');
}, 300_000);
afterAll(() => platform.close());

/** The stream, and how many pages it has read from the database so far. */
const open = (filter: AuditFilter = {}, most?: number) => {
  const { reads, identity, ledger } = platform.services;
  let pages = 0;
  const counted = {
    ...reads,
    auditEntries: (...asked: Parameters<typeof reads.auditEntries>) => {
      pages += 1;
      return reads.auditEntries(...asked);
    },
  };
  const input = { orgId: ORG, filter, signal: new AbortController().signal, ...(most !== undefined && { most }) };
  const stream = auditStream(input, LINES, { reads: counted, identity, ledger });
  return { stream, pages: () => pages };
};
const linesOf = async (filter: AuditFilter, most?: number): Promise<string[]> =>
  (await new Response(open(filter, most).stream).text()).trim().split('\n');

test('a client that does not read makes the server read no further', async () => {
  const { stream, pages } = open();
  const reader = stream.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(pages()).toBeLessThanOrEqual(2);
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pages()).toBeLessThanOrEqual(2);
});

test('a stream takes the same memory however long it is', async () => {
  const { stream } = open();
  const reader = stream.getReader();
  let [bytes, peak, chunks] = [0, 0, 0];
  const before = process.memoryUsage().rss;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    chunks += 1;
    if (chunks % 20 === 0) peak = Math.max(peak, process.memoryUsage().rss - before);
  }
  expect(chunks).toBeGreaterThan(ENTRIES / 250);
  expect(bytes).toBeGreaterThan(ENTRIES * 10);
  expect(peak).toBeLessThan(120 * 2 ** 20);
}, 300_000);

test('a range of places, of times and a greatest number of entries are kept, with what stands before and behind', async () => {
  expect(await linesOf({ fromSeq: 198, toSeq: 402 })).toEqual([
    'first',
    ...Array.from({ length: 205 }, (_, i) => `${198 + i} ap-${198 + i} expired`),
    'last',
  ]);
  expect(await linesOf({ from: 1_700_000_000_010, to: 1_700_000_000_012 })).toEqual([
    'first',
    '10 ap-10 expired',
    '11 ap-11 expired',
    'last',
  ]);
  expect(await linesOf({}, 200)).toHaveLength(202);
  expect(await linesOf({}, 201)).toHaveLength(203);
  expect(await linesOf({ fromSeq: ENTRIES })).toEqual(['first', 'last']);
});
