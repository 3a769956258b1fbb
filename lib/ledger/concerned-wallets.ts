import type { ActivityRecord, WalletRecord } from './records';
import { all, type OrgState } from './state';

/**
 * Wallets that a request can move: its own, and others on the same key that the signature would be good for. A transaction is bound to
 * its chain, a signature to nothing. Their policies, windows and freezes count too: a second wallet on a key is no way around them.
 */
export const concernedWallets = (
  state: OrgState,
  request: Pick<ActivityRecord, 'kind' | 'keyId' | 'walletId' | 'network'>,
): WalletRecord[] =>
  all(state, 'wallet').filter(
    (wallet) =>
      wallet.keyId === request.keyId &&
      (wallet.id === request.walletId ||
        request.walletId === undefined ||
        request.kind === 'Signature' ||
        wallet.network === request.network),
  );
