'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { Wallet } from '@/lib/client/shapes';

/** Why nothing can be signed for a wallet that could not be read; nothing while it is known or on its way. */
export const WalletUnread = ({ wallet }: { wallet: UseQueryResult<Wallet> }) =>
  wallet.data || !wallet.error ? null : (
    <Notice
      tone="bad"
      title="The wallet could not be read"
      action={
        <Button size="sm" busy={wallet.isFetching} onClick={() => void wallet.refetch()}>
          Try again
        </Button>
      }
    >
      {wallet.error.message} Its network and address are part of what your passkey signs: nothing can be signed before
      they are known.
    </Notice>
  );
