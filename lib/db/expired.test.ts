import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from './client';
import { deleteExpired, deleteIdleBuckets } from './expired';
import { pgSql, type Sql } from './sql';
import { createTestDatabase, type TestDatabase } from './testing/postgres';

let database: TestDatabase;
let db: Db;
let sql: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url });
  sql = pgSql(db.pool);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const challenge = (id: string, age: string) =>
  sql.query(
    `INSERT INTO challenges (id, purpose, org_id, challenge, expires_at) VALUES ($1, 'login', 'o', 'c', now() - $2::interval)`,
    [id, age],
  );
const session = (jti: string, age: string) =>
  sql.query(`INSERT INTO sessions (jti, org_id, user_id, expires_at) VALUES ($1, 'o', 'u', now() - $2::interval)`, [
    jti,
    age,
  ]);
const idsOf = async (table: string, key: string) =>
  (await sql.query<{ id: string }>(`SELECT ${key} AS id FROM ${table} ORDER BY 1`)).rows.map((row) => row.id);

test('what expired a while ago goes, what is good or expired just now stays', async () => {
  await challenge('long ago', '2 hours');
  await challenge('just now', '1 minute');
  await challenge('good', '-5 minutes');
  await session('old', '3 days');
  await session('fresh', '1 hour');
  expect(await deleteExpired(sql)).toBe(2);
  expect(await idsOf('challenges', 'id')).toEqual(['good', 'just now']);
  expect(await idsOf('sessions', 'jti')).toEqual(['fresh']);
  expect(await deleteExpired(sql)).toBe(0);
});
test('a mass of expired challenges goes in batches, by the index', async () => {
  await sql.query(
    `INSERT INTO challenges (id, purpose, org_id, challenge, expires_at)
     SELECT 'bulk ' || n, 'login', 'o', 'c', now() - interval '1 day' FROM generate_series(1, 2500) n`,
  );
  const rounds = [await deleteExpired(sql), await deleteExpired(sql), await deleteExpired(sql)];
  expect(rounds).toEqual([1000, 1000, 500]);
});
test('buckets nobody draws from are forgotten, a batch along the key at a time', async () => {
  await sql.query(
    `INSERT INTO rate_limits (key, points, expire) SELECT 'b' || lpad(n::text, 5, '0'), 1,
     extract(epoch FROM now() - CASE WHEN n % 2 = 0 THEN interval '2 hours' ELSE interval '1 minute' END) * 1000 FROM generate_series(1, 1500) n`,
  );
  const next = await deleteIdleBuckets(sql, null);
  expect(next).toBe('b01000');
  expect(await deleteIdleBuckets(sql, next)).toBeNull();
  expect(await idsOf('rate_limits', 'key')).toHaveLength(750);
});
