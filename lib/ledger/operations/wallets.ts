import { chainRulesFor } from '@/lib/chain/rules';
import { accepted, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId } from '../decision';
import { delegationOfNewKey, maySeeKey } from '../delegation';
import { actorPermission } from '../live';
import type { Change, KeyRecord, WalletRecord } from '../records';
import { find, put } from '../state';

type Delegation = Pick<KeyRecord, 'delegatedTo' | 'delayDelegation'>;

const creatingKey = (id: string, at: number, delegation: Delegation, name?: string): KeyRecord => ({
  id,
  scheme: 'ECDSA',
  curve: 'secp256k1',
  ...(name ? { name } : {}),
  status: 'Creating',
  ...delegation,
  dateCreated: at,
});

/** The key exists for others only once its certificate, confirmed by all n nodes, stands in the ledger. */
export const createKey: LedgerOperation = {
  operationId: 'keys.createKey',
  lane: governanceLane,
  effects: (input) => ({ keyId: makeId('key', input) }),
  decide: ({ state, body, effects, at, actor }) => {
    const id = freshId(state, effects, 'keyId', 'key', 'key');
    if (!id.ok) return id;
    if (body.scheme !== 'ECDSA' || body.curve !== 'secp256k1')
      return refused(
        501,
        'key.scheme',
        `${body.scheme} on ${body.curve} is not in this version; ECDSA on secp256k1 is.`,
      );
    const delegation = delegationOfNewKey(state, actor, body);
    if (!delegation.ok) return delegation;
    return accepted({
      changes: [put('key', creatingKey(id.value, at, delegation.value, body.name))],
      result: { kind: 'key', id: id.value },
      status: 200,
    });
  },
};

export const createWallet: LedgerOperation = {
  operationId: 'wallets.createWallet',
  lane: governanceLane,
  effects: (input) => ({
    walletId: makeId('wallet', input),
    ...((input.body as { signingKey?: { id?: string } }).signingKey?.id ? {} : { keyId: makeId('key', input) }),
  }),
  decide: ({ state, body, effects, at, actor }) => {
    const id = freshId(state, effects, 'walletId', 'wallet', 'wallet');
    if (!id.ok) return id;
    const rules = chainRulesFor(body.network);
    if (!rules) return refused(400, 'network.not_enabled', `network not enabled: ${body.network}`);
    const existingId = body.signingKey?.id as string | undefined;
    const denied =
      actorPermission(state, actor, [existingId ? 'Keys:Reuse' : 'Keys:Create']) ??
      (body.tags?.length ? actorPermission(state, actor, ['Wallets:Tags:Add']) : null);
    if (denied) return denied;
    const base = {
      id: id.value,
      network: body.network as string,
      ...(body.name ? { name: body.name as string } : {}),
      ...(body.externalId ? { externalId: body.externalId as string } : {}),
      tags: [...new Set((body.tags as string[] | undefined) ?? [])],
      frozen: false,
      dateCreated: at,
    };
    if (existingId) {
      const key = find(state, 'key', existingId);
      if (key?.status !== 'Active' || !key.publicKey || !maySeeKey(actor.user, key))
        return notFound('key', 'keyId', existingId);
      if (body.delegateTo !== undefined || body.delayDelegation)
        return refused(400, 'delegation.existing_key', 'An existing key is delegated by POST /keys/:keyId/delegate.');
      const address = rules.deriveAddress(key.publicKey, body.network);
      const wallet: WalletRecord = {
        ...base,
        keyId: key.id,
        status: 'Active',
        ...(address ? { address } : {}),
        ...(key.delegatedTo ? { delegatedTo: key.delegatedTo } : {}),
      };
      return accepted({ changes: [put('wallet', wallet)], result: { kind: 'wallet', id: id.value }, status: 200 });
    }
    const keyId = freshId(state, effects, 'keyId', 'key', 'key');
    if (!keyId.ok) return keyId;
    const delegation = delegationOfNewKey(state, actor, body);
    if (!delegation.ok) return delegation;
    const { delegatedTo } = delegation.value;
    const changes: Change[] = [
      put('key', creatingKey(keyId.value, at, delegation.value, body.name)),
      put('wallet', { ...base, keyId: keyId.value, status: 'Creating', ...(delegatedTo ? { delegatedTo } : {}) }),
    ];
    return accepted({ changes, result: { kind: 'wallet', id: id.value }, status: 200 });
  },
};

/** A change of a wallet that no policy has a say in. */
export const changeWallet = (
  operationId: string,
  change: (wallet: WalletRecord, body: { [key: string]: unknown }) => WalletRecord,
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, params, body }) => {
    const wallet = find(state, 'wallet', params.walletId ?? '');
    if (wallet?.status !== 'Active') return notFound('wallet', 'walletId', params.walletId ?? '');
    const next = change(wallet, body);
    if (next.tags.length > 100) return refused(400, 'wallet.tags', 'A wallet carries at most 100 tags.');
    return accepted({ changes: [put('wallet', next)], result: { kind: 'wallet', id: wallet.id }, status: 200 });
  },
});

/** A key that the caller may not see can't be named by them either. */
export const updateKey: LedgerOperation = {
  operationId: 'keys.updateKey',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, params, body, actor }) => {
    const key = find(state, 'key', params.keyId ?? '');
    if (key?.status !== 'Active' || !maySeeKey(actor.user, key)) return notFound('key', 'keyId', params.keyId ?? '');
    const changes: Change[] = [put('key', { ...key, name: replaced(key.name, body.name) })];
    return accepted({ changes, result: { kind: 'key', id: key.id }, status: 200 });
  },
};

/** `null` clears a value, absence keeps it. */
const replaced = (current: string | undefined, given: unknown): string | undefined =>
  given === null ? undefined : typeof given === 'string' ? given : current;

export const updateWallet = changeWallet('wallets.updateWallet', (wallet, body) => ({
  ...wallet,
  name: replaced(wallet.name, body.name),
  externalId: replaced(wallet.externalId, body.externalId),
}));
