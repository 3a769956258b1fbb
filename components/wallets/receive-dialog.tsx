'use client';

import dynamic from 'next/dynamic';
import { networkWords } from '@/components/activities/network-name';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { Wallet } from '@/lib/client/shapes';
import { findNetwork } from '@/lib/contract/networks';

const QrCode = dynamic(() => import('@/components/ui/qr-code').then((module) => module.QrCode), {
  ssr: false,
  loading: () => <Skeleton className="size-44" />,
});
/** Brings wagmi along, so it comes only when somebody opens this. */
const FundFromBrowser = dynamic(() => import('./fund-from-browser').then((module) => module.FundFromBrowser), {
  ssr: false,
  loading: () => <Skeleton className="h-8 w-48" />,
});

type ReceiveDialogProps = {
  wallet: Wallet & { address: string };
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** Where to send something to this wallet: its address to copy or to scan, and straight from a wallet in the browser. */
export const ReceiveDialog = ({ wallet, open, onOpenChange }: ReceiveDialogProps) => {
  const network = findNetwork(wallet.network);
  const words = networkWords(wallet.network);
  // EIP-681: tells the scanning wallet the chain as well.
  const link = network?.chainId === undefined ? wallet.address : `ethereum:${wallet.address}@${network.chainId}`;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Receive to ${wallet.name ?? 'this wallet'}`}
      description={`On ${words} only. What is sent on another network does not arrive here.`}
    >
      <div className="space-y-4">
        <div className="flex flex-wrap items-start gap-4">
          <QrCode text={link} label={`Address of the wallet on ${words}, as a QR code`} />
          <div className="min-w-40 flex-1 space-y-2">
            <p className="text-muted text-xs">Address</p>
            <Copyable value={wallet.address} label="address" full />
            <p className="text-muted text-xs">
              Compare the whole address with whoever pays over a second channel before a large amount.
            </p>
          </div>
        </div>
        {network?.mainnet === false && (
          <Notice title={`${words} is a test network`}>Coins here have no value. Never send real ones.</Notice>
        )}
        {network?.chainId !== undefined && <FundFromBrowser wallet={wallet} />}
      </div>
    </Dialog>
  );
};
