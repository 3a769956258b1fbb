import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from './client';
import { createRequestLog, type LoggedRequest, listRequestLog } from './request-log';
import { pgSql } from './sql';
import { createTestDatabase } from './testing/postgres';

let db: Db;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  db = createDb({ url: database.url });
  drop = database.drop;
});
afterAll(async () => {
  await db.close();
  await drop();
});

const aRequest = (orgId: string, number: number, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  orgId,
  requestId: `r-${number}`,
  at: Date.now(),
  method: 'GET',
  path: '/wallets',
  status: 200,
  ms: 3,
  userId: 'us-1',
  tokenId: 'to-1',
  ...more,
});

test('requests are kept in order, by organisation, and no longer than a week', async () => {
  const sql = pgSql(db.pool);
  const log = createRequestLog(sql, (error) => {
    throw error;
  });
  log.note(aRequest('or-1', 0, { at: Date.now() - 8 * 86_400_000 }));
  log.note(aRequest('or-2', 0, { at: Date.now() - 8 * 86_400_000 }));
  for (let number = 1; number <= 250; number += 1)
    log.note(aRequest('or-1', number, { status: number === 7 ? 403 : 200 }));
  await log.close();
  const page = await listRequestLog(sql, 'or-1', {}, { limit: 500 });
  expect(page).toHaveLength(250);
  expect(page[0]).toMatchObject({ requestId: 'r-250' });
  const [last] = page.slice(9);
  const next = await listRequestLog(sql, 'or-1', {}, { limit: 1, before: last?.ordinal ?? '' });
  expect(next).toMatchObject([{ requestId: 'r-240' }]);
  expect(await listRequestLog(sql, 'or-1', { failed: true }, { limit: 5 })).toMatchObject([{ requestId: 'r-7' }]);
  expect(await listRequestLog(sql, 'or-2', {}, { limit: 5 })).toEqual([]);
});
