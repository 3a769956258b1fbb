import { refused } from '@/lib/domain/refusal';
import { all, find, type OrgState } from './state';

const frozenOrg = () =>
  refused(409, 'freeze.organisation', 'The organisation is frozen. Un-freeze it before asking for signatures.');
const frozenWallet = (id: string) => refused(409, 'freeze.wallet', `The wallet ${id} is frozen.`, { walletId: id });

/** The refusal that freeze puts on a wallet (or on every key when only the organisation is named), or null. */
export const signingFreeze = (state: OrgState, walletIds: readonly string[]) => {
  if (all(state, 'org')[0]?.frozen) return frozenOrg();
  const frozen = walletIds.find((id) => find(state, 'wallet', id)?.frozen);
  return frozen ? frozenWallet(frozen) : null;
};

const walletsOfKey = (state: OrgState, keyId: string): string[] =>
  all(state, 'wallet')
    .filter((wallet) => wallet.keyId === keyId)
    .map((wallet) => wallet.id);

/**
 * Freeze stops new requests and decisions on them. Un-freeze and its decisions are exempt, governance of credentials, roles
 * and policies goes on: for a stolen last key one freezes first, replaces the key, then revokes (design §4.4).
 */
export const freezeRefusal = (state: OrgState, operationId: string, params: { readonly [name: string]: string }) => {
  if (operationId === 'policies.createApprovalDecision') {
    const approval = find(state, 'approval', params.approvalId ?? '');
    if (approval?.subject.kind !== 'Activity') return null;
    const activity = find(state, 'activity', approval.subject.id);
    return activity
      ? signingFreeze(state, activity.walletId ? [activity.walletId] : walletsOfKey(state, activity.keyId))
      : null;
  }
  const signs = /^(wallets\.(transferAsset|broadcastTransaction|generateSignature)|keys\.generateSignature)$/.test(
    operationId,
  );
  if (!signs) return null;
  return signingFreeze(state, params.walletId ? [params.walletId] : walletsOfKey(state, params.keyId ?? ''));
};
