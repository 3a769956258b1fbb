import type { SessionRow } from './ports';

/** How long sessions live, milliseconds. */
export type SessionLimits = {
  /** From signing in, however much the session is used. */
  readonly sessionLifeMs: number;
  /** From its last use; 0 is no limit. */
  readonly sessionIdleMs: number;
};

/** The limits that hold in an organisation: the operator's, shortened by its own. */
export const limitsIn = (
  { sessionLifeMs, sessionIdleMs }: SessionLimits,
  own: { readonly lifeMinutes: number | null; readonly idleMinutes: number | null } | undefined,
): SessionLimits => {
  const shorter = (limitMs: number, minutes: number | null | undefined): number => {
    const ownMs = (minutes ?? 0) * 60_000;
    return ownMs === 0 ? limitMs : limitMs === 0 ? ownMs : Math.min(limitMs, ownMs);
  };
  return {
    sessionLifeMs: shorter(sessionLifeMs, own?.lifeMinutes),
    sessionIdleMs: shorter(sessionIdleMs, own?.idleMinutes),
  };
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
