import { normaliseOperation, WALLETS_SIGN } from '@/lib/contract/permission-operations';

/** What an umbrella operation stands for. `Wallets:Sign` is ours (design §6). */
const UMBRELLAS: ReadonlyMap<string, readonly string[]> = new Map([
  [WALLETS_SIGN, ['Wallets:Transfers:Create', 'Wallets:Transactions:Create', 'Keys:Signatures:Create']],
]);

/** The operations a stored name grants: itself under its checked name, and what it is an umbrella over. */
export const grantedBy = (operation: string): readonly string[] => {
  const name = normaliseOperation(operation);
  return [name, ...(UMBRELLAS.get(name) ?? [])];
};
