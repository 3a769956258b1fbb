import { z } from 'zod';
import { askJson, baseOf } from './ask-json';
import { failed, type ScreeningProvider } from './provider';

/** Chainalysis' public sanctions API. */
export const SANCTIONS_URL = 'https://public.chainalysis.com';

const Identified = z.object({ identifications: z.array(z.object({ category: z.string().nullish() })) });

/** Asks whether the counterparty's address is on a sanctions list. Sends the address and nothing else. */
export const sanctionsApi = (options: { readonly url: string; readonly secretKey: string }): ScreeningProvider => {
  const base = baseOf(options.url);
  return {
    name: 'Chainalysis sanctions API',
    vendor: 'Chainalysis',
    where: new URL(base).host,
    screen: async ({ counterparty }, signal) => {
      const url = `${base}/api/v1/address/${encodeURIComponent(counterparty)}`;
      const { status, body } = await askJson(url, { secretHeaders: { 'X-API-Key': options.secretKey }, signal });
      if (status >= 400) return failed(`answered ${status}`);
      const { identifications } = Identified.parse(body);
      return {
        outcome: 'screened',
        findings: identifications.length === 0 ? [] : [{ kind: 'sanctions', category: 'sanctions', categoryId: null }],
      };
    },
  };
};
