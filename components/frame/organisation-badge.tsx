'use client';

import { Signature } from 'lucide-react';
import Link from 'next/link';
import { classNames } from '@/components/ui/class-names';
import { Skeleton } from '@/components/ui/skeleton';
import { Tooltip } from '@/components/ui/tooltip';
import { useOrganisation } from '@/lib/client/organisation';

/** Organisation, where it runs, and that nobody outside has reviewed the signing code. */
export const OrganisationBadge = ({ wide }: { wide: string }) => {
  const { data } = useOrganisation();
  return (
    <Link
      href="/console/settings"
      prefetch={false}
      className="m-2 flex items-center gap-2.5 rounded-md p-1.5 hover:bg-hover"
      aria-label="Organisation settings"
    >
      <span className="flex size-7 shrink-0 items-center justify-center rounded-md bg-ink text-canvas">
        <Signature aria-hidden className="size-4" />
      </span>
      <span className={classNames('min-w-0 flex-1', wide)}>
        {data ? (
          <>
            <span className="block truncate font-semibold leading-4">{data.name}</span>
            <Tooltip
              side="right"
              content={`Profile ${data.profile}: ${data.profile === 'single-machine' ? 'all signers run on one machine, which is for trying out. ' : ''}The threshold-signing code has not been reviewed by an outside party.`}
            >
              <span className="block truncate text-faint text-xs leading-4">
                {data.profile} · {data.mainnet ? 'mainnets' : 'testnets'}
                <span className="block">unaudited</span>
              </span>
            </Tooltip>
          </>
        ) : (
          <Skeleton className="h-7 w-32" />
        )}
      </span>
    </Link>
  );
};
