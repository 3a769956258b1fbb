import { chainRulesFor } from '@/lib/chain/rules';
import { isId } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { AssignmentRecord, Change, PermissionRecord } from './records';
import { find, type OrgState, put } from './state';
import { permissionVersion } from './version';

/** Managed permission of end users: editable, never renamed or archived (contract §3.3). */
export const END_USER_NAME = 'DfnsDefaultEndUserAccess';

const OPERATIONS = [
  'Keys:Read',
  'Keys:Signatures:Create',
  'Keys:Signatures:Read',
  'Wallets:Read',
  'Wallets:Transactions:Create',
  'Wallets:Transactions:Read',
  'Wallets:Transfers:Create',
  'Wallets:Transfers:Read',
];

export const findEndUserPermission = (state: OrgState): PermissionRecord | undefined =>
  state.tables.permission.by('name', END_USER_NAME)[0];

/** The managed permission as it begins: it comes to be with the organisation's first end user. */
export const newEndUserPermission = (id: string, at: number): PermissionRecord => {
  const definition = { name: END_USER_NAME, operations: OPERATIONS, isArchived: false };
  return {
    ...definition,
    id,
    isImmutable: false,
    version: permissionVersion(definition),
    dateCreated: at,
    dateUpdated: at,
  };
};

export const endUserAssignment = (
  ids: { readonly id: string; readonly permissionId: string; readonly identityId: string },
  at: number,
): AssignmentRecord => ({ ...ids, isImmutable: true, isRevoked: false, dateCreated: at });

/**
 * Whether an end user's first credential may count by itself (trust on first use, design §4.3). It may where it opens nothing but
 * wallets of their own; somebody who was given more meanwhile needs a voucher like everybody else.
 */
export const isTrustedOnFirstUse = (state: OrgState, userId: string): boolean => {
  const managed = findEndUserPermission(state)?.id;
  return state.tables.assignment
    .by('identityId', userId)
    .filter((item) => !item.isRevoked)
    .every((item) => item.permissionId === managed);
};

type WantedWallet = { readonly network: string; readonly name?: string };
type WalletIds = { readonly walletId: string; readonly keyId: string };

/** Wallets that come to be with their end user's registration, each on a key of its own, delegated from the start. */
export const walletsOfNewEndUser = (
  state: OrgState,
  input: {
    readonly userId: string;
    readonly wanted: readonly WantedWallet[];
    /** Ids from the effects, in the same order. */
    readonly ids: readonly WalletIds[];
    readonly at: number;
  },
): Outcome<Change[]> => {
  const { userId, wanted, ids, at } = input;
  const used = new Set<string>();
  const isFresh = (kind: 'wallet' | 'key', id: string): boolean => {
    if (!isId(kind, id) || find(state, kind, id) || used.has(id)) return false;
    used.add(id);
    return true;
  };
  if (ids.length !== wanted.length)
    return refused(400, 'registration.malformed', 'The registration names other wallets than its effects.');
  const changes: Change[] = [];
  for (const [index, { network, name }] of wanted.entries()) {
    const { walletId, keyId } = ids[index] ?? { walletId: '', keyId: '' };
    if (!isFresh('wallet', walletId) || !isFresh('key', keyId))
      return refused(409, 'ledger.id_used', `The ids ${walletId} and ${keyId} are not new ones.`);
    if (!chainRulesFor(network)) return refused(400, 'network.not_enabled', `network not enabled: ${network}`);
    const common = { ...(name === undefined ? {} : { name }), delegatedTo: userId, dateCreated: at };
    changes.push(
      put('key', { id: keyId, scheme: 'ECDSA', curve: 'secp256k1', status: 'Creating', ...common }),
      put('wallet', { id: walletId, keyId, network, tags: [], status: 'Creating', frozen: false, ...common }),
    );
  }
  return accepted(changes);
};
