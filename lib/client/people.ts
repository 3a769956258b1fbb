'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { credentialsOf, PEOPLE, SERVICE_ACCOUNTS, userOf } from './first-asked';
import { QUERY } from './keys';
import type { Page, ServiceAccount, User, UserCredential } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

export const usePeople = (options: { readonly enabled?: boolean } = {}) => usePages<User>(PEOPLE, options);

export const usePerson = (userId: string) =>
  useQuery({
    queryKey: userOf(userId).key,
    queryFn: ({ signal }) => read<User>('auth.getUser', { params: { userId }, signal }),
  });

/** Keys a person registered, with whether they count at the signers; everybody may ask for their own. */
export const usePersonCredentials = (userId: string | undefined, options: { readonly enabled?: boolean } = {}) =>
  useQuery({
    queryKey: credentialsOf(userId ?? '').key,
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly UserCredential[] }>('x.listUserCredentials', {
        params: { userId: userId ?? '' },
        signal,
      }),
    enabled: userId !== undefined && (options.enabled ?? true),
  });

export const useServiceAccounts = (options: { readonly enabled?: boolean } = {}) =>
  useQuery({
    queryKey: SERVICE_ACCOUNTS.key,
    queryFn: ({ signal }) => read<Page<ServiceAccount>>(SERVICE_ACCOUNTS.operation, { signal }),
    enabled: options.enabled ?? true,
  });

const IDENTITIES = [QUERY.people, QUERY.serviceAccounts, QUERY.permissions, QUERY.approvals];
export const useActivateUser = () => useSigned<User>('auth.activateUser', IDENTITIES);
export const useDeactivateUser = () => useSigned<User>('auth.deactivateUser', IDENTITIES);
export const useArchiveUser = () => useSigned<User>('auth.archiveUser', IDENTITIES);
export const useActivateServiceAccount = () => useSigned<ServiceAccount>('auth.activateServiceAccount', IDENTITIES);
export const useDeactivateServiceAccount = () => useSigned<ServiceAccount>('auth.deactivateServiceAccount', IDENTITIES);
export const useArchiveServiceAccount = () => useSigned<ServiceAccount>('auth.archiveServiceAccount', IDENTITIES);

export const useInvite = () => useSigned<User>('auth.createUser', [QUERY.people]);
export const useCreateServiceAccount = () =>
  useSigned<ServiceAccount>('auth.createServiceAccount', [QUERY.serviceAccounts, QUERY.people]);
