'use client';

import { useMemo } from 'react';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { useMay, useSession } from '@/lib/client/session';

export type KnownName = { readonly label: string; readonly isServiceAccount: boolean; readonly isMe: boolean };

/** Names of everybody the reader may know of, by user id. */
export const useNames = (): ReadonlyMap<string, KnownName> => {
  const session = useSession();
  const mayReadPeople = useMay('Auth:Users:Read');
  const mayReadAccounts = useMay('Auth:ServiceAccounts:Read');
  const people = usePeople({ enabled: mayReadPeople }).table.rows;
  const accounts = useServiceAccounts({ enabled: mayReadAccounts }).data?.items;
  const me = session.data?.user;
  return useMemo(() => {
    const names = new Map<string, KnownName>();
    for (const one of people)
      names.set(one.userId, {
        label: one.username || one.name,
        isServiceAccount: false,
        isMe: one.userId === me?.userId,
      });
    for (const { userInfo } of accounts ?? [])
      names.set(userInfo.userId, { label: userInfo.name || userInfo.username, isServiceAccount: true, isMe: false });
    if (me) names.set(me.userId, { label: me.username || me.name, isServiceAccount: me.isServiceAccount, isMe: true });
    return names;
  }, [people, accounts, me]);
};
