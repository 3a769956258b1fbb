/** What of a call its dangers are told from: see `CallNode`. */
export type Told = {
  readonly kind: 'call' | 'delegatecall' | 'create';
  readonly called: {
    readonly name: string;
    readonly arguments: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  } | null;
  /** Whether the bytes are exactly what the arguments encode to. */
  readonly isExact: boolean;
  /** Whether it holds calls that can’t be read. */
  readonly isUnreadable: boolean;
};

/** From here on an amount stands for “all”: nothing has as many base units. */
const NO_LIMIT: Readonly<Record<string, bigint>> = { uint256: 1n << 200n, uint160: (1n << 160n) - 1n };

const CONTROL: Readonly<Record<string, string>> = {
  transferOwnership: 'It hands the contract to another owner.',
  renounceOwnership: 'It leaves the contract without an owner, for good.',
  grantRole: 'It gives somebody a right over the contract.',
  upgradeTo: 'It puts other code in the place of the contract’s.',
  upgradeToAndCall: 'It puts other code in the place of the contract’s.',
  addOwnerWithThreshold: 'It changes who controls this Safe.',
  removeOwner: 'It changes who controls this Safe.',
  swapOwner: 'It changes who controls this Safe.',
  changeThreshold: 'It changes how many must sign for this Safe.',
  enableModule: 'A module can move everything of this Safe without its owners.',
  setGuard: 'It changes what is checked before this Safe acts.',
  setFallbackHandler: 'It changes what answers for this Safe.',
};

const GRANTS = ['approve', 'increaseAllowance', 'permit'];

const ofFunction = ({ name, arguments: args }: NonNullable<Told['called']>): readonly string[] => {
  const told = (argument: string) => args.find((one) => one.name === argument)?.value;
  if (name === 'setApprovalForAll')
    return told('approved') === 'true'
      ? [
          'Approval for all: the operator can take every token of this collection, now and later, until it is taken back.',
        ]
      : [];
  if (GRANTS.includes(name)) {
    const amount = args.find((one) => /amount/i.test(one.name));
    const limit = amount && NO_LIMIT[amount.type];
    if (amount && limit !== undefined && BigInt(amount.value) >= limit)
      return ['Unlimited approval: the spender can take all of this token, now and later, until it is taken back.'];
    return amount?.value === '0'
      ? []
      : ['The spender can take this much by themselves, now or later, until it is taken back.'];
  }
  const control = CONTROL[name];
  return control ? [control] : [];
};

/** Sentences on what of a call is dangerous. */
export const dangersOf = ({ kind, called, isExact, isUnreadable }: Told): readonly string[] => [
  ...(kind === 'create' ? ['It creates a contract. What that does can’t be told from here.'] : []),
  ...(kind === 'delegatecall'
    ? ['Delegated call: code of this address runs as the calling contract and can change and move everything it has.']
    : []),
  ...(called ? ofFunction(called) : []),
  ...(isExact ? [] : ['The bytes are not exactly these arguments. A contract may read more out of them.']),
  ...(isUnreadable ? ['It holds calls that can’t be read.'] : []),
];
