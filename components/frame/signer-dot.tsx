'use client';

import Link from 'next/link';
import { signerHealth } from '@/components/signers/signer-health';
import { classNames } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import { useSigners } from '@/lib/client/organisation';

const COLOUR = {
  good: 'bg-good',
  pending: 'bg-pending',
  bad: 'bg-bad',
  neutral: 'bg-faint',
  frozen: 'bg-frozen',
} as const;

/** Whether enough signers are connected to sign, and whether this page is updated live. */
export const SignerDot = ({ wide, isLive }: { wide: string; isLive: boolean | null }) => {
  const signers = useSigners();
  const health = signerHealth(signers.data ?? null);
  return (
    <Tooltip
      side="right"
      content={`${health.sentence} ${isLive !== false ? 'This page is updated live.' : 'The live connection is down; this page asks every 10 seconds.'}`}
    >
      <Link
        href="/console/signers"
        prefetch={false}
        aria-label={`Signers: ${health.word}`}
        className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-ink"
      >
        <span className="flex size-4 shrink-0 items-center justify-center">
          <span className={classNames('size-2 rounded-full', COLOUR[health.tone])} />
        </span>
        <span className={classNames('flex-1 truncate', wide)}>{health.word}</span>
        {isLive === false && <span className={classNames('text-faint text-xs', wide)}>polling</span>}
      </Link>
    </Tooltip>
  );
};
