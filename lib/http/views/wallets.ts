import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { nodeStandings } from '@/lib/ledger/nodes';
import { settingsOf } from '@/lib/ledger/org-settings';
import type { KeyRecord, WalletRecord } from '@/lib/ledger/records';
import { callerOf, refuse } from '../handler';
import type { View, Views } from '../registry';

export const walletView = (wallet: WalletRecord, key: KeyRecord) => ({
  id: wallet.id,
  network: wallet.network,
  ...(wallet.address ? { address: wallet.address } : {}),
  signingKey: {
    id: key.id,
    scheme: key.scheme,
    curve: key.curve,
    publicKey: key.publicKey ?? '',
    ...(key.delegatedTo === undefined ? {} : { delegatedTo: key.delegatedTo }),
  },
  status: 'Active',
  dateCreated: toTimestamp(wallet.dateCreated),
  ...(wallet.name === undefined ? {} : { name: wallet.name }),
  custodial: key.delegatedTo === undefined,
  ...(wallet.externalId === undefined ? {} : { externalId: wallet.externalId }),
  tags: [...wallet.tags],
});

export const keyView = (key: KeyRecord) => ({
  id: key.id,
  scheme: key.scheme,
  curve: key.curve,
  publicKey: key.publicKey ?? '',
  ...(key.name === undefined ? {} : { name: key.name }),
  status: 'Active',
  custodial: key.delegatedTo === undefined,
  dateCreated: toTimestamp(key.dateCreated),
});

/** A wallet without its key's certificate is no wallet yet and is shown to nobody. */
const viewWallet: View = async (id, request, services) => {
  const { org } = callerOf(request);
  const wallet = await services.getRecord(org.id, 'wallet', id);
  const key = wallet?.status === 'Active' ? await services.getRecord(org.id, 'key', wallet.keyId) : null;
  if (!wallet || !key) return refuse(refused(404, 'wallet.not_found', 'wallet not found', { walletId: id }));
  if (request.operation.id === 'x.freeze' || request.operation.id === 'x.unfreeze')
    return { walletId: wallet.id, frozen: wallet.frozen, dateUpdated: toTimestamp(services.now()) };
  return walletView(wallet, key);
};

const viewKey: View = async (id, request, services) => {
  const key = await services.getRecord(callerOf(request).org.id, 'key', id);
  if (key?.status !== 'Active') return refuse(refused(404, 'key.not_found', 'key not found', { keyId: id }));
  return keyView(key);
};

const viewOrganisation: View = async (id, request, services) => {
  const org = await services.getRecord(callerOf(request).org.id, 'org', id);
  if (request.operation.id === 'x.requireVouching')
    return { enrolment: org?.enrolment ?? 'server', dateUpdated: toTimestamp(services.now()) };
  if (request.operation.id === 'x.changeSettings')
    return { ...(org && settingsOf(org)), dateUpdated: toTimestamp(services.now()) };
  if (request.operation.id === 'x.replaceCertificate') {
    const found = org && nodeStandings(org).find(({ certificate }) => String(certificate.node) === request.params.node);
    return { certificate: found?.certificate, lostStores: found?.lostStores, dateUpdated: toTimestamp(services.now()) };
  }
  return { frozen: org?.frozen ?? false, dateUpdated: toTimestamp(services.now()) };
};

export const WALLET_VIEWS: Views = { wallet: viewWallet, key: viewKey, org: viewOrganisation };
