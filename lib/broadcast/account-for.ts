import type { BroadcastActivity } from './ports';

/** What the ledger knows of one nonce of an account: the activity that holds it, and the cancel that may have taken it. */
export type NonceOwners = readonly Pick<BroadcastActivity, 'release' | 'chain'>[];

/**
 * How the ledger accounts for a transaction that stands on the chain. `known`: the signers signed for this nonce and the broadcaster
 * has seen one of those transactions mined. `waiting`: signed, not seen yet. The others are alarms: nobody asked for this nonce
 * (`unknown`), somebody did and the signers did not sign (`unsigned`), or what they signed is not what is there (`replaced`).
 */
export type Account = 'known' | 'waiting' | 'unknown' | 'unsigned' | 'replaced';

/** Judges one used nonce. The chain must have been asked before the ledger: then what is signed in between is never an alarm. */
export const accountFor = (owners: NonceOwners): Account => {
  if (owners.length === 0) return 'unknown';
  const signed = owners.filter(({ release }) => release !== undefined);
  if (signed.length === 0) return 'unsigned';
  if (signed.some(({ chain }) => chain?.subStatus === 'ReplacedExternally')) return 'replaced';
  return signed.some(({ chain }) => chain?.status === 'Confirmed' || chain?.status === 'Failed') ? 'known' : 'waiting';
};

/**
 * Judges the nonces an account has used, in order.
 * @param used Owners of each nonce from the first unaccounted one on.
 * @param final How many of them can't be undone any more.
 * @returns the places in `used` that are alarms, and how many from the first on need no second look.
 */
export const accountForAll = (
  used: readonly NonceOwners[],
  final: number,
): {
  readonly alarms: readonly { readonly index: number; readonly reason: Exclude<Account, 'known' | 'waiting'> }[];
  readonly settled: number;
} => {
  const accounts = used.map(accountFor);
  const alarms = accounts.flatMap((reason, index) =>
    reason === 'known' || reason === 'waiting' ? [] : [{ index, reason }],
  );
  const open = accounts.indexOf('waiting');
  return { alarms, settled: Math.min(final, open === -1 ? used.length : open) };
};
