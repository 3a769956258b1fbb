'use client';

import { useMemo } from 'react';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';
import { networkWords } from './network-name';

type Known = {
  /** Our wallets by lower-case address. */
  readonly wallets: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  /** Names of our wallets by id, of those that have one. */
  readonly names: ReadonlyMap<string, string>;
  /** Addresses that are ours or that a policy lists. */
  readonly addresses: readonly string[];
};

/** Addresses the organisation knows: what a look-alike would imitate. */
export const useKnownAddresses = (): Known => {
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  const policies = usePolicies(undefined, { enabled: useMay('Policies:Read') }).table.rows;
  return useMemo(() => {
    const byAddress = new Map<string, { id: string; name: string }>();
    for (const wallet of wallets)
      if (wallet.address)
        byAddress.set(wallet.address.toLowerCase(), {
          id: wallet.id,
          name: wallet.name ?? networkWords(wallet.network),
        });
    const listed = policies.flatMap((policy) =>
      policy.rule.kind === 'TransactionRecipientWhitelist' ? policy.rule.configuration.addresses : [],
    );
    const names = new Map(wallets.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
    return { wallets: byAddress, names, addresses: [...byAddress.keys(), ...listed] };
  }, [wallets, policies]);
};
