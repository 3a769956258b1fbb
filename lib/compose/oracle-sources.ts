import { z } from 'zod';
import type { OracleSources } from '@/lib/http/services';

const TIMEOUT_MS = 1_000;
/** Whoever asks for health does not decide how often the oracle is asked. */
const REMEMBERED_MS = 5_000;

const Answer = z.object({
  prices: z.array(z.object({ name: z.string(), state: z.string() })),
  screening: z.array(
    z.object({
      name: z.string(),
      asOf: z.string().optional(),
      lastAnswer: z.string().optional(),
      lastFailure: z
        .object({ at: z.string() })
        .transform(({ at }) => at)
        .optional(),
    }),
  ),
});

/** The oracle's sources as health shows them, asked at most every few seconds. */
export const oracleSources = (oracleUrl: string | undefined): (() => Promise<OracleSources | null>) => {
  let last: { readonly at: number; readonly sources: Promise<OracleSources | null> } | null = null;
  const ask = async (): Promise<OracleSources | null> => {
    if (!oracleUrl) return null;
    try {
      const response = await fetch(new URL('/health', oracleUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return Answer.parse(await response.json());
    } catch {
      return null;
    }
  };
  return () => {
    if (!last || performance.now() - last.at > REMEMBERED_MS) last = { at: performance.now(), sources: ask() };
    return last.sources;
  };
};
