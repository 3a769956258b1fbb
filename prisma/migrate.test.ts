import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { migrate } from '@/prisma/migrate';

let database: TestDatabase;
let dir: string;
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  dir = mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
  write('0001_first', 'CREATE TABLE first (n int);');
});
afterEach(async () => {
  await database.drop();
  rmSync(dir, { recursive: true });
});

const write = (name: string, sql: string): void => {
  mkdirSync(path.join(dir, name), { recursive: true });
  writeFileSync(path.join(dir, name, 'migration.sql'), sql);
};

test('each migration is applied once, also when two processes start together', async () => {
  const applied = await Promise.all([migrate(database.url, dir), migrate(database.url, dir)]);
  expect(applied.flat()).toEqual(['0001_first']);
  write('0002_second', 'ALTER TABLE first ADD COLUMN m int;');
  expect(await migrate(database.url, dir)).toEqual(['0002_second']);
});

test('a migration edited after it was applied is refused', async () => {
  await migrate(database.url, dir);
  write('0001_first', 'CREATE TABLE first (n bigint);');
  await expect(migrate(database.url, dir)).rejects.toThrow('0001_first was edited');
});

test('a database that is ahead of this version is refused', async () => {
  await migrate(database.url, dir);
  rmSync(path.join(dir, '0001_first'), { recursive: true });
  await expect(migrate(database.url, dir)).rejects.toThrow('does not know');
});

test('a migration that fails leaves nothing behind', async () => {
  write('0002_broken', 'CREATE TABLE half (n int); SELECT 1/0;');
  await expect(migrate(database.url, dir)).rejects.toThrow('0002_broken could not be applied: division by zero');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(`SELECT to_regclass('half') AS half, to_regclass('first') AS first`);
  await client.end();
  expect(rows).toEqual([{ half: null, first: 'first' }]);
});
