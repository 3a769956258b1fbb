import type { Hono } from 'hono';
import { readEnvironment } from '@/lib/env';
import { type Connection, createApi } from '@/lib/http/app';
import { createLogger } from '@/lib/logger';
import { REGISTRY } from './registry';
import { composeWeb, type Web } from './web';

/** The one web composition of a process, and the API over it. */
export type WebProcess = Web & {
  readonly api: Hono;
  /** Names the sources the process runs from (next-build.ts); absent where Next runs without our server. */
  readonly build?: string;
};

/**
 * Next bundles its own copy of every module, so that a module variable would exist twice in one process; a registered symbol does not.
 */
const HOLDER = Symbol.for('countersign.web');
type Holder = { [HOLDER]?: WebProcess };

/** Keeps the composition for the Next routes of this process. */
export const holdWebProcess = (web: Web, build?: string): WebProcess => {
  const held = { ...web, api: createApi(web.services, REGISTRY, connectionOf), ...(build && { build }) };
  (globalThis as Holder)[HOLDER] = held;
  return held;
};

/** The composition of this process; made now where Next runs without our server. */
export const webProcess = (): WebProcess => {
  const held = (globalThis as Holder)[HOLDER];
  if (held) return held;
  const env = readEnvironment();
  return holdWebProcess(
    composeWeb({ env, log: createLogger({ name: 'server', level: env.logLevel, production: env.production }) }),
  );
};

/** Our Node server hands the request along; in a Next route nothing is known of the connection. */
const connectionOf = (bindings: unknown): Connection => {
  const { incoming } = (bindings ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return { remoteAddress: incoming?.socket?.remoteAddress };
};
