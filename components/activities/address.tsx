'use client';

import { Flame } from 'lucide-react';
import Link from 'next/link';
import { Copyable } from '@/components/ui/copyable';
import { Tooltip } from '@/components/ui/tooltip';
import { isBurnAddress } from '@/lib/client/burn-address';
import { findLookAlike } from '@/lib/client/look-alike';
import { LookAlike } from './look-alike';
import { useKnownAddresses } from './use-known-addresses';

/** An address by the name of our wallet when it is one, with a warning when it only looks like one of ours. */
export const Address = ({ address, full }: { address: string; full?: boolean }) => {
  const known = useKnownAddresses();
  const wallet = known.wallets.get(address.toLowerCase());
  const resembles = findLookAlike(address, known.addresses);
  return (
    <span className="inline-flex min-w-0 max-w-full flex-wrap items-center gap-x-1.5">
      {wallet && (
        <Link href={`/console/wallets/${wallet.id}`} prefetch={false} className="font-medium hover:underline">
          {wallet.name}
        </Link>
      )}
      <Copyable value={address} label="address" full={full ?? false} />
      {isBurnAddress(address) && (
        <Tooltip content="Nobody holds the key of this address: what is sent there is gone for good.">
          <span className="inline-flex items-center gap-1 whitespace-nowrap rounded-sm bg-bad-wash px-1 font-medium text-bad text-xs">
            <Flame aria-hidden className="size-3" />
            burn address
          </span>
        </Tooltip>
      )}
      {resembles && <LookAlike address={address} known={resembles} />}
    </span>
  );
};
