import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { createEvmClient } from '@/lib/chain/evm/client';
import { EVM_NETWORKS } from '@/lib/chain/evm/networks';
import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import type { Environment } from '@/lib/env';
import { priceHash, type SignedPrice } from '@/lib/evidence/checkpoint';

const Prices = z.record(z.string(), z.record(z.string(), z.string().regex(/^\d+(\.\d+)?$/)));
type Prices = z.infer<typeof Prices>;

const SPKI_PREFIX_BYTES = 12;
const URL_TIMEOUT_MS = 2000;

/** The oracle's own Ed25519 key, made at its first start; readable by its account only. */
const loadKey = (directory: string): crypto.KeyObject => {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'price-key.pem');
  if (!fs.existsSync(file)) {
    const { privateKey } = crypto.generateKeyPairSync('ed25519');
    fs.writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  return crypto.createPrivateKey(fs.readFileSync(file));
};

const publicKeyHex = (key: crypto.KeyObject): string =>
  crypto.createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX_BYTES).toString('hex');

/** Reads the prices anew for every question: a file that changed counts at once. A broken source has no prices. */
const readPrices = async (env: Environment): Promise<Prices> => {
  try {
    if (env.pricesFile) return Prices.parse(JSON.parse(fs.readFileSync(env.pricesFile, 'utf8')));
    if (!env.pricesUrl) return {};
    const response = await fetch(env.pricesUrl, { signal: AbortSignal.timeout(URL_TIMEOUT_MS) });
    return response.ok ? Prices.parse(await response.json()) : {};
  } catch {
    return {};
  }
};

/** Decimals as the chain has them; remembered, since they never change. Null when they can't be read. */
const decimalsReader = (env: Environment) => {
  const known = new Map<string, number>();
  return async (network: string, asset: string): Promise<number | null> => {
    if (asset === 'native') return 18;
    const chain = EVM_NETWORKS.get(network);
    const urls = env.rpcUrls[network];
    if (!chain || !urls || !/^0x[0-9a-f]{40}$/.test(asset)) return null;
    const name = `${network} ${asset}`;
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    try {
      const { decimals } = await createEvmClient(chain, urls).tokenMetadata(asset);
      known.set(name, decimals);
      return decimals;
    } catch {
      return null;
    }
  };
};

/** Prices of tokens may be written with any capitalisation of their address. */
const usdOf = (prices: Prices, network: string, asset: string): string | null =>
  Object.entries(prices[network] ?? {}).find(([name]) => name.toLowerCase() === asset)?.[1] ?? null;

/** Signs prices: `GET /price?network&asset`, `/key`, `/health`, on loopback. It reads decimals itself and believes nobody else. */
export const startOracle = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const key = loadKey(path.join(env.dataDir, 'oracle'));
  const oracleKey = publicKeyHex(key);
  const decimalsOf = decimalsReader(env);
  const price = async (network: string, asset: string): Promise<SignedPrice | null> => {
    const usd = usdOf(await readPrices(env), network, asset);
    const decimals = usd === null ? null : await decimalsOf(network, asset);
    if (usd === null || decimals === null) return null;
    const fact = { network, asset, decimals, usd, at: Date.now() };
    return { ...fact, oracleKey, signature: crypto.sign(null, priceHash(fact), key).toString('hex') };
  };
  const answer = async (url: URL): Promise<{ status: number; body: unknown }> => {
    if (url.pathname === '/key') return { status: 200, body: { publicKey: oracleKey } };
    if (url.pathname === '/health') return { status: 200, body: { status: 'ok' } };
    if (url.pathname !== '/price') return { status: 404, body: { error: 'unknown path' } };
    const signed = await price(
      url.searchParams.get('network') ?? '',
      (url.searchParams.get('asset') ?? '').toLowerCase(),
    );
    return signed ? { status: 200, body: signed } : { status: 404, body: { error: 'no price' } };
  };
  const server = http.createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://oracle'))
      .catch((err: unknown) => {
        log.warn({ err }, 'could not answer');
        return { status: 500, body: { error: 'internal' } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
  const address = env.oracleUrl ? new URL(env.oracleUrl) : null;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address ? Number(address.port) : 0, address?.hostname ?? '127.0.0.1', resolve);
  });
  log.info({ port: (server.address() as AddressInfo).port }, 'oracle signs prices');
  return {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
