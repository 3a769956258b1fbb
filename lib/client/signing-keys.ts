'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { QUERY } from './keys';
import type { Key, KeyHolders, KeyWithUse } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

/** Keys that sign, each held in shares by the signer nodes. Not credentials, which people hold. */
export const useKeys = (options: { readonly enabled?: boolean } = {}) =>
  usePages<Key>({ key: QUERY.signingKeys, operation: 'keys.listKeys', query: { limit: 100 } }, options);

export const useKey = (keyId: string) =>
  useQuery({
    queryKey: [...QUERY.signingKeys, keyId],
    queryFn: ({ signal }) => read<KeyWithUse>('keys.getKey', { params: { keyId }, signal }),
  });

export const useUpdateKey = () => useSigned<Key>('keys.updateKey', [QUERY.signingKeys]);

export const useKeyHolders = (keyId: string) =>
  useQuery({
    queryKey: [...QUERY.signers, 'holders', keyId],
    queryFn: ({ signal }) => read<KeyHolders>('x.getKeyHolders', { params: { keyId }, signal }),
    staleTime: 30_000,
  });
