import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '@/lib/generated/prisma/client';
import { gatheringSocket } from './gathering-socket';

/** The shared database of a process. Prisma and the raw pool use the same connections. */
export type Db = {
  prisma: PrismaClient;
  /** For the hottest paths and for statements Prisma has no words for. */
  pool: pg.Pool;
  url: string;
  close: () => Promise<void>;
};

export type DbOptions = {
  url: string;
  /** Connections of this process at most. */
  maxConnections?: number;
  /** Told of errors on idle connections, e.g. when the server restarts; the pool replaces them by itself. */
  onError?: (error: Error) => void;
};

/** Opens a pool; the first connection is made when it is first needed. */
export const createDb = (options: DbOptions): Db => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 16,
    connectionTimeoutMillis: 10_000,
    // Statements that do not wait for one another's answers go to the database together.
    pipeline: true,
    stream: gatheringSocket,
    application_name: process.env.npm_lifecycle_event ?? 'countersign',
  });
  const onError = options.onError ?? (() => {});
  pool.on('error', onError);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { onPoolError: onError, onConnectionError: onError }),
  });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, url: options.url, close };
};
