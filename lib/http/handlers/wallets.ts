import { refused } from '@/lib/domain/refusal';
import { maySeeKey } from '@/lib/ledger/delegation';
import { certificatesOf, isSameIdentity } from '@/lib/ledger/nodes';
import type { ApiRequest } from '../handler';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { getOr404, pageOf } from '../records';
import type { Services } from '../services';
import { submit } from '../submit';
import { keyView, walletView } from '../views/wallets';
import { waitFor } from '../wait';

/** Making a key takes all nodes; longer than this and the caller is told (contract A28). */
export const KEY_TIMEOUT_MS = 60_000;

/** Key generation needs all n nodes: with one away nothing is begun and nothing is left behind (design §6). */
export const requireAllNodes = async (orgId: string, services: Services): Promise<void> => {
  const org = await services.getRecord(orgId, 'org', orgId);
  const inForce = org ? certificatesOf(org) : [];
  const nodes = (await services.reads.signerNodes()).filter((row) =>
    inForce.some((certificate) => isSameIdentity(certificate, row.certificate)),
  );
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

export const notMade = () =>
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
  if (!usesKey) await requireAllNodes(org.id, services);
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
  await requireAllNodes(org.id, services);
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
 * The end users whose keys and wallets a list is limited to: the owner asked for by id or name, and for an end user themselves in any
 * case (contract §5.3). Undefined where it is not limited.
 */
const ownersOf = async (request: ApiRequest, services: Services): Promise<readonly string[] | undefined> => {
  const { user, org } = callerOf(request);
  const asked = [request.query.owner, request.query.ownerId, request.query.ownerUsername].filter(
    (value) => typeof value === 'string',
  );
  const owners = await Promise.all(
    asked.map(async (name) => (await services.identity.findPersonByUsername(org.id, name))?.userId ?? name),
  );
  const all = user.kind === 'EndUser' ? [user.id, ...owners] : owners;
  // Two different owners own nothing together.
  return all.length === 0 ? undefined : new Set(all).size === 1 ? all.slice(0, 1) : [];
};

const listWallets: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const filter = { status: 'Active', delegatedTo: await ownersOf(request, services) };
  const { items, ...next } = await pageOf('wallet', filter, request, services);
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

/** An active wallet that the caller may see; one that is still being made is none. */
export const activeWallet = async (request: ApiRequest, services: Services) => {
  const wallet = await getOr404('wallet', request.params.walletId ?? '', request, services);
  return wallet.status === 'Active' && maySeeKey(callerOf(request).user, wallet)
    ? wallet
    : refuse(refused(404, 'wallet.not_found', 'wallet not found', { walletId: wallet.id }));
};

const getWallet: Handler = async (request, services) => {
  const wallet = await activeWallet(request, services);
  return { body: walletView(wallet, await getOr404('key', wallet.keyId, request, services)) };
};

const listKeys: Handler = async (request, services) => {
  const filter = { status: 'Active', delegatedTo: await ownersOf(request, services) };
  const { items, ...next } = await pageOf('key', filter, request, services);
  return { body: { items: items.map(keyView), ...next } };
};

/** An active key that the caller may see. */
export const activeKey = async (request: ApiRequest, services: Services) => {
  const key = await getOr404('key', request.params.keyId ?? '', request, services);
  return key.status === 'Active' && maySeeKey(callerOf(request).user, key)
    ? key
    : refuse(refused(404, 'key.not_found', 'key not found', { keyId: key.id }));
};

/** Where every key lives: as shares in the signer nodes. */
const MPC_STORE = { id: 'mpc', kind: 'Mpc', primary: true } as const;
const listKeyStores: Handler = async () => ({ body: { items: [MPC_STORE] } });

const getKey: Handler = async (request, services) => {
  const key = await activeKey(request, services);
  const wallets = await walletsOfKey(request, key.id, services);
  const used = wallets.map(({ id, network }) => ({ id, network }));
  return { body: { ...keyView(key), wallets: used, store: { id: MPC_STORE.id, kind: MPC_STORE.kind, keyId: key.id } } };
};

const walletsOfKey = async (request: ApiRequest, keyId: string, services: Services) => {
  const unpaged = { ...request, query: { limit: 500 } };
  return (await pageOf('wallet', { status: 'Active', keyId }, unpaged, services)).items;
};

const delegateWallet: Handler = async (request, services) => {
  const { result } = await submit(request, services);
  return { body: { walletId: result.id, status: 'Delegated' } };
};

const delegateKey: Handler = async (request, services) => {
  const { result } = await submit(request, services);
  return { body: { keyId: result.id, status: 'Delegated' } };
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
  'wallets.delegateWallet': delegateWallet,
  'keys.delegateKey': delegateKey,
  'keys.createKey': createKey,
  'keys.listKeys': listKeys,
  'keys.getKey': getKey,
  'signers.listKeyStores': listKeyStores,
};
