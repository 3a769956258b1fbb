import fs from 'node:fs';
import { z } from 'zod';
import type { Environment } from '@/lib/env';
import type { ConfiguredTokens } from './assets';

const Prices = z.record(z.string(), z.unknown());
const Assets = z.record(z.string(), z.unknown());

/** The tokens named in PRICES_FILE, read anew each time: the file is the operator's list. */
export const configuredTokens =
  (env: Pick<Environment, 'pricesFile'>): ConfiguredTokens =>
  (network) => {
    if (!env.pricesFile) return [];
    try {
      const prices = Prices.parse(JSON.parse(fs.readFileSync(env.pricesFile, 'utf8')));
      return Object.keys(Assets.parse(prices[network] ?? {}))
        .map((asset) => asset.toLowerCase())
        .filter((asset) => /^0x[0-9a-f]{40}$/.test(asset));
    } catch {
      return [];
    }
  };
