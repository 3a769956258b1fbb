'use client';

import { useOrganisation } from '@/lib/client/organisation';

export const useIsFrozen = (): ((walletId: string) => boolean) => {
  const { data } = useOrganisation();
  return (walletId) => data !== undefined && (data.frozen || data.frozenWalletIds.includes(walletId));
};
