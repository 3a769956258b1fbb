/** Newer spellings of operations, and the name they are checked under. Stored names are never changed. Contract §3.2. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['Auth:Delegated:Login', 'Auth:Login:Delegated'],
  ['Auth:Delegated:Recover', 'Auth:Recover:Delegated'],
  ['Auth:Delegated:Register', 'Auth:Register:Delegated'],
  ['Permissions:Delete', 'Permissions:Archive'],
  ['Policies:Delete', 'Policies:Archive'],
  ['Policies:Evaluations:Read', 'Policies:Approvals:Read'],
  ['Policies:Evaluations:Vote', 'Policies:Approvals:Approve'],
  ['Wallets:Tags:Remove', 'Wallets:Tags:Delete'],
  ['Keys:Vrf:Derive', 'Keys:Derive'],
  ...['Create', 'Read', 'Update', 'Delete'].map((verb): [string, string] => [
    `Networks:Canton:Validators:${verb}`,
    `Networks:CantonValidators:${verb}`,
  ]),
]);

/** What an umbrella operation stands for. `Wallets:Sign` is ours (design §6). */
const UMBRELLAS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Wallets:Sign', ['Wallets:Transfers:Create', 'Wallets:Transactions:Create', 'Keys:Signatures:Create']],
]);

/** The operations a stored name grants: itself under its checked name, and what it is an umbrella over. */
export const grantedBy = (operation: string): readonly string[] => {
  const name = ALIASES.get(operation) ?? operation;
  return [name, ...(UMBRELLAS.get(name) ?? [])];
};

/** The name an operation is checked under. */
export const checkedName = (operation: string): string => ALIASES.get(operation) ?? operation;
