import type { SessionRow } from './ports';

/** How long sessions live, milliseconds. */
export type SessionLimits = {
  /** From signing in, however much the session is used. */
  readonly sessionLifeMs: number;
  /** From its last use; 0 is no limit. */
  readonly sessionIdleMs: number;
};

/** Uses are noted at most this often: reading must not cost a write each time. */
export const NOTED_EVERY_MS = 60_000;

/** Whether a session still opens doors: not revoked, and within both limits. @param now Unix milliseconds. */
export const isSessionLive = (
  session: Pick<SessionRow, 'revokedAt' | 'issuedAt' | 'lastSeenAt' | 'expiresAt'>,
  limits: SessionLimits,
  now: number,
): boolean =>
  session.revokedAt === null &&
  session.expiresAt.getTime() > now &&
  // A limit that the operator lowered holds for sessions that are open already.
  session.issuedAt.getTime() + limits.sessionLifeMs > now &&
  (limits.sessionIdleMs === 0 || session.lastSeenAt.getTime() + limits.sessionIdleMs > now);
