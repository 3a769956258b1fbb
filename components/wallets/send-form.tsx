'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { FormProblem } from '@/components/frame/form-problem';
import { Button } from '@/components/ui/button';
import { shorten } from '@/components/ui/copyable';
import { fiatOf, formatUnits } from '@/components/ui/decimal';
import { Field } from '@/components/ui/field';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { addressWarning } from '@/lib/client/address-warning';
import { feeCeilingShown } from '@/lib/client/intent';
import type { TransferBody, Wallet, WalletAssets } from '@/lib/client/shapes';
import { useTransfer, useWalletAssets } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import { PolicyPreview } from './policy-preview';
import { RecipientWarning } from './recipient-warning';
import { amountTyped, EMPTY_SEND, NATIVE, OTHER, sendForm } from './send-input';
import { useIsFrozen } from './use-is-frozen';

type SendFormProps = {
  from: Wallet;
  wallets: readonly Wallet[];
  onFrom: (walletId: string) => void;
  onDone: () => void;
};

type Held = WalletAssets['assets'][number];
const idOf = (asset: Held) => (asset.kind === 'Native' ? NATIVE : asset.contract);

/** What is sent, and from where. */
export const SendForm = ({ from, wallets, onFrom, onDone }: SendFormProps) => {
  const router = useRouter();
  const assets = useWalletAssets(from.id);
  const addresses = useKnownAddresses();
  const frozen = useIsFrozen()(from.id);
  const transfer = useTransfer();
  const native = findNetwork(from.network)?.native;
  const held = assets.data?.assets ?? [];
  // What another wallet holds stays chosen when the sender changes: another asset under the same amount would be another payment.
  const [elsewhere, setElsewhere] = useState<Held | undefined>(undefined);
  const heldAs = (id: string) => held.find((asset) => idOf(asset) === id);
  const kept = (id: string) => (elsewhere && idOf(elsewhere) === id ? elsewhere : undefined);
  const known = (id: string) => heldAs(id) ?? kept(id) ?? (id === NATIVE ? native : undefined);
  const decimalsOf = (id: string) => known(id)?.decimals;
  const schema = sendForm(from.network, decimalsOf);
  const form = useZodForm(schema, EMPTY_SEND);
  const input = form.watch();
  const isOther = input.assetId === OTHER;
  const chosen = heldAs(input.assetId);
  const symbol = isOther ? 'tokens' : known(input.assetId)?.symbol;
  const { decimals, base, why } = amountTyped(input, decimalsOf);
  const usd = chosen?.quotes?.['USD'];
  const fiat = base && decimals !== undefined && usd !== undefined ? fiatOf(base, decimals, String(usd)) : null;
  const warning = addressWarning(input.to.trim(), addresses.addresses);
  const ours = addresses.wallets.get(input.to.trim().toLowerCase());
  const overdrawn = base !== null && chosen !== undefined && BigInt(base) > BigInt(chosen.balance);
  const readable = schema.safeParse(input).data ?? null;
  const ceiling = readable && feeCeilingShown(from, readable);

  const isGone = elsewhere !== undefined && input.assetId === idOf(elsewhere) && assets.data !== undefined && !chosen;
  const changeFrom = (walletId: string) => {
    const next = wallets.find((wallet) => wallet.id === walletId);
    const token = input.assetId === NATIVE || isOther ? undefined : (chosen ?? kept(input.assetId));
    setElsewhere(token);
    // Neither a token nor a coin of one network is there on another.
    if (next && next.network !== from.network) {
      setElsewhere(undefined);
      form.setValue('assetId', NATIVE);
      form.setValue('amount', '');
    }
    onFrom(walletId);
  };
  const submit = (body: TransferBody) => {
    if (!from.address) return;
    const feeCeiling = feeCeilingShown(from, body);
    transfer.mutate(
      {
        params: { walletId: from.id },
        body,
        context: {
          walletId: from.id,
          network: from.network,
          address: from.address,
          ...(feeCeiling !== null && { feeCeiling }),
        },
      },
      {
        onSuccess: (answer) => {
          onDone();
          if (answer.kind !== 'done') return;
          const { id, status } = answer.result;
          if (status === 'Pending')
            toast.note('Waiting for approval', 'A policy asks for it; see the request for whom it waits.');
          else toast.done('On its way', `Now ${status}.`);
          router.push(`/console/activity/${id}`);
        },
      },
    );
  };
  const options = [
    ...(held.some((asset) => asset.kind === 'Native')
      ? []
      : [{ value: NATIVE, label: native?.symbol ?? 'Native coin' }]),
    ...held.map((asset) => ({
      value: idOf(asset),
      label: asset.symbol ?? shorten(idOf(asset)),
      note: formatUnits(asset.balance, asset.decimals),
    })),
    ...(elsewhere && !heldAs(idOf(elsewhere))
      ? [{ value: idOf(elsewhere), label: elsewhere.symbol ?? shorten(idOf(elsewhere)), note: 'not in this wallet' }]
      : []),
    { value: OTHER, label: 'Another token' },
  ];
  return (
    <Form form={form} className="space-y-4" onSubmit={submit}>
      {frozen && (
        <Notice tone="frozen" title="This wallet is frozen">
          Nothing leaves it until it is unfrozen; the server will refuse this.
        </Notice>
      )}
      <Field label="From">
        <Select
          value={from.id}
          onChange={changeFrom}
          options={wallets.map((wallet) => ({
            value: wallet.id,
            label: wallet.name ?? shorten(wallet.id),
            note: networkWords(wallet.network),
          }))}
        />
      </Field>
      <FormField
        form={form}
        name="assetId"
        label="Asset"
        hint={assets.error ? `Balances unknown: ${assets.error.message}` : undefined}
      >
        {(control) => <Select {...control} options={options} />}
      </FormField>
      {isOther && (
        <div className="grid grid-cols-[1fr_96px] gap-3">
          <FormField form={form} name="contract" label="Token contract">
            {(control) => <Input mono {...control} />}
          </FormField>
          <FormField form={form} name="decimals" label="Decimals">
            {(control) => <Input {...control} inputMode="numeric" maxLength={2} />}
          </FormField>
        </div>
      )}
      <FormField form={form} name="to" label="To" hint={ours ? `Your wallet ${ours.name}.` : undefined}>
        {(control) => <Input mono {...control} placeholder="0x…" />}
      </FormField>
      {warning && <RecipientWarning warning={warning} address={input.to.trim()} />}
      <FormField
        form={form}
        name="amount"
        label={`Amount${symbol ? ` in ${symbol}` : ''}`}
        hint={
          base !== null && decimals !== undefined ? (
            <span className="tabular">
              = <span className="text-ink">{`${formatUnits(base, decimals)} ${symbol ?? 'tokens'}`}</span>
              {fiat ? ` · ${fiat} USD · ` : ' · no price known · '}
              {base} base units
            </span>
          ) : (
            why
          )
        }
      >
        {(control) => <Input {...control} inputMode="decimal" className="tabular" placeholder="0.00" />}
      </FormField>
      {(overdrawn || isGone) && (
        <Notice tone="pending" title="More than the wallet holds">
          It would fail on chain, after any approvals.
        </Notice>
      )}
      <FormField
        form={form}
        name="externalId"
        label="External id"
        optional
        hint="Sent twice with the same id, it happens once."
      >
        {(control) => <Input {...control} maxLength={50} />}
      </FormField>
      {ceiling !== null && native && (
        <p className="text-muted text-xs">
          The network fee is at most{' '}
          <span className="tabular text-ink">
            {formatUnits(ceiling, native.decimals)} {native.symbol}
          </span>
          ; you sign that too.
        </p>
      )}
      <PolicyPreview walletId={from.id} body={frozen ? null : readable} />
      <FormProblem form={form} error={transfer.error} />
      <Button type="submit" look="primary" size="lg" className="w-full" busy={transfer.isPending}>
        <KeyRound aria-hidden />
        {base !== null && symbol && decimals !== undefined
          ? `Send ${formatUnits(base, decimals)} ${symbol} with passkey`
          : 'Send with passkey'}
      </Button>
    </Form>
  );
};
