import fs from 'node:fs/promises';
import { z } from 'zod';
import { compareDecimals, type Decimal, multiplyDecimals, parseDecimal } from '@/lib/domain/decimal';
import type { Environment } from '@/lib/env';

/** Prices by network and asset, US dollars per whole unit; `at` is when the source made them, where it says so. */
const Prices = z.record(z.string(), z.record(z.string(), z.string().regex(/^\d+(\.\d+)?$/)));
type Prices = z.infer<typeof Prices>;

/** Asks every source for one asset's price. Null: one of them can't be read or is stale, or they differ, or none knows the asset. */
export type PriceSources = {
  usd(network: string, asset: string): Promise<string | null>;
  health(): readonly { readonly name: string; readonly state: 'ok' | 'unreadable' | 'stale' | 'not asked yet' }[];
};

const TIMEOUT_MS = 2_000;
/** Prices of sources that differ by more than this part of a hundred are of different assets, or one is wrong. */
const MOST_DIFFERENCE: Decimal = { digits: 102n, scale: 2 };

type Source = { readonly name: string; readonly read: () => Promise<unknown> };

const fromUrl = (url: string): Source => ({
  name: new URL(url).host,
  read: async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response.json();
  },
});

/** Prices of tokens may be written with any capitalisation of their address. */
const find = (prices: Prices, network: string, asset: string): string | undefined =>
  Object.entries(prices[network] ?? {}).find(([name]) => name.toLowerCase() === asset)?.[1];

/** The highest of prices that agree: what rules about values hold against a request. */
const agreed = (found: readonly string[]): string | null => {
  const sorted = found
    .flatMap((usd) => {
      const value = parseDecimal(usd);
      return value ? [{ usd, value }] : [];
    })
    .toSorted((a, b) => compareDecimals(a.value, b.value));
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (!lowest || !highest || sorted.length < found.length) return null;
  return compareDecimals(highest.value, multiplyDecimals(lowest.value, MOST_DIFFERENCE)) > 0 ? null : highest.usd;
};

/** The sources are read anew for every question: a file that changed counts at once. */
export const createPriceSources = (
  env: Pick<Environment, 'pricesFile' | 'pricesUrls' | 'pricesMaxAgeMs'>,
  now: () => number = Date.now,
): PriceSources => {
  const file = env.pricesFile;
  const sources: readonly Source[] = [
    ...(file ? [{ name: 'PRICES_FILE', read: async () => JSON.parse(await fs.readFile(file, 'utf8')) }] : []),
    ...env.pricesUrls.map(fromUrl),
  ];
  const states = new Map<string, 'ok' | 'unreadable' | 'stale'>();
  const read = async ({ name, read: readSource }: Source): Promise<Prices | null> => {
    try {
      const { at, ...prices } = z
        .looseObject({ at: z.iso.datetime({ offset: true }).optional() })
        .parse(await readSource());
      const parsed = Prices.parse(prices);
      const isStale = at !== undefined && now() - Date.parse(at) > env.pricesMaxAgeMs;
      states.set(name, isStale ? 'stale' : 'ok');
      return isStale ? null : parsed;
    } catch {
      states.set(name, 'unreadable');
      return null;
    }
  };
  return {
    usd: async (network, asset) => {
      const all = await Promise.all(sources.map(read));
      // Nobody can tell whether a source that is away would agree.
      if (all.some((prices) => prices === null)) return null;
      return agreed(all.flatMap((prices) => (prices ? (find(prices, network, asset) ?? []) : [])));
    },
    health: () => sources.map(({ name }) => ({ name, state: states.get(name) ?? 'not asked yet' })),
  };
};
