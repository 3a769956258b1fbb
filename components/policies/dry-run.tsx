'use client';

import { useState } from 'react';
import { useSentenceText } from '@/components/activities/sentence-text';
import { Alternatives } from '@/components/approvals/alternatives';
import { formatUnits, readUnits } from '@/components/ui/decimal';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { useActivities, useActivity } from '@/lib/client/activities';
import { useSimulation } from '@/lib/client/decisions';
import type { PolicyDefinition, TriedRequest } from '@/lib/client/shapes';
import { useWallets } from '@/lib/client/wallets';
import { findNetwork } from '@/lib/contract/networks';
import { policyBody } from '@/lib/contract/policies';

type Draft = NonNullable<TriedRequest['draft']>;

const TYPED = 'typed';
const VERDICT = {
  Allow: { tone: 'good', title: 'It would go at once' },
  RequestApproval: { tone: 'pending', title: 'It would wait for approval' },
  Block: { tone: 'bad', title: 'It would be blocked' },
} as const;

/** A request that was made, as it would be made again. */
const useRecent = (activityId: string, draft: Draft): TriedRequest | null => {
  const detail = useActivity(activityId === TYPED ? undefined : activityId).data;
  if (!detail?.walletId) return null;
  const { externalId: _externalId, ...body }: { [name: string]: unknown } = { ...detail.request.requestBody };
  return { kind: detail.kind, walletId: detail.walletId, body, draft };
};

const Verdict = ({ request }: { request: TriedRequest | null }) => {
  const { data: trace, error } = useSimulation(request);
  if (!request) return <p className="text-muted text-xs">Choose a request, or type one, to see what would happen.</p>;
  if (error)
    return (
      <Notice tone="pending" title="It can’t be tried">
        {error.message}
      </Notice>
    );
  if (!trace) return <p className="text-muted text-xs">Asking the policies …</p>;
  const { tone, title } = VERDICT[trace.outcome];
  return (
    <div aria-live="polite">
      <Notice tone={tone} title={title}>
        <ul className="space-y-1">
          {trace.policies
            .filter((policy) => policy.applies)
            .map((policy) => (
              <li key={policy.policyId} className={policy.triggered ? 'text-ink' : ''}>
                <span className="font-medium">{policy.name || 'This policy'}</span>{' '}
                {policy.triggered ? '' : 'does not ask: '}
                {policy.reason}
              </li>
            ))}
        </ul>
        {trace.outcome !== 'Allow' && <Alternatives trace={trace} />}
      </Notice>
    </div>
  );
};

/** What would happen to a request, recent or typed, if the definition on the screen were in force. Nothing is stored. */
export const DryRun = ({ definition, policyId }: { definition: PolicyDefinition; policyId?: string }) => {
  const [chosen, setChosen] = useState(TYPED);
  const [walletId, setWalletId] = useState('');
  const [to, setTo] = useState('');
  const [amount, setAmount] = useState('');
  const sentenceOf = useSentenceText();
  const wallets = useWallets().table.rows.filter((wallet) => wallet.status === 'Active');
  const recent = useActivities()
    .table.rows.filter((activity) => activity.walletId)
    .slice(0, 15);
  const draft: Draft = { definition, ...(policyId && { policyId }) };
  const again = useRecent(chosen, draft);
  const wallet = wallets.find((one) => one.id === walletId) ?? wallets[0];
  const native = wallet && findNetwork(wallet.network)?.native;
  const read = native && readUnits(amount, native.decimals);
  const base = read?.base ?? null;
  const typed: TriedRequest | null =
    wallet && base !== null && /^0x[0-9a-fA-F]{40}$/.test(to)
      ? { kind: 'Transfer', walletId: wallet.id, body: { kind: 'Native', to, amount: base }, draft }
      : null;
  if (definition.activityKind !== 'Wallets:Sign')
    return <p className="text-muted">A dry run is for policies on transfers, transactions and signatures.</p>;
  if (!wallet)
    return <p className="text-muted">There is no wallet to try it with yet. Create one, and come back here.</p>;
  const isValid = policyBody.safeParse(definition).success;
  return (
    <div className="space-y-3">
      <Field label="Request">
        <Select
          value={chosen}
          onChange={setChosen}
          options={[
            { value: TYPED, label: 'One that I type' },
            ...recent.map((activity) => ({ value: activity.id, label: sentenceOf(activity) })),
          ]}
        />
      </Field>
      {chosen === TYPED && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="From">
            <Select
              value={wallet.id}
              onChange={setWalletId}
              options={wallets.map((one) => ({ value: one.id, label: one.name ?? one.id }))}
            />
          </Field>
          <Field
            label={`Amount in ${native?.symbol ?? 'base units'}`}
            error={read?.why}
            hint={native && base !== null && `= ${formatUnits(base, native.decimals)} ${native.symbol}`}
          >
            <Input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
          </Field>
          <div className="sm:col-span-2">
            <Field
              label="Recipient"
              error={to !== '' && !/^0x[0-9a-fA-F]{40}$/.test(to) ? 'Not an address: 0x and 40 hex digits' : undefined}
            >
              <Input
                className="font-mono"
                value={to}
                placeholder="0x…"
                onChange={(event) => setTo(event.target.value.trim())}
              />
            </Field>
          </div>
        </div>
      )}
      {isValid ? (
        <Verdict request={chosen === TYPED ? typed : again} />
      ) : (
        <p className="text-muted text-xs">The policy is not complete yet; then it is tried at once.</p>
      )}
    </div>
  );
};
