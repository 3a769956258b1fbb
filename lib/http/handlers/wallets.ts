import { refused } from '@/lib/domain/refusal';
import type { ApiRequest } from '../handler';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { getOr404, pageOf } from '../records';
import type { Services } from '../services';
import { submit } from '../submit';
import { keyView, walletView } from '../views/wallets';
import { waitFor } from '../wait';

/** Making a key takes all nodes; longer than this and the caller is told (contract A28). */
const KEY_TIMEOUT_MS = 60_000;

/** Key generation needs all n nodes: with one away nothing is begun and nothing is left behind (design §6). */
const requireAllNodes = async (services: Services): Promise<void> => {
  const nodes = await services.reads.signerNodes();
  const missing = Array.from({ length: services.settings.signers }, (_, i) => i + 1).filter(
    (node) => !nodes.find((item) => item.node === node)?.connected,
  );
  if (missing.length > 0)
    refuse(
      refused(
        503,
        'signers.missing',
        `A key is made by all ${services.settings.signers} signer nodes together, and signer ${missing.join(', ')} is not connected. Nothing was made; try again when it is back.`,
        { missing },
      ),
    );
};

const notMade = () =>
  refuse(
    refused(
      503,
      'key.not_made',
      'The signer nodes did not finish making the key in time. Nothing was made that could be used; try again.',
    ),
  );

const createWallet: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const usesKey = (request.body as { signingKey?: { id?: string } }).signingKey?.id !== undefined;
  if (!usesKey) await requireAllNodes(services);
  const { result } = await submit(request, services);
  const made = await waitFor(
    async () => {
      const wallet = await services.getRecord(org.id, 'wallet', result.id);
      const key = wallet?.status === 'Active' ? await services.getRecord(org.id, 'key', wallet.keyId) : null;
      return wallet && key ? walletView(wallet, key) : null;
    },
    KEY_TIMEOUT_MS,
    request.signal,
  );
  return { body: made ?? notMade() };
};

const createKey: Handler = async (request, services) => {
  const { org } = callerOf(request);
  await requireAllNodes(services);
  const { result } = await submit(request, services);
  const made = await waitFor(
    async () => {
      const key = await services.getRecord(org.id, 'key', result.id);
      return key?.status === 'Active' ? keyView(key) : null;
    },
    KEY_TIMEOUT_MS,
    request.signal,
  );
  return { body: made ?? notMade() };
};

/**
 * Whether the list is of wallets delegated to somebody: asked for by owner, or read by an end user, who sees no others (contract
 * §5.3). This version delegates none.
 */
const isOfDelegated = (request: ApiRequest): boolean =>
  callerOf(request).user.kind === 'EndUser' ||
  ['owner', 'ownerId', 'ownerUsername'].some((name) => request.query[name] !== undefined);

const listWallets: Handler = async (request, services) => {
  if (isOfDelegated(request)) return { body: { items: [] } };
  const { org } = callerOf(request);
  const { items, ...next } = await pageOf('wallet', { status: 'Active' }, request, services);
  const keys = new Map(
    (
      await services.reads.records(
        org.id,
        'key',
        items.map((item) => item.keyId),
      )
    ).map((key) => [key.id, key]),
  );
  const views = items.flatMap((wallet) => {
    const key = keys.get(wallet.keyId);
    return key ? [walletView(wallet, key)] : [];
  });
  return { body: { items: views, ...next } };
};

/** An active wallet; one that is still being made is none. */
export const activeWallet = async (request: ApiRequest, services: Services) => {
  const wallet = await getOr404('wallet', request.params.walletId ?? '', request, services);
  return wallet.status === 'Active' && callerOf(request).user.kind !== 'EndUser'
    ? wallet
    : refuse(refused(404, 'wallet.not_found', 'wallet not found', { walletId: wallet.id }));
};

const getWallet: Handler = async (request, services) => {
  const wallet = await activeWallet(request, services);
  return { body: walletView(wallet, await getOr404('key', wallet.keyId, request, services)) };
};

const listKeys: Handler = async (request, services) => {
  if (isOfDelegated(request)) return { body: { items: [] } };
  const { items, ...next } = await pageOf('key', { status: 'Active' }, request, services);
  return { body: { items: items.map(keyView), ...next } };
};

const getKey: Handler = async (request, services) => {
  const key = await getOr404('key', request.params.keyId ?? '', request, services);
  if (key.status !== 'Active' || callerOf(request).user.kind === 'EndUser')
    refuse(refused(404, 'key.not_found', 'key not found', { keyId: key.id }));
  const wallets = await walletsOfKey(request, key.id, services);
  const used = wallets.map(({ id, network }) => ({ id, network }));
  return { body: { ...keyView(key), wallets: used, store: { id: 'mpc', kind: 'Mpc', keyId: key.id } } };
};

const walletsOfKey = async (request: ApiRequest, keyId: string, services: Services) => {
  const unpaged = { ...request, query: { limit: 500 } };
  return (await pageOf('wallet', { status: 'Active', keyId }, unpaged, services)).items;
};

/** The dialect answers tag changes with an empty object. */
const changeTags: Handler = async (request, services) => {
  await submit(request, services);
  return { body: {} };
};

const getAssets: Handler = async (request, services) => {
  const wallet = await activeWallet(request, services);
  const assets = await services.assets(wallet);
  const netWorth = request.query.netWorth === true || request.query.netWorth === 'true';
  const total = assets.reduce(
    (sum, { balance, decimals, quotes }) => sum + (Number(balance) / 10 ** decimals) * (quotes?.USD ?? 0),
    0,
  );
  return {
    body: { walletId: wallet.id, network: wallet.network, assets, ...(netWorth ? { netWorth: { USD: total } } : {}) },
  };
};

export const WALLET_HANDLERS: Handlers = {
  'wallets.createWallet': createWallet,
  'wallets.listWallets': listWallets,
  'wallets.getWallet': getWallet,
  'wallets.getWalletAssets': getAssets,
  'wallets.tagWallet': changeTags,
  'wallets.untagWallet': changeTags,
  'keys.createKey': createKey,
  'keys.listKeys': listKeys,
  'keys.getKey': getKey,
};
