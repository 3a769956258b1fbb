import { z } from 'zod';

const limit = (standard: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be an integer from 1 to ${max}`)
    .transform(Number)
    .pipe(z.number().int().min(1).max(max))
    .default(standard);

const paginationToken = z.string().min(1).max(1024).optional();

const page = (standard: number, max: number) => z.object({ limit: limit(standard, max), paginationToken });

/** Wallets, keys, transfers, transactions, signatures, permissions, assignments: 50, at most 500. Contract §1.8. */
export const pageQuery = page(50, 500);

/** Policies and approvals: 20, at most 500. */
export const policyPageQuery = page(20, 500);

/** Users, webhooks and their events: 50, at most 200. */
export const smallPageQuery = page(50, 200);

/** A query boolean: the SDK only ever transmits `true` (contract §1.4). */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** Answer of a paginated list; the token is absent on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextPageToken: z.string().optional() });

/** Answer of a list that is not paginated. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
