import { EventEmitter } from 'node:events';
import pg from 'pg';
import { expect, test } from 'vitest';
import { inSqlTransaction } from './transaction';

/** A pool of one connection that fails where it is told to, and what was sent over it. */
const poolThatFails = (failing: string) => {
  const sent: string[] = [];
  const client = Object.assign(new EventEmitter(), {
    query: async (query: string | { readonly text: string }) => {
      const text = typeof query === 'string' ? query : query.text;
      sent.push(text);
      await Promise.resolve();
      if (text.startsWith(failing)) throw new Error(`${text} failed`);
      return { rows: [] };
    },
    release: () => {},
  });
  const pool = Object.assign(new pg.Pool(), { connect: async () => client });
  return { pool, sent };
};

test('work whose transaction could not be begun writes nothing', async () => {
  const { pool, sent } = poolThatFails('BEGIN');
  const work = inSqlTransaction(pool, async (sql) => {
    await sql.query('SELECT 1');
    await sql.query('INSERT');
  });
  await expect(work).rejects.toThrow('BEGIN ISOLATION LEVEL READ COMMITTED failed');
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toEqual(['BEGIN ISOLATION LEVEL READ COMMITTED', 'SELECT 1', 'ROLLBACK']);
});

test('work that fails is rolled back, and nothing is committed', async () => {
  const { pool, sent } = poolThatFails('INSERT');
  await expect(inSqlTransaction(pool, (sql) => sql.query('INSERT'))).rejects.toThrow('INSERT failed');
  expect(sent.at(-1)).toBe('ROLLBACK');
});
