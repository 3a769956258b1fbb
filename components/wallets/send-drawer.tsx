'use client';

import { useState } from 'react';
import { Drawer } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { Wallet } from '@/lib/client/shapes';
import { SendForm } from './send-form';

type SendDrawerProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  wallets: readonly Wallet[];
  fromId?: string;
};

/** Sends a coin or token from a wallet. What was typed stays when another wallet is chosen, and is not thrown away without a question. */
export const SendDrawer = ({ open, onOpenChange, wallets, fromId }: SendDrawerProps) => {
  const able = wallets.filter((wallet) => wallet.address && wallet.status === 'Active');
  const [chosen, setChosen] = useState<string | null>(null);
  const from = able.find((wallet) => wallet.id === (chosen ?? fromId)) ?? able[0];
  return (
    <Drawer
      open={open}
      onOpenChange={onOpenChange}
      title="Send"
      description="The policies decide whether it goes at once or waits for approval."
    >
      {from ? (
        <SendForm from={from} wallets={able} onFrom={setChosen} onDone={() => onOpenChange(false)} />
      ) : (
        <Notice title="No wallet can send yet">Create a wallet on a network with addresses first.</Notice>
      )}
    </Drawer>
  );
};
