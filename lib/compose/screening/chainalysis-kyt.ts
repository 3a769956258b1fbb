import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isTrial } from '@/lib/evidence/screening';
import { ALERT_LEVELS, type AlertLevel, type Finding } from '@/lib/policy/screening';
import { askJson, baseOf, unsupportedOf } from './ask-json';
import { failed, type ProviderAnswer, ScreeningError, type ScreeningProvider, type ScreeningQuery } from './provider';

/** Base of the KYT API, version 2. */
export const KYT_URL = 'https://api.chainalysis.com/api/kyt/v2';

const POLL_MS = 250;
/** Under which the vendor keeps transfers of dry runs, as attempts that never became transfers. */
const TRIAL_USER = 'dry-run';

/** What the vendor calls our networks. An address of a test network is screened as the same address of the main one. */
const NETWORKS: readonly (readonly [RegExp, string])[] = [
  [/^Ethereum/, 'Ethereum'],
  [/^Base/, 'Base'],
  [/^Arbitrum/, 'Arbitrum'],
  [/^Optimism/, 'Optimism'],
  [/^Polygon/, 'Polygon'],
  [/^AvalancheC/, 'Avalanche'],
  [/^Bsc/, 'Binance_Smart_Chain'],
];

const Registered = z.object({ externalId: z.string().min(1).max(200), updatedAt: z.string().nullish() });
const Alerts = z.object({
  alerts: z.array(
    z.object({
      alertLevel: z.string(),
      category: z.string().nullish(),
      categoryId: z.number().int().nullish(),
    }),
  ),
});
const Exposure = z.object({
  category: z.string().nullish(),
  categoryId: z.number().int().nullish(),
  name: z.string().nullish(),
});
const Exposures = z.object({ direct: z.union([z.array(Exposure), Exposure]).nullish() });
const Identifications = z.object({
  chainalysisIdentifications: z.array(
    z.object({
      category: z.string().nullish(),
      categoryName: z.string().nullish(),
      categoryId: z.number().int().nullish(),
    }),
  ),
  customAddresses: z.array(z.unknown()).optional(),
});

/** A level the vendor adds one day counts as the worst there is. */
const levelOf = (level: string): AlertLevel => ALERT_LEVELS.find((known) => known === level.toUpperCase()) ?? 'SEVERE';
const named = (category: string | null | undefined): string => (category ?? 'unnamed').slice(0, 100);

/**
 * Chainalysis KYT: registers the transfer, waits until the vendor has looked at it, and reads alerts, direct exposure and, for one that
 * goes out, what the address is known as.
 */
export const chainalysisKyt = (options: {
  readonly url: string;
  readonly secretKey: string;
  /** Whole units as the vendor takes them, and the asset's symbol; null where the chain does not say. */
  readonly describe: (
    network: string,
    asset: string,
    amount: string,
  ) => Promise<{ readonly symbol: string; readonly amount: number } | null>;
}): ScreeningProvider => {
  const base = baseOf(options.url);
  const secretHeaders = { token: options.secretKey };
  const read = async (path: string, signal: AbortSignal): Promise<unknown> => {
    const { status, body } = await askJson(`${base}${path}`, { secretHeaders, signal });
    if (status >= 400) throw new ScreeningError(`answered ${status}`);
    return body;
  };

  const register = async (query: ScreeningQuery & { readonly txHash?: string }, signal: AbortSignal) => {
    const { transfer, counterparty, txHash } = query;
    // What is only tried stands in no wallet's history there.
    const userId = isTrial(transfer) ? TRIAL_USER : query.userId;
    const network = NETWORKS.find(([pattern]) => pattern.test(transfer.network))?.[1];
    if (!network) return 'unsupportedNetwork';
    const described = await options.describe(transfer.network, transfer.asset, transfer.amount);
    if (!described) return 'unsupportedAsset';
    const now = new Date().toISOString();
    const common = { network, asset: described.symbol, assetAmount: described.amount };
    const isAttempt = transfer.direction === 'outgoing' && txHash === undefined;
    const body = isAttempt
      ? {
          ...common,
          address: counterparty,
          attemptIdentifier: createHash('sha256')
            .update(JSON.stringify([transfer, now]))
            .digest('hex'),
          attemptTimestamp: now,
        }
      : {
          ...common,
          transferReference: `${txHash ?? transfer.reference.split('#')[0]}:${transfer.to}`,
          direction: txHash === undefined ? 'received' : 'sent',
          transferTimestamp: now,
        };
    const kind = isAttempt ? 'withdrawal-attempts' : 'transfers';
    const url = `${base}/users/${encodeURIComponent(userId)}/${kind}`;
    const answer = await askJson(url, { method: 'POST', secretHeaders, body, signal });
    if (answer.status >= 400) {
      const unsupported = unsupportedOf(answer);
      if (unsupported) return unsupported;
      throw new ScreeningError(`answered ${answer.status}`);
    }
    const { externalId, updatedAt } = Registered.parse(answer.body);
    return { path: `/${kind}/${encodeURIComponent(externalId)}`, isReady: Boolean(updatedAt) };
  };

  const findingsOf = async (path: string, isOutgoing: boolean, signal: AbortSignal): Promise<Finding[]> => {
    const [alerts, exposures, identified] = await Promise.all([
      read(`${path}/alerts`, signal).then((body) => Alerts.parse(body).alerts),
      read(`${path}/exposures`, signal).then((body) => Exposures.parse(body).direct ?? []),
      isOutgoing
        ? read(`${path}/high-risk-addresses`, signal).then((body) => Identifications.parse(body))
        : { chainalysisIdentifications: [], customAddresses: [] },
    ]);
    return [
      ...alerts.map(
        ({ alertLevel, category, categoryId }): Finding => ({
          kind: 'alert',
          level: levelOf(alertLevel),
          category: named(category),
          categoryId: categoryId ?? null,
        }),
      ),
      ...[exposures]
        .flat()
        // An empty object says that there is none.
        .filter(({ category, categoryId, name }) => category || categoryId || name)
        .map(
          ({ category, categoryId }): Finding => ({
            kind: 'exposure',
            category: named(category),
            categoryId: categoryId ?? null,
          }),
        ),
      ...identified.chainalysisIdentifications.map(
        ({ category, categoryName, categoryId }): Finding => ({
          kind: 'address',
          category: named(categoryName ?? category),
          categoryId: categoryId ?? null,
        }),
      ),
      ...(identified.customAddresses ?? [])
        .slice(0, 1)
        .map((): Finding => ({ kind: 'address', category: 'an address the account lists itself', categoryId: null })),
    ];
  };

  return {
    name: 'Chainalysis KYT',
    vendor: 'Chainalysis',
    where: new URL(base).host,
    screen: async (query, signal): Promise<ProviderAnswer> => {
      const registered = await register(query, signal);
      if (typeof registered === 'string') return { outcome: registered };
      let { isReady } = registered;
      while (!isReady) {
        if (signal.aborted) return failed('not looked at in time');
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        const body = await read(registered.path, signal);
        isReady = Boolean(z.object({ updatedAt: z.string().nullish() }).parse(body).updatedAt);
      }
      const isOutgoing = query.transfer.direction === 'outgoing';
      return { outcome: 'screened', findings: await findingsOf(registered.path, isOutgoing, signal) };
    },
    // Nobody waits for what the vendor then finds: the transfer has happened.
    registerSent: async (query, signal) => {
      await register(query, signal);
    },
  };
};
