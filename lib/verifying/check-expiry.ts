import type { Difference } from './difference';

/**
 * How far the server's clock may be ahead of this machine's. Signers hold what was signed to the time that the server enters it at, so that
 * an end of its own choosing would let a server withhold a signature and enter it a month later. Held to this machine's clock, a signature
 * is worth nothing once its life and this have passed.
 */
export const SERVER_AHEAD_MS = 120_000;

const instant = (at: unknown): string => {
  const date = new Date(typeof at === 'number' ? at : Number.NaN);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
};

/**
 * Whether what is to be signed ends as soon as it must, and is not over yet.
 * @param expiresAt As the server says; anything may stand there.
 * @param now This machine's clock, unix milliseconds.
 * @param lifeMs The longest life of such a signature to its entry.
 */
export const expiryDifference = (expiresAt: unknown, now: number, lifeMs: number): Difference | null => {
  const latest = now + lifeMs + SERVER_AHEAD_MS;
  if (typeof expiresAt === 'number' && expiresAt >= now && expiresAt <= latest) return null;
  const shown = `between ${instant(now)} and ${instant(latest)} by the clock of this machine`;
  return { what: 'expiry', shown, asked: instant(expiresAt) };
};
