'use client';

import { useMutation } from '@tanstack/react-query';
import { WalletMinimal } from 'lucide-react';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { parseUnits } from '@/components/ui/amount';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { hasBrowserWallet, payFromBrowserWallet } from '@/lib/client/browser-wallet';
import type { Wallet } from '@/lib/client/shapes';
import { findNetwork } from '@/lib/contract/networks';

/** The first line of what an extension or viem says: the rest is for programmers. */
const firstLine = (error: Error): string => error.message.split('\n')[0] ?? '';

/** Pays into a wallet from an extension of the browser, which asks its owner itself. */
export const FundFromBrowser = ({ wallet }: { wallet: Wallet & { address: string } }) => {
  const [amount, setAmount] = useState('');
  const network = findNetwork(wallet.network);
  const native = network?.native;
  const pay = useMutation({
    mutationFn: async (base: string) => {
      if (!network) throw new Error(`${wallet.network} is not known here.`);
      return payFromBrowserWallet(network, { to: wallet.address, amount: base });
    },
  });
  if (!native) return null;
  const base = parseUnits(amount, native.decimals);
  const isWrong = amount !== '' && (base === null || base === '0');
  if (!hasBrowserWallet())
    return (
      <p className="border-t pt-4 text-muted">
        No wallet extension was found in this browser. With one, you can pay from it here.
      </p>
    );
  return (
    <div className="space-y-3 border-t pt-4">
      <p className="font-medium">From a wallet in this browser</p>
      <div className="flex items-start gap-2">
        <div className="flex-1">
          <Field
            label={`Amount in ${native.symbol}`}
            error={isWrong ? `Not an amount of ${native.symbol}` : undefined}
            hint={`The extension asks you to confirm, on ${networkWords(wallet.network)}.`}
          >
            <Input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
          </Field>
        </div>
        <Button
          className="mt-6"
          busy={pay.isPending}
          disabled={base === null || base === '0'}
          onClick={() => base !== null && pay.mutate(base)}
        >
          <WalletMinimal aria-hidden />
          Ask the extension
        </Button>
      </div>
      {pay.error && (
        <Notice tone="bad" title="Nothing was sent">
          {firstLine(pay.error)}
        </Notice>
      )}
      {pay.data && (
        <Notice tone="good" title="Sent by the extension">
          <Copyable value={pay.data} label="transaction hash" /> It shows in the balance once the network has it.
        </Notice>
      )}
    </div>
  );
};
