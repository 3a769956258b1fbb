'use client';

import {
  Activity,
  Bot,
  KeyRound,
  type LucideIcon,
  Scale,
  ScrollText,
  ShieldCheck,
  ThumbsUp,
  User,
  Wallet,
} from 'lucide-react';
import { useDeferredValue, useEffect } from 'react';
import { useQueueText } from '@/components/approvals/use-approval-text';
import { useActivities } from '@/lib/client/activities';
import { useApprovalQueue } from '@/lib/client/approvals';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { usePermissions } from '@/lib/client/permissions';
import { usePolicies } from '@/lib/client/policies';
import { useMay } from '@/lib/client/session';
import { useKeys } from '@/lib/client/signing-keys';
import { useWallets } from '@/lib/client/wallets';

export type Found = {
  readonly href: string;
  readonly id: string;
  readonly label: string;
  readonly also?: string | undefined;
  readonly icon: LucideIcon;
};

/** What was found so far. Only `isAll` allows to say that there is nothing else. */
export type FoundSoFar = { readonly items: readonly Found[]; readonly isSearching: boolean; readonly isAll: boolean };

type Loading = {
  readonly query: { readonly isFetching: boolean; readonly isError: boolean };
  readonly table: {
    readonly rows: readonly unknown[];
    readonly hasMore: boolean;
    readonly isFetchingMore: boolean;
    readonly fetchMore: () => void;
  };
};

/** Rows of one list that are read for a search. */
const MOST_ROWS = 2000;

/** Reads a list to its end while somebody searches in it. */
const useAllOf = (
  { query, table }: Loading,
  isWanted: boolean,
): { readonly isBusy: boolean; readonly isAll: boolean } => {
  const { rows, hasMore, isFetchingMore, fetchMore } = table;
  const goesOn = isWanted && hasMore && !query.isError && rows.length < MOST_ROWS;
  useEffect(() => {
    if (goesOn && !isFetchingMore) fetchMore();
  }, [goesOn, isFetchingMore, fetchMore]);
  return { isBusy: query.isFetching || goesOn, isAll: !hasMore && !query.isError };
};

/** Whatever has the text in its name, id, address or hash. Requests are searched by the server, the other lists are read to their end. */
export const useFound = (text: string, enabled: boolean): FoundSoFar => {
  const search = useDeferredValue(text.trim());
  const entry = /^\d{1,15}$/.test(search) ? search : null;
  const isLong = enabled && search.length >= 3;
  const may = {
    wallets: useMay('Wallets:Read'),
    keys: useMay('Keys:Read'),
    policies: useMay('Policies:Read'),
    roles: useMay('Permissions:Read'),
    people: useMay('Auth:Users:Read'),
    accounts: useMay('Auth:ServiceAccounts:Read'),
    approvals: useMay('Policies:Approvals:Read'),
    ledger: useMay('Auth:Logs:Read'),
  };
  const queueText = useQueueText();
  const wallets = useWallets({ enabled: enabled && may.wallets });
  const keys = useKeys({ enabled: isLong && may.keys });
  const policies = usePolicies(undefined, { enabled: enabled && may.policies });
  const roles = usePermissions({ enabled: enabled && may.roles });
  const people = usePeople({ enabled: enabled && may.people });
  const accounts = useServiceAccounts({ enabled: isLong && may.accounts });
  const approvals = useApprovalQueue({}, { enabled: isLong && may.approvals });
  const activities = useActivities({ search }, { enabled: isLong });
  const read = [
    useAllOf(wallets, isLong),
    useAllOf(keys, isLong),
    useAllOf(policies, isLong),
    useAllOf(roles, isLong),
    useAllOf(people, isLong),
    useAllOf(approvals, isLong),
  ];
  const entries: readonly Found[] =
    entry !== null && may.ledger
      ? [{ href: `/console/audit/${entry}`, id: entry, label: `Ledger entry ${entry}`, icon: ScrollText }]
      : [];
  if (!isLong) return { items: entries, isSearching: false, isAll: false };
  const has = (...parts: readonly (string | undefined)[]) =>
    parts.some((part) => part?.toLowerCase().includes(search.toLowerCase()));
  const items: Found[] = [
    ...entries,
    ...wallets.table.rows
      .filter((one) => has(one.id, one.name, one.address))
      .map((one) => ({
        href: `/console/wallets/${one.id}`,
        id: one.id,
        label: one.name ?? one.network,
        also: one.address,
        icon: Wallet,
      })),
    ...keys.table.rows
      .filter((one) => has(one.id, one.name, one.publicKey))
      .map((one) => ({ href: `/console/keys/${one.id}`, id: one.id, label: one.name ?? 'Key', icon: KeyRound })),
    ...policies.table.rows
      .filter((one) => has(one.id, one.name))
      .map((one) => ({ href: `/console/policies/${one.id}`, id: one.id, label: one.name, icon: Scale })),
    ...roles.table.rows
      .filter((one) => has(one.id, one.name))
      .map((one) => ({ href: `/console/roles/${one.id}`, id: one.id, label: one.name, icon: ShieldCheck })),
    ...people.table.rows
      .filter((one) => has(one.userId, one.username, one.name))
      .map((one) => ({ href: `/console/people/${one.userId}`, id: one.userId, label: one.username, icon: User })),
    ...(accounts.data?.items ?? [])
      .map(({ userInfo }) => userInfo)
      .filter((one) => has(one.userId, one.username, one.name))
      .map((one) => ({
        href: `/console/people/${one.userId}`,
        id: one.userId,
        label: one.name || one.username,
        icon: Bot,
      })),
    ...approvals.table.rows
      .map((one) => ({ id: one.id, label: queueText(one) }))
      .filter((one) => has(one.id, one.label))
      .map((one) => ({ ...one, href: `/console/approvals/${one.id}`, icon: ThumbsUp })),
    ...activities.table.rows.map((one) => ({
      href: `/console/activity/${one.id}`,
      id: one.id,
      label: `${one.kind} · ${one.status}`,
      also: one.externalId,
      icon: Activity,
    })),
  ];
  return {
    items: items.slice(0, 20),
    isSearching: activities.query.isFetching || accounts.isFetching || read.some((one) => one.isBusy),
    isAll: !activities.query.isError && !accounts.isError && read.every((one) => one.isAll),
  };
};
