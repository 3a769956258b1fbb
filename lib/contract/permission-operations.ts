const expand = (...families: readonly string[]): readonly string[] =>
  families.flatMap((family) => {
    const [, prefix = '', names = ''] = /^(.*):\{(.+)\}$/.exec(family) ?? [];
    return names === '' ? [family] : names.split(',').map((name) => `${prefix}:${name}`);
  });

/** Operations of the dialect that this platform checks or may come to check. Contract §3.2. */
const CURRENT = expand(
  'Auth:Logs:Read',
  'Auth:Users:{Create,Read,Update,Activate,Deactivate,Delete}',
  'Auth:ServiceAccounts:{Create,Read,Update,Activate,Deactivate,Delete}',
  'Auth:Pats:Create',
  'Auth:Register:Delegated',
  'Auth:Login:Delegated',
  'Auth:Recover:Delegated',
  'Permissions:{Create,Read,Update,Archive,Assign,Revoke,Assignments:Read}',
  'Policies:{Create,Read,Update,Archive,Approvals:Read,Approvals:Approve}',
  'Keys:{Create,Read,Update,Delete,Reuse,Delegate,Import,Export,Derive,ChildKeys:Create}',
  'Keys:Signatures:{Create,Read}',
  'Signers:ListSigners',
  'KeyStores:{Read,Fleets:Create,Fleets:Clone,ProofOfControl:Create,OnchainSignatures:Create}',
  'Wallets:{Create,Read,Update,Tags:Add,Tags:Delete,Offers:Read,Offers:Settle}',
  'Wallets:Transactions:{Create,Read,Abort}',
  'Wallets:Transfers:{Create,Read,Abort}',
  'Webhooks:{Create,Read,Update,Delete,Ping,Events:Read}',
  'Orgs:{Read,Update,Settings:Read,Settings:Update}',
  'Events:Read',
  'Analytics:Read',
  'Billing:{Read,Write}',
  'Registry:Addresses:{Create,Read,Update,Delete}',
  'Registry:ContractSchemas:{Create,Read,Delete}',
);

/** Operations of products outside this platform: accepted and stored so that roles copied from elsewhere round-trip. */
const OTHER_PRODUCTS = expand(
  'Agreements:Acceptance:{Create,Read}',
  'Exchanges:{Create,Read,Delete,Deposits:Create,Withdrawals:Create}',
  'FeeSponsors:{Create,Read,Update,Delete,Use}',
  'Stakes:{Create,Read,Update}',
  'Swaps:{Create,Read}',
  'Payouts:{Create,Read,Write}',
  'Allocations:{Create,Update,Read}',
  'Networks:CantonValidators:{Create,Read,Update,Delete}',
  'Vaults:{Create,Read,Update,Tags:Add,Tags:Delete}',
);

/** Older names the dialect still accepts. */
const LEGACY = expand(
  'Alias:{Create,Delete,Read,Update}',
  'Wallets:GenerateSignature',
  'Wallets:BroadcastTransaction',
  'Auth:Action:Sign',
  'Auth:Apps:{Read,Create,Update}',
  'Auth:Creds:{Create,Read,Update,Code:Create}',
  'Auth:Types:{Application,Employee,EndUser,Pat,ServiceAccount}',
  'Internal:Auth:Types:Staff',
  'Auth:Users:Delegate',
  'PermissionAssignments:{Create,Read,Revoke}',
);

/** Newer spellings, and what they are called here. */
const ALIASES: Readonly<Record<string, string>> = {
  'Auth:Delegated:Login': 'Auth:Login:Delegated',
  'Auth:Delegated:Recover': 'Auth:Recover:Delegated',
  'Auth:Delegated:Register': 'Auth:Register:Delegated',
  'Permissions:Delete': 'Permissions:Archive',
  'Policies:Delete': 'Policies:Archive',
  'Policies:Evaluations:Read': 'Policies:Approvals:Read',
  'Policies:Evaluations:Vote': 'Policies:Approvals:Approve',
  'Wallets:Tags:Remove': 'Wallets:Tags:Delete',
  'Keys:Vrf:Derive': 'Keys:Derive',
  'Networks:Canton:Validators:Create': 'Networks:CantonValidators:Create',
  'Networks:Canton:Validators:Read': 'Networks:CantonValidators:Read',
  'Networks:Canton:Validators:Update': 'Networks:CantonValidators:Update',
  'Networks:Canton:Validators:Delete': 'Networks:CantonValidators:Delete',
};

/** Umbrella over creating transfers, transactions and signatures (design §6). */
export const WALLETS_SIGN = 'Wallets:Sign';

/** Every operation a permission may hold, aliases left out. */
export const PERMISSION_OPERATIONS: readonly string[] = [WALLETS_SIGN, ...CURRENT, ...OTHER_PRODUCTS, ...LEGACY];

const KNOWN = new Set([...PERMISSION_OPERATIONS, ...Object.keys(ALIASES)]);
const KEY_STORE_INSTRUCTION = /^KeyStores:Instructions:[A-Za-z]{1,40}(?::[A-Za-z]{1,40})?$/;

/** Whether a permission may hold the operation; unknown ones are refused with 400. */
export const isKnownOperation = (operation: string): boolean =>
  KNOWN.has(operation) || KEY_STORE_INSTRUCTION.test(operation);

/** The name an operation is checked under: aliases become today's name, everything else stays. Stored names are never changed. */
export const normaliseOperation = (operation: string): string =>
  Object.hasOwn(ALIASES, operation) ? (ALIASES[operation] ?? operation) : operation;

/** The managed permission that holds every current and future operation: its wire name, and the newer one. */
export const FULL_ADMIN = { name: 'DfnsFullAdminAccess', otherNames: ['ManagedFullAdminAccess'] } as const;

/** The managed permission of end users. Contract §3.3. */
export const DEFAULT_END_USER = {
  name: 'DfnsDefaultEndUserAccess',
  otherNames: ['ManagedDefaultEndUserAccess'],
  operations: expand(
    'Keys:Read',
    'Keys:Signatures:{Create,Read}',
    'Wallets:Read',
    'Wallets:Transactions:{Create,Read}',
    'Wallets:Transfers:{Create,Read}',
  ),
} as const;
