'use client';

import { Activity, type LucideIcon, Scale, ShieldCheck, User, Wallet } from 'lucide-react';
import { useDeferredValue } from 'react';
import { useActivities } from '@/lib/client/activities';
import { usePeople } from '@/lib/client/people';
import { usePermissions } from '@/lib/client/permissions';
import { usePolicies } from '@/lib/client/policies';
import { useWallets } from '@/lib/client/wallets';

export type Found = {
  readonly href: string;
  readonly id: string;
  readonly label: string;
  readonly also?: string | undefined;
  readonly icon: LucideIcon;
};

/** Whatever has the text in its name, id, address or hash. Activities are searched by the server, the rest in what is loaded. */
export const useFound = (
  text: string,
  enabled: boolean,
): { readonly items: readonly Found[]; readonly isSearching: boolean } => {
  const search = useDeferredValue(text.trim());
  const isLong = enabled && search.length >= 3;
  const wallets = useWallets({ enabled }).table.rows;
  const policies = usePolicies(undefined, { enabled }).table.rows;
  const permissions = usePermissions({ enabled }).table.rows;
  const people = usePeople({ enabled }).table.rows;
  const activities = useActivities({ search }, { enabled: isLong });
  if (!isLong) return { items: [], isSearching: false };
  const has = (...parts: readonly (string | undefined)[]) =>
    parts.some((part) => part?.toLowerCase().includes(search.toLowerCase()));
  const items: Found[] = [
    ...wallets
      .filter((one) => has(one.id, one.name, one.address))
      .map((one) => ({
        href: `/console/wallets/${one.id}`,
        id: one.id,
        label: one.name ?? one.network,
        also: one.address,
        icon: Wallet,
      })),
    ...policies
      .filter((one) => has(one.id, one.name))
      .map((one) => ({ href: `/console/policies/${one.id}`, id: one.id, label: one.name, icon: Scale })),
    ...permissions
      .filter((one) => has(one.id, one.name))
      .map((one) => ({ href: `/console/roles/${one.id}`, id: one.id, label: one.name, icon: ShieldCheck })),
    ...people
      .filter((one) => has(one.userId, one.username, one.name))
      .map((one) => ({ href: `/console/people/${one.userId}`, id: one.userId, label: one.username, icon: User })),
    ...activities.table.rows.map((one) => ({
      href: `/console/activity/${one.id}`,
      id: one.id,
      label: `${one.kind} · ${one.status}`,
      also: one.externalId,
      icon: Activity,
    })),
  ];
  return { items: items.slice(0, 12), isSearching: activities.query.isFetching };
};
