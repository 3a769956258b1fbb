'use client';

import { Select } from '@/components/ui/select';
import { useMay } from '@/lib/client/session';
import { useWallets } from '@/lib/client/wallets';
import { QUEUE_KINDS } from '@/lib/contract/queue-stages';

const KIND_WORDS = {
  Transfer: 'Transfers',
  Transaction: 'Transactions',
  Signature: 'Signatures',
  Change: 'Changes of rules',
} as const;
const ANY = 'any';

type QueueFiltersProps = {
  kind: string;
  onKind: (kind: string) => void;
  walletId: string;
  onWalletId: (walletId: string) => void;
};

/** What of the queue is shown; both stand in the URL. */
export const QueueFilters = ({ kind, onKind, walletId, onWalletId }: QueueFiltersProps) => {
  const wallets = useWallets({ enabled: useMay('Wallets:Read') }).table.rows;
  return (
    <>
      <Select
        aria-label="Kind of request"
        className="h-7 w-36 beside:hidden"
        value={kind || ANY}
        onChange={(value) => onKind(value === ANY ? '' : value)}
        options={[
          { value: ANY, label: 'Any kind' },
          ...QUEUE_KINDS.map((one) => ({ value: one, label: KIND_WORDS[one] })),
        ]}
      />
      {wallets.length > 1 && (
        <Select
          aria-label="Wallet"
          className="h-7 w-40 beside:hidden"
          value={walletId || ANY}
          onChange={(value) => onWalletId(value === ANY ? '' : value)}
          options={[
            { value: ANY, label: 'Any wallet' },
            ...wallets.map((one) => ({ value: one.id, label: one.name ?? one.network })),
          ]}
        />
      )}
    </>
  );
};
