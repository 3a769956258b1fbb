import { accepted, type Outcome } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import type { ActivityRecord, WalletRecord } from '../records';
import { find, type OrgState } from '../state';

/** The request that a path names, and its active wallet: what a cancel or a speed-up replaces. */
export const replacedRequest = (
  state: OrgState,
  params: { readonly [name: string]: string },
  { param, kind }: { readonly param: string; readonly kind: ActivityRecord['kind'] },
): Outcome<{ readonly wallet: WalletRecord; readonly target: ActivityRecord }> => {
  const wallet = find(state, 'wallet', params.walletId ?? '');
  const target = find(state, 'activity', params[param] ?? '');
  if (wallet?.status !== 'Active') return notFound('wallet', 'walletId', params.walletId ?? '');
  if (target?.walletId !== wallet.id || target.kind !== kind)
    return notFound(kind.toLowerCase(), param, params[param] ?? '');
  return accepted({ wallet, target });
};
