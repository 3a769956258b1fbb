import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import type { EvmClient } from '@/lib/chain/evm/client';
import { priceHash, type SignedPrice } from '@/lib/evidence/checkpoint';
import { plainAddress, type ScreeningFact, screeningHash } from '@/lib/evidence/screening';
import { SCREENING_VENDORS } from '@/lib/policy/screening';
import { evmClients } from './broadcast-chain';
import { createPriceSources } from './price-sources';
import type { ProcessContext, RunningProcess } from './process';
import { configuredProviders } from './screening/configured';
import { createDesk } from './screening/desk';
import { rememberTrials } from './screening/trials';

const SPKI_PREFIX_BYTES = 12;
const MOST_QUESTION_BYTES = 16 * 1024;

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

/** Decimals as the chain has them; remembered, since they never change. Null when they can't be read. */
const decimalsReader = (clients: (network: string) => EvmClient | null) => {
  const known = new Map<string, number>();
  return async (network: string, asset: string): Promise<number | null> => {
    if (asset === 'native') return 18;
    const client = clients(network);
    if (!client || !/^0x[0-9a-f]{40}$/.test(asset)) return null;
    const name = `${network} ${asset}`;
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    try {
      const { decimals } = await client.tokenMetadata(asset);
      known.set(name, decimals);
      return decimals;
    } catch {
      return null;
    }
  };
};

const text = z.string().min(1).max(200);
/** A question about one transfer, of one vendor. */
const Question = z.strictObject({
  vendor: z.enum(SCREENING_VENDORS),
  userId: z.string().min(1).max(1000),
  transfer: z.strictObject({
    orgId: text,
    direction: z.enum(['outgoing', 'incoming']),
    network: text,
    asset: z.string().regex(/^(native|0x[0-9a-f]{40})$/),
    from: text.refine((address) => address === plainAddress(address)),
    to: text.refine((address) => address === plainAddress(address)),
    amount: z.string().regex(/^\d{1,78}$/),
    reference: z.string().max(200),
  }),
});

const readBody = async (request: http.IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_QUESTION_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
};

/** A transfer that was screened before and stands in a transaction now. */
const Sent = Question.extend({ txHash: z.string().regex(/^0x[0-9a-f]{64}$/) });

type Answer = { readonly status: number; readonly body: unknown };

/**
 * Signs prices and screenings: `GET /price?network&asset`, `POST /screening`, `POST /sent`, `/key`, `/health`, on loopback. It reads decimals itself
 * and believes nobody else.
 */
export const startOracle = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const key = loadKey(path.join(env.dataDir, 'oracle'));
  const oracleKey = publicKeyHex(key);
  const clients = evmClients(env.rpcUrls);
  const decimalsOf = decimalsReader(clients);
  const prices = createPriceSources(env);
  const desk = createDesk(configuredProviders(env, clients), { log });
  const signature = (hash: Uint8Array): string => crypto.sign(null, hash, key).toString('hex');

  const price = async (network: string, asset: string): Promise<SignedPrice | null> => {
    const usd = await prices.usd(network, asset);
    const decimals = usd === null ? null : await decimalsOf(network, asset);
    if (usd === null || decimals === null) return null;
    const fact = { network, asset, decimals, usd, at: Date.now() };
    return { ...fact, oracleKey, signature: signature(priceHash(fact)) };
  };
  const screening = rememberTrials(async ({ vendor, userId, transfer }: z.infer<typeof Question>) => {
    const counterparty = transfer.direction === 'outgoing' ? transfer.to : transfer.from;
    const found = await desk.screen(vendor, { transfer, counterparty, userId });
    const fact: ScreeningFact = { ...transfer, ...found, at: Date.now() };
    return { ...fact, oracleKey, signature: signature(screeningHash(fact)) };
  });
  const answer = async (request: http.IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://oracle');
    if (request.method === 'POST' && url.pathname === '/screening') {
      const question = Question.safeParse(await readBody(request));
      return question.success
        ? { status: 200, body: await screening(question.data) }
        : { status: 400, body: { error: 'not a question about a transfer' } };
    }
    if (request.method === 'POST' && url.pathname === '/sent') {
      const sent = Sent.safeParse(await readBody(request));
      if (!sent.success) return { status: 400, body: { error: 'not a transfer that was sent' } };
      const { vendor, ...query } = sent.data;
      const isTold = await desk.registerSent(vendor, { ...query, counterparty: query.transfer.to });
      return isTold ? { status: 200, body: {} } : { status: 502, body: { error: 'a source could not be told' } };
    }
    if (url.pathname === '/key') return { status: 200, body: { publicKey: oracleKey } };
    if (url.pathname === '/health')
      return { status: 200, body: { status: 'ok', prices: prices.health(), screening: desk.health() } };
    if (url.pathname !== '/price') return { status: 404, body: { error: 'unknown path' } };
    const asset = (url.searchParams.get('asset') ?? '').toLowerCase();
    const signed = await price(url.searchParams.get('network') ?? '', asset);
    return signed ? { status: 200, body: signed } : { status: 404, body: { error: 'no price' } };
  };
  const server = http.createServer((request, response) => {
    answer(request)
      .catch((err: unknown): Answer => {
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
  log.info(
    { port: (server.address() as AddressInfo).port, screening: desk.health().map(({ name }) => name) },
    'oracle signs prices and screenings',
  );
  return {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
