import { keyFingerprint, nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { genesisFingerprint, type NodeCertificate } from '@/lib/ledger/genesis';
import { certificatesOf, holdersOf, isSameIdentity, nodeStandings } from '@/lib/ledger/nodes';
import { originsOf, settingsOf } from '@/lib/ledger/org-settings';
import type { ChangeRequestRecord } from '@/lib/ledger/records';
import { all, find } from '@/lib/ledger/state';
import { requirePermission } from '../authorization';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageOf } from '../records';
import { submit } from '../submit';
import { backupView } from '../views/identities';

const getOrganisation: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const wallets = await pageOf(
    'wallet',
    { status: 'Active', frozen: 'true' },
    { ...request, query: { limit: 500 } },
    services,
  );
  const { settings } = services;
  return {
    body: {
      id: org.id,
      name: (await services.identity.findOrganisation(org.id))?.name ?? org.id,
      genesis: org.genesisHash,
      fingerprint: genesisFingerprint(org.genesisHash),
      confirmed: org.confirmed,
      enrolment: org.enrolment,
      strict: org.strict,
      rpId: org.genesis.rpId,
      origins: [...originsOf(org)],
      sessions: settingsOf(org).sessions,
      signers: org.genesis.n,
      threshold: org.genesis.k,
      profile: settings.profile,
      mainnet: settings.mainnet === 'experimental',
      frozen: org.frozen,
      frozenWalletIds: wallets.items.map((wallet) => wallet.id),
    },
  };
};

const LATEST_REFUSALS = 25;

const listSignerRefusals: Handler = async (request, services) => {
  const rows = await services.reads.latestRefusals(callerOf(request).org.id, LATEST_REFUSALS);
  const items = rows.map(({ activityId, node, code, message, at }) => ({
    activityId,
    node,
    code,
    message,
    at: toTimestamp(at.getTime()),
  }));
  return { body: { items } };
};

const listSigners: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const known = await services.reads.signerNodes();
  const stores = await services.reads.keyStores(org.id);
  const inForce = new Set(certificatesOf(org).map(({ signingKey }) => signingKey));
  const items = nodeStandings(org).map(({ certificate, lostStores }, i) => {
    const row = known.find((item) => item.node === certificate.node);
    const stop = row?.stopped.find((item) => item.orgId === org.id);
    // Who is connected under this number with keys that another organisation has in force is nobody here.
    const isIt = row !== undefined && isSameIdentity(row.certificate, certificate);
    const waiting = all(state, 'changeRequest').find(
      (item) => item.kind === 'NodeCertificate' && item.entityId === String(certificate.node),
    );
    const claimed = row?.claimed ?? (row && !isIt ? row.certificate : null);
    return {
      node: certificate.node,
      signingKey: certificate.signingKey,
      region: certificate.region,
      connected: isIt && row.connected,
      lastSeen: row?.lastSeen ? toTimestamp(row.lastSeen.getTime()) : null,
      clockOffsetMs: row?.clockOffsetMs ?? null,
      head: (isIt && row.heads[org.id]) || null,
      selfTest: row?.selfTest ?? false,
      quarantined: row?.quarantined ?? false,
      pairs: (row?.pairs ?? []).filter(({ key }) => inForce.has(key)).map(({ key: _key, ...pair }) => pair),
      stopped: stop !== undefined,
      stopReason: stop?.reason ?? null,
      frozen: row?.frozen?.all === true || row?.frozen?.orgIds.includes(org.id) === true,
      fingerprint: nodeFingerprint(certificate.signingKey),
      certificate: { ...certificate },
      lostStores,
      keysWithoutShare: stores.reduce(
        (sum, key) => sum + ((key.lostStores?.[i] ?? 0) === lostStores ? 0 : key.count),
        0,
      ),
      pending: waiting ? pendingOf(waiting) : null,
      claimedBy: claimed ? nodeFingerprint(claimed.signingKey) : null,
      counts: row?.counts ?? {},
      backend: row?.backend ?? '',
      unaudited: row?.unaudited ?? true,
    };
  });
  return { body: { threshold: org.genesis.k, items } };
};

const pendingOf = ({ id, approvalId, body }: ChangeRequestRecord) => {
  const { kind, certificate } = body as { readonly kind: string; readonly certificate: NodeCertificate };
  return { changeRequestId: id, approvalId, fingerprint: nodeFingerprint(certificate.signingKey), kind };
};

const getKeyHolders: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const keyId = request.params.keyId ?? '';
  const key = await services.getRecord(org.id, 'key', keyId);
  if (key?.status !== 'Active') return refuse(refused(404, 'key.not_found', 'key not found', { keyId }));
  const entry = (await services.reads.timeline(org.id, keyId)).find(({ leaf }) => leaf.kind === 'keyCertificate');
  const made =
    entry?.seq == null
      ? null
      : {
          seq: entry.seq,
          at: toTimestamp(entry.leaf.at),
          // Entered only with the confirmation of every node.
          nodes: org.genesis.nodes.map(({ node }) => node),
        };
  return { body: { threshold: org.genesis.k, nodes: org.genesis.n, holders: [...holdersOf(org, key)], made } };
};

const getLedgerHead: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const head = await services.ledger.head(org.id);
  if (!head) return refuse(refused(404, 'ledger.empty', 'The ledger has no chained entry yet.'));
  const checkpoint = await services.reads.lastCheckpoint(org.id);
  return {
    body: {
      ...head,
      checkpoint: checkpoint
        ? {
            seq: Number(checkpoint.body?.seq),
            root: String(checkpoint.body?.root),
            at: toTimestamp(checkpoint.leaf.at),
            nodeSignatures: checkpoint.leaf.nodeSignatures ?? [],
          }
        : null,
    },
  };
};

/** What a voucher and the person compare: the keys the person registered, with their fingerprints. */
const listUserCredentials: Handler = async (request, services) => {
  const { state, user: self } = callerOf(request);
  const userId = request.params.userId ?? '';
  if (userId !== self.id) requirePermission(request, 'Auth:Users:Read');
  if (!find(state, 'user', userId)) refuse(refused(404, 'user.not_found', 'user not found', { userId }));
  const credentials = state.tables.credential.by('userId', userId);
  const seen = await services.identity.findBackups(credentials.map((item) => item.id));
  const items = credentials.map((item) => ({
    uuid: item.id,
    kind: item.kind,
    name: item.name,
    publicKey: item.publicKey,
    fingerprint: keyFingerprint(item.publicKey),
    introduced: item.introduced,
    isActive: item.isActive,
    ...backupView(item, seen.get(item.id)),
    dateCreated: toTimestamp(item.dateCreated),
  }));
  return { body: { items } };
};

const vouchUser: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { credentialUuid } = request.body as { credentialUuid: string };
  await submit(request, services);
  const credential = await services.getRecord(org.id, 'credential', credentialUuid);
  return { body: { userId: request.params.userId, credentialUuid, introduced: credential?.introduced === true } };
};

export const EXTENSION_HANDLERS: Handlers = {
  'x.getOrganisation': getOrganisation,
  'x.listSigners': listSigners,
  'x.listSignerRefusals': listSignerRefusals,
  'x.getKeyHolders': getKeyHolders,
  'x.getLedgerHead': getLedgerHead,
  'x.listUserCredentials': listUserCredentials,
  'x.vouchUser': vouchUser,
};
