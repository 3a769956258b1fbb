import { accepted, refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { type Decided, governanceLane, type LedgerOperation, type OperationInput } from '../decision';
import { findDelegate } from '../delegation';
import type { Change } from '../records';
import { all, find, put } from '../state';

/**
 * Hands a key, and every wallet on it, to an end user for good. Only a key born for that which was never asked to sign: nobody may find that the
 * organisation moved the wallet before, or still can (design §6).
 */
const delegate = (
  { state }: OperationInput,
  keyId: string,
  userId: string,
  result: Decided['result'],
): ReturnType<LedgerOperation['decide']> => {
  const key = find(state, 'key', keyId);
  if (key?.status !== 'Active') return notFound('key', 'keyId', keyId);
  if (key.delegatedTo !== undefined)
    return refused(409, 'delegation.done', 'The key is delegated already, and stays so.', { keyId });
  if (!key.delayDelegation)
    return refused(409, 'delegation.not_delayed', 'Only a key made with delayDelegation can be delegated later.', {
      keyId,
    });
  if (key.isUsed)
    return refused(
      409,
      'delegation.signed',
      'The key was asked to sign, or has signed: it stays with the organisation. Make a new one for the end user.',
      { keyId },
    );
  const user = findDelegate(state, userId);
  if (!user.ok) return user;
  const delegatedTo = user.value.id;
  const wallets = all(state, 'wallet').filter((item) => item.keyId === keyId);
  const changes: Change[] = [
    put('key', { ...key, delegatedTo }),
    ...wallets.map((wallet) => put('wallet', { ...wallet, delegatedTo })),
  ];
  return accepted({ changes, result, status: 200 });
};

export const delegateKey: LedgerOperation = {
  operationId: 'keys.delegateKey',
  lane: governanceLane,
  effects: () => ({}),
  decide: (input) => {
    const { keyId = '' } = input.params;
    return delegate(input, keyId, input.body.delegateTo, { kind: 'key', id: keyId });
  },
};

export const delegateWallet: LedgerOperation = {
  operationId: 'wallets.delegateWallet',
  lane: governanceLane,
  effects: () => ({}),
  decide: (input) => {
    const { walletId = '' } = input.params;
    const wallet = find(input.state, 'wallet', walletId);
    if (wallet?.status !== 'Active') return notFound('wallet', 'walletId', walletId);
    return delegate(input, wallet.keyId, input.body.userId, { kind: 'wallet', id: walletId });
  },
};
