'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { AccessToken, Page } from './shapes';
import { useSigned } from './use-signed';

/** One's own personal access tokens. */
export const usePersonalTokens = () =>
  useQuery({
    queryKey: QUERY.tokens,
    queryFn: ({ signal }) => read<Page<AccessToken>>('auth.listPersonalAccessTokens', { signal }),
  });

export const useCreatePersonalToken = () =>
  useSigned<AccessToken>('auth.createPersonalAccessToken', [QUERY.tokens, QUERY.permissions]);
export const useActivatePersonalToken = () =>
  useSigned<AccessToken>('auth.activatePersonalAccessToken', [QUERY.tokens]);
export const useDeactivatePersonalToken = () =>
  useSigned<AccessToken>('auth.deactivatePersonalAccessToken', [QUERY.tokens]);
export const useArchivePersonalToken = () =>
  useSigned<AccessToken>('auth.archivePersonalAccessToken', [QUERY.tokens, QUERY.permissions]);
