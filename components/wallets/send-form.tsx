'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { networkWords } from '@/components/activities/network-name';
import { useKnownAddresses } from '@/components/activities/use-known-addresses';
import { SigningProblem } from '@/components/frame/signing-problem';
import { fiatOf, formatUnits, parseUnits } from '@/components/ui/amount';
import { Button } from '@/components/ui/button';
import { shorten } from '@/components/ui/copyable';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { toast } from '@/components/ui/toast';
import { addressProblem, feeCeilingShown } from '@/lib/client/intent';
import { findLookAlike } from '@/lib/client/look-alike';
import type { TransferBody, Wallet } from '@/lib/client/shapes';
import { useTransfer, useWalletAssets } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import { PolicyPreview } from './policy-preview';
import { useIsFrozen } from './use-is-frozen';

type SendFormProps = {
  from: Wallet;
  wallets: readonly Wallet[];
  onFrom: (walletId: string) => void;
  onDone: () => void;
};

const OTHER = 'other';

export const SendForm = ({ from, wallets, onFrom, onDone }: SendFormProps) => {
  const router = useRouter();
  const assets = useWalletAssets(from.id);
  const known = useKnownAddresses();
  const frozen = useIsFrozen()(from.id);
  const transfer = useTransfer();
  const [assetId, setAssetId] = useState('native');
  const [contract, setContract] = useState('');
  const [decimalsText, setDecimalsText] = useState('18');
  const [to, setTo] = useState('');
  const [amountText, setAmountText] = useState('');
  const [externalId, setExternalId] = useState('');
  const [tried, setTried] = useState(false);

  const native = findNetwork(from.network)?.native;
  const held = assets.data?.assets ?? [];
  const idOf = (asset: (typeof held)[number]) => (asset.kind === 'Native' ? 'native' : asset.contract);
  const chosen = held.find((asset) => idOf(asset) === assetId);
  const decimals =
    assetId === OTHER
      ? Number(decimalsText)
      : (chosen?.decimals ?? (assetId === 'native' ? native?.decimals : undefined));
  const symbol = assetId === OTHER ? 'tokens' : (chosen?.symbol ?? (assetId === 'native' ? native?.symbol : undefined));
  const token = assetId === OTHER ? contract.trim() : assetId;
  const base = decimals === undefined ? null : parseUnits(amountText, decimals);
  const usd = chosen?.quotes?.['USD'];
  const fiat = base && decimals !== undefined && usd !== undefined ? fiatOf(base, decimals, String(usd)) : null;
  const recipient = to.trim();
  const lookAlike = findLookAlike(recipient, known.addresses);
  const ours = known.wallets.get(recipient.toLowerCase());
  const problems = {
    to: addressProblem(from.network, recipient),
    contract: assetId === OTHER ? addressProblem(from.network, contract.trim()) : null,
    amount:
      base === null
        ? `Type an amount with at most ${decimals ?? '?'} decimals.`
        : BigInt(base) === 0n && assetId !== 'native'
          ? 'Type an amount above zero.'
          : null,
  };
  const overdrawn = base !== null && chosen !== undefined && BigInt(base) > BigInt(chosen.balance);
  const common = { to: recipient, amount: base ?? '0', ...(externalId && { externalId }) };
  const body: TransferBody =
    assetId === 'native' ? { kind: 'Native', ...common } : { kind: 'Erc20', contract: token, ...common };
  const ceiling = problems.to || problems.contract || problems.amount ? null : feeCeilingShown(from, body);

  const submit = () => {
    setTried(true);
    if (problems.to || problems.contract || problems.amount || !from.address) return;
    transfer.mutate(
      {
        params: { walletId: from.id },
        body,
        context: {
          walletId: from.id,
          network: from.network,
          address: from.address,
          ...(ceiling !== null && { feeCeiling: ceiling }),
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
      : [{ value: 'native', label: native?.symbol ?? 'Native coin' }]),
    ...held.map((asset) => ({
      value: idOf(asset),
      label: asset.symbol ?? shorten(idOf(asset)),
      note: formatUnits(asset.balance, asset.decimals),
    })),
    { value: OTHER, label: 'Another token' },
  ];
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {frozen && (
        <Notice tone="frozen" title="This wallet is frozen">
          Nothing leaves it until it is unfrozen; the server will refuse this.
        </Notice>
      )}
      <Field label="From">
        <Select
          value={from.id}
          onChange={onFrom}
          options={wallets.map((wallet) => ({
            value: wallet.id,
            label: wallet.name ?? shorten(wallet.id),
            note: networkWords(wallet.network),
          }))}
        />
      </Field>
      <Field label="Asset" hint={assets.error ? `Balances unknown: ${assets.error.message}` : undefined}>
        <Select value={assetId} onChange={setAssetId} options={options} />
      </Field>
      {assetId === OTHER && (
        <div className="grid grid-cols-[1fr_96px] gap-3">
          <Field label="Token contract" error={tried ? (problems.contract ?? undefined) : undefined}>
            <Input mono value={contract} onChange={(event) => setContract(event.target.value)} />
          </Field>
          <Field label="Decimals">
            <Input
              value={decimalsText}
              inputMode="numeric"
              onChange={(event) => setDecimalsText(event.target.value.replace(/\D/g, '').slice(0, 2))}
            />
          </Field>
        </div>
      )}
      <Field
        label="To"
        error={tried ? (problems.to ?? undefined) : undefined}
        hint={ours ? `Your wallet ${ours.name}.` : undefined}
      >
        <Input mono value={to} placeholder="0x…" onChange={(event) => setTo(event.target.value)} />
      </Field>
      {lookAlike && (
        <Notice tone="bad" title="This looks like an address you know, but is another one">
          You know <span className="break-all font-mono">{lookAlike}</span>. The beginning and end agree, the middle
          differs. That is how poisoned addresses are made.
        </Notice>
      )}
      <Field
        label={`Amount${symbol ? ` in ${symbol}` : ''}`}
        error={tried ? (problems.amount ?? undefined) : undefined}
        hint={
          base !== null && (
            <span className="tabular">
              {fiat ? `${fiat} USD · ` : 'no price known · '}
              {base} base units
            </span>
          )
        }
      >
        <Input
          value={amountText}
          inputMode="decimal"
          className="tabular"
          placeholder="0.00"
          onChange={(event) => setAmountText(event.target.value)}
        />
      </Field>
      {overdrawn && (
        <Notice tone="pending" title="More than the wallet holds">
          It would fail on chain, after any approvals.
        </Notice>
      )}
      <Field label="External id" optional hint="Sent twice with the same id, it happens once.">
        <Input value={externalId} maxLength={50} onChange={(event) => setExternalId(event.target.value)} />
      </Field>
      {ceiling !== null && native && (
        <p className="text-muted text-xs">
          The network fee is at most{' '}
          <span className="tabular text-ink">
            {formatUnits(ceiling, native.decimals)} {native.symbol}
          </span>
          ; you sign that too.
        </p>
      )}
      <PolicyPreview
        walletId={from.id}
        body={problems.to || problems.contract || problems.amount || frozen ? null : body}
      />
      <SigningProblem error={transfer.error} />
      <Button type="submit" look="primary" size="lg" className="w-full" busy={transfer.isPending}>
        <KeyRound aria-hidden />
        {base !== null && symbol && decimals !== undefined
          ? `Send ${formatUnits(base, decimals)} ${symbol} with passkey`
          : 'Send with passkey'}
      </Button>
    </form>
  );
};
