'use client';

import { useKeyHolders } from '@/lib/client/signing-keys';

/** How many signers hold a share of the key; fewer than all once the store of one was lost. */
export const KeyHolders = ({ keyId }: { keyId: string }) => {
  const { data } = useKeyHolders(keyId);
  if (!data) return <span className="text-faint">unknown</span>;
  const { holders, nodes, threshold } = data;
  if (holders.length === nodes)
    return (
      <span>
        all {nodes} signers; any {threshold} sign
      </span>
    );
  return (
    <span className="text-pending">
      {holders.length} of {nodes} signers hold this key: {holders.join(', ')}. {threshold} are needed.
    </span>
  );
};
