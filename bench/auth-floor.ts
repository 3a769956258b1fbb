import { randomBytes } from 'node:crypto';
import type { Db } from '@/lib/db/client';

/** As much of a connection as the floor needs. */
type Client = { readonly query: (text: string, values: unknown[]) => Promise<unknown> };

/** One statement as it went to PostgreSQL. */
export type Recorded = { readonly text: string; readonly values: readonly unknown[] };

/** What differs from round to round: ids, hashes and the names this benchmark makes. */
const ATOM =
  /[a-z]{2,4}-[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{14,16}|\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|bench-[0-9a-f]{12}/g;

/** Notes every statement of the process while the work runs. Nothing else may use the database meanwhile. */
export const recordStatements = async (pool: Db['pool'], work: () => Promise<void>): Promise<Recorded[]> => {
  const statements: Recorded[] = [];
  const client = await pool.connect();
  const shared: { query: (...args: unknown[]) => unknown } = Object.getPrototypeOf(client);
  client.release();
  const { query } = shared;
  shared.query = function record(this: unknown, ...args: unknown[]) {
    const [first, second] = args;
    const { text, values } =
      typeof first === 'string' ? { text: first, values: second } : (first as { text: string; values?: unknown });
    statements.push({ text, values: Array.isArray(values) ? [...values] : [] });
    return Reflect.apply(query, this, args);
  };
  try {
    await work();
  } finally {
    shared.query = query;
  }
  return statements;
};

const atomsOf = (statements: readonly Recorded[]): Set<string> =>
  new Set(
    statements.flatMap(({ values }) =>
      values.flatMap((value) => (typeof value === 'string' ? (value.match(ATOM) ?? []) : [])),
    ),
  );

/**
 * The same statements again with fresh ids in place of those that belonged to the one round only.
 * @param other Statements of another round, which tell what every round shares.
 */
export const replayer = (statements: readonly Recorded[], other: readonly Recorded[]) => {
  const shared = atomsOf(other);
  const own = new Set([...atomsOf(statements)].filter((atom) => !shared.has(atom)));
  const fresh = (atom: string): string => {
    const seed = randomBytes(32).toString('hex');
    return atom.replace(/[0-9a-z]+$/, (end) => seed.slice(0, end.length));
  };
  return async (client: Client): Promise<void> => {
    const names = new Map([...own].map((atom) => [atom, fresh(atom)]));
    const renamed = (value: unknown) =>
      typeof value === 'string' ? value.replace(ATOM, (atom) => names.get(atom) ?? atom) : value;
    for (const { text, values } of statements) await client.query(text, values.map(renamed));
  };
};
