'use client';

import { useMutation } from '@tanstack/react-query';
import { WalletMinimal } from 'lucide-react';
import { z } from 'zod';
import { networkWords } from '@/components/activities/network-name';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { formatUnits, readUnits } from '@/components/ui/decimal';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { hasBrowserWallet, payFromBrowserWallet } from '@/lib/client/browser-wallet';
import type { Wallet } from '@/lib/client/shapes';
import { typed } from '@/lib/client/typed';
import { amount } from '@/lib/contract/fields';
import { findNetwork } from '@/lib/contract/networks';

/** The first line of what an extension or viem says: the rest is for programmers. */
const firstLine = (error: Error): string => error.message.split('\n')[0] ?? '';

/** Base units of what is typed in whole ones. */
const fundForm = ({ symbol, decimals }: { readonly symbol: string; readonly decimals: number }) =>
  z.object({
    amount: typed(
      amount.refine((base) => base !== '0'),
      `Not an amount of ${symbol}.`,
      (text) => readUnits(text, decimals).base,
    ),
  });

/** Pays into a wallet from an extension of the browser, which asks its owner itself. */
export const FundFromBrowser = ({ wallet }: { wallet: Wallet & { address: string } }) => {
  const network = findNetwork(wallet.network);
  const native = network?.native;
  const form = useZodForm(fundForm(native ?? { symbol: wallet.network, decimals: 0 }), { amount: '' });
  const pay = useMutation({
    mutationFn: async (base: string) => {
      if (!network) throw new Error(`${wallet.network} is not known here.`);
      return payFromBrowserWallet(network, { to: wallet.address, amount: base });
    },
  });
  if (!native) return null;
  const { base, why } = readUnits(form.watch('amount'), native.decimals);
  if (!hasBrowserWallet())
    return (
      <p className="border-t pt-4 text-muted">
        No wallet extension was found in this browser. With one, you can pay from it here.
      </p>
    );
  return (
    <div className="space-y-3 border-t pt-4">
      <p className="font-medium">From a wallet in this browser</p>
      <Form form={form} className="flex items-start gap-2" onSubmit={({ amount }) => pay.mutate(amount)}>
        <div className="flex-1">
          <FormField
            form={form}
            name="amount"
            label={`Amount in ${native.symbol}`}
            hint={
              base !== null
                ? `= ${formatUnits(base, native.decimals)} ${native.symbol}`
                : (why ?? `The extension asks you to confirm, on ${networkWords(wallet.network)}.`)
            }
          >
            {(control) => <Input {...control} inputMode="decimal" />}
          </FormField>
        </div>
        <Button type="submit" className="mt-6" busy={pay.isPending}>
          <WalletMinimal aria-hidden />
          Ask the extension
        </Button>
      </Form>
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
