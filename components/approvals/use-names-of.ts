'use client';

import { useCallback } from 'react';
import { useNames } from '@/components/people/use-names';
import { shorten } from '@/components/ui/copyable';
import { usePermissions } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';

/** Names of people, roles and wallets by id; a shortened id for what the reader may not see. */
export const useNameOf = (): ((id: string) => string) => {
  const names = useNames();
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows;
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  return useCallback(
    (id) =>
      names.get(id)?.label ??
      roles.find((role) => role.id === id)?.name ??
      wallets.find((wallet) => wallet.id === id)?.name ??
      shorten(id),
    [names, roles, wallets],
  );
};
