import type { WalletRecord } from './records';

/**
 * Wallets as policies on signatures go by them at that time, unix ms: with their tags and with those that were taken away by a change
 * which has not cooled. Else a tag taken away would silence at once a policy whose own change binds a day later.
 */
export const judgedWallets = (
  wallets: readonly Pick<WalletRecord, 'id' | 'tags' | 'cooling'>[],
  at: number,
): { readonly id: string; readonly tags: readonly string[] }[] =>
  wallets.map(({ id, tags, cooling = [] }) => {
    const former = cooling.filter(({ until }) => at < until).flatMap((item) => item.tags);
    return { id, tags: former.length === 0 ? tags : [...new Set([...tags, ...former])] };
  });
