import { refused } from '@/lib/domain/refusal';
import { concernedWallets } from './concerned-wallets';
import { ACTIVITY_KIND_OF } from './intent';
import type { ActivityRecord } from './records';
import { all, find, type OrgState } from './state';

const frozenOrg = () =>
  refused(409, 'freeze.organisation', 'The organisation is frozen. Un-freeze it before asking for signatures.');
const frozenWallet = (id: string) => refused(409, 'freeze.wallet', `The wallet ${id} is frozen.`, { walletId: id });

/** Whether a refusal is that of a freeze, which ends with it. */
export const isFreeze = (code: string): boolean => code === 'freeze.organisation' || code === 'freeze.wallet';

/** The refusal that freeze puts on a wallet (or on every key when only the organisation is named), or null. */
const signingFreeze = (state: OrgState, walletIds: readonly string[]) => {
  if (all(state, 'org')[0]?.frozen) return frozenOrg();
  const frozen = walletIds.find((id) => find(state, 'wallet', id)?.frozen);
  return frozen ? frozenWallet(frozen) : null;
};

/** The refusal that freeze puts on a request, or null. */
export const activityFreeze = (
  state: OrgState,
  request: Pick<ActivityRecord, 'kind' | 'keyId' | 'walletId' | 'network'>,
) =>
  signingFreeze(
    state,
    concernedWallets(state, request).map((wallet) => wallet.id),
  );

/**
 * Freeze stops new requests and decisions on them. Un-freeze and its decisions are exempt, governance of credentials, roles
 * and policies goes on: for a stolen last key one freezes first, replaces the key, then revokes (design §4.4).
 */
export const freezeRefusal = (state: OrgState, operationId: string, params: { readonly [name: string]: string }) => {
  if (operationId === 'policies.createApprovalDecision') {
    const approval = find(state, 'approval', params.approvalId ?? '');
    if (approval?.subject.kind !== 'Activity') return null;
    const activity = find(state, 'activity', approval.subject.id);
    return activity ? activityFreeze(state, activity) : null;
  }
  const kind = operationId.includes('.cancel') ? undefined : ACTIVITY_KIND_OF[operationId];
  if (!kind) return null;
  const wallet = find(state, 'wallet', params.walletId ?? '');
  return activityFreeze(state, {
    kind,
    keyId: wallet?.keyId ?? params.keyId ?? '',
    ...(wallet ? { walletId: wallet.id, network: wallet.network } : {}),
  });
};
