import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';

const ROOT = path.resolve(import.meta.dirname, '..');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const prisma = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [path.join(ROOT, 'node_modules/prisma/build/index.js'), ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      PRISMA_SCHEMA_ENGINE_BINARY: path.join(ROOT, 'prisma/schema-engine.mjs'),
      CHECKPOINT_DISABLE: '1',
    },
  });

test('the migrations make exactly the schema that the client is generated from', async () => {
  // With differences the command fails, and what it printed is the list of them.
  const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'];
  const { stdout } = await prisma(...args).catch((error: { stdout: string }) => error);
  expect(stdout.trim()).toBe('No difference detected.');
});

test("Prisma's own command agrees that every migration is applied", async () => {
  const { stdout } = await prisma('migrate', 'status');
  expect(stdout).toContain('Database schema is up to date');
});
