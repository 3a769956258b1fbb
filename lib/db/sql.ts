import type { Prisma } from '@/lib/generated/prisma/client';

/**
 * What a statement needs, whoever holds the transaction: a `pg` client or pool is one as it is, a Prisma transaction by `prismaSql`.
 * Parameters are `$1`, `$2` …
 */
export type Sql = {
  query<Row extends Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<{ rows: Row[] }>;
};

/** Speaks SQL inside a Prisma transaction. Columns come back as Prisma decodes them: bigint as `bigint`, `void` not at all. */
export const prismaSql = (tx: Prisma.TransactionClient): Sql => ({
  query: async <Row extends Record<string, unknown>>(text: string, params: readonly unknown[] = []) => ({
    rows: await tx.$queryRawUnsafe<Row[]>(text, ...params),
  }),
});

/** Speaks SQL on a `pg` client or pool. */
export const pgSql = (client: { query(text: string, params: unknown[]): Promise<{ rows: unknown[] }> }): Sql => ({
  query: async <Row extends Record<string, unknown>>(text: string, params: readonly unknown[] = []) => ({
    rows: (await client.query(text, [...params])).rows as Row[],
  }),
});
