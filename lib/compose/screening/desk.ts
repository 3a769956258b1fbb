import { MOST_FINDINGS } from '@/lib/evidence/screening';
import type { Logger } from '@/lib/logger';
import type { Finding, Screening, ScreeningVendor } from '@/lib/policy/screening';
import { type ProviderAnswer, ScreeningError, type ScreeningProvider, type ScreeningQuery } from './provider';

/** What all sources of a vendor together have; a request waits for it. */
const BUDGET_MS = 6_000;
/** Transfers screened at the same time: more wait nowhere, they fail. */
const MOST_AT_ONCE = 64;

/** One source as operators see it. */
export type SourceHealth = {
  readonly name: string;
  readonly vendor: ScreeningVendor;
  readonly where: string;
  readonly asOf?: string;
  readonly lastAnswer?: string;
  readonly lastFailure?: { readonly at: string; readonly reason: string };
};

/** All sources this installation has, asked together. */
export type ScreeningDesk = {
  screen(vendor: ScreeningVendor, query: ScreeningQuery): Promise<Omit<Screening, 'at'>>;
  /** Tells the vendor's sources in which transaction a transfer went out. @returns false while one of them does not have it. */
  registerSent(vendor: ScreeningVendor, query: ScreeningQuery & { readonly txHash: string }): Promise<boolean>;
  health(): readonly SourceHealth[];
};

type Said = { readonly name: string; readonly answer: ProviderAnswer };

const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values(),
];

/** A finding counts whoever made it; that there is none counts only when every source that can say so has. */
const together = (vendor: ScreeningVendor, said: readonly Said[]): Omit<Screening, 'at'> => {
  const screened = said.flatMap(({ name, answer }) => (answer.outcome === 'screened' ? [{ name, answer }] : []));
  const findings = distinct(screened.flatMap(({ answer }) => answer.findings));
  const scores = screened.flatMap(({ answer }) => answer.score ?? []);
  const message = screened.map(({ answer }) => answer.message).find((item) => item !== undefined);
  const common = {
    vendor,
    sources: screened.map(({ name }) => name),
    findings: findings.slice(0, MOST_FINDINGS),
    ...(scores.length > 0 ? { score: Math.max(...scores) } : {}),
    ...(message ? { message } : {}),
  };
  const failure = said.find(({ answer }) => answer.outcome === 'failed');
  if (failure?.answer.outcome === 'failed')
    return { ...common, outcome: 'failed', reason: `${failure.name}: ${failure.answer.reason}`.slice(0, 200) };
  if (said.length === 0) return { ...common, outcome: 'failed', reason: 'no source is configured' };
  if (screened.length > 0) return { ...common, outcome: 'screened' };
  const outcome = said.some(({ answer }) => answer.outcome === 'unsupportedNetwork')
    ? 'unsupportedNetwork'
    : 'unsupportedAsset';
  return { ...common, outcome };
};

export const createDesk = (
  providers: readonly ScreeningProvider[],
  { log, budgetMs = BUDGET_MS }: { readonly log: Pick<Logger, 'warn'>; readonly budgetMs?: number },
): ScreeningDesk => {
  const noted = new Map<string, { lastAnswer?: string; lastFailure?: SourceHealth['lastFailure'] }>();
  let running = 0;

  const ask = async (provider: ScreeningProvider, query: ScreeningQuery): Promise<Said> => {
    const signal = AbortSignal.timeout(budgetMs);
    const late = new Promise<ProviderAnswer>((resolve) =>
      signal.addEventListener('abort', () => resolve({ outcome: 'failed', reason: 'no answer in time' }), {
        once: true,
      }),
    );
    const answer = await Promise.race([provider.screen(query, signal), late]).catch(
      (error: unknown): ProviderAnswer => ({
        outcome: 'failed',
        // Anything else may hold a part of the answer, or of the address that was asked.
        reason: error instanceof ScreeningError ? error.message : "answered what can't be read",
      }),
    );
    const at = new Date().toISOString();
    const known = noted.get(provider.name) ?? {};
    if (answer.outcome === 'failed') {
      noted.set(provider.name, { ...known, lastFailure: { at, reason: answer.reason } });
      log.warn({ source: provider.name, reason: answer.reason }, 'a source of screenings failed');
    } else noted.set(provider.name, { ...known, lastAnswer: at });
    return { name: provider.name, answer };
  };

  return {
    screen: async (vendor, query) => {
      if (running >= MOST_AT_ONCE)
        return { vendor, outcome: 'failed', reason: 'too many screenings at once', sources: [], findings: [] };
      running += 1;
      try {
        const asked = providers.filter((provider) => provider.vendor === vendor);
        return together(vendor, await Promise.all(asked.map((provider) => ask(provider, query))));
      } finally {
        running -= 1;
      }
    },
    registerSent: async (vendor, query) => {
      const told = providers
        .filter((provider) => provider.vendor === vendor)
        .map((provider) =>
          provider.registerSent?.(query, AbortSignal.timeout(budgetMs)).then(
            () => true,
            (error: unknown) => {
              const reason = error instanceof ScreeningError ? error.message : "answered what can't be read";
              log.warn({ source: provider.name, reason }, 'a source was not told of a transfer; trying again');
              return false;
            },
          ),
        );
      return (await Promise.all(told)).every((isTold) => isTold !== false);
    },
    health: () =>
      providers.map((provider) => {
        const asOf = provider.asOf?.();
        const { name, vendor, where } = provider;
        return { name, vendor, where, ...(asOf ? { asOf } : {}), ...noted.get(provider.name) };
      }),
  };
};
