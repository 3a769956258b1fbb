import type { Prisma } from '@/lib/generated/prisma/client';

/** A statement of a hot path: each connection plans it once, under its name, and not at every use. */
export type Prepared = { readonly name: string; readonly text: string };

/**
 * What a statement needs, whoever holds the transaction: a `pg` client or pool is one as it is, a Prisma transaction by `prismaSql`.
 * Parameters are `$1`, `$2` …
 */
export type Sql = {
  query<Row extends Record<string, unknown>>(
    statement: string | Prepared,
    params?: readonly unknown[],
  ): Promise<{ rows: Row[] }>;
};

/** Speaks SQL inside a Prisma transaction. Columns come back as Prisma decodes them: bigint as `bigint`, `void` not at all. */
export const prismaSql = (tx: Prisma.TransactionClient): Sql => ({
  query: async <Row extends Record<string, unknown>>(
    statement: string | Prepared,
    params: readonly unknown[] = [],
  ) => ({
    rows: await tx.$queryRawUnsafe<Row[]>(typeof statement === 'string' ? statement : statement.text, ...params),
  }),
});

type Query = { readonly name?: string; readonly text: string; readonly values: unknown[] };

/** Speaks SQL on a `pg` client or pool. */
export const pgSql = (client: { query(query: Query): Promise<{ rows: unknown[] }> }): Sql => ({
  query: async <Row extends Record<string, unknown>>(statement: string | Prepared, params: readonly unknown[] = []) => {
    const named = typeof statement === 'string' ? { text: statement } : statement;
    return { rows: (await client.query({ ...named, values: [...params] })).rows as Row[] };
  },
});
