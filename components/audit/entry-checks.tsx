'use client';

import { CircleCheck, CircleX, Hourglass } from 'lucide-react';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { useAuditChecks } from '@/lib/client/audit';
import type { AuditEntryDetail } from '@/lib/client/shapes';

const LOOK = {
  held: { icon: CircleCheck, word: 'Held', colour: 'text-good' },
  failed: { icon: CircleX, word: 'Failed', colour: 'text-bad' },
  open: { icon: Hourglass, word: 'Open', colour: 'text-pending' },
} as const;

/** What this browser verified of an entry without believing the server, in words. */
export const EntryChecks = ({ detail }: { detail: AuditEntryDetail }) => {
  const { data: checks, error } = useAuditChecks(detail);
  const isFailed = checks?.some(({ state }) => state === 'failed');
  const isOpen = checks?.some(({ state }) => state === 'open');
  return (
    <Section title="Verified in this browser">
      {error ? (
        <Notice tone="pending" title="Nothing could be verified">
          {error.message}
        </Notice>
      ) : !checks ? (
        <div className="space-y-3" role="status" aria-label="Verifying">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-4 w-2/3" />
        </div>
      ) : (
        <div className="space-y-3">
          <p
            className={
              isFailed ? 'font-medium text-bad' : isOpen ? 'font-medium text-pending' : 'font-medium text-good'
            }
          >
            {isFailed
              ? 'This entry does not hold. Do not rely on it, and tell your operator.'
              : isOpen
                ? 'Everything that can be verified yet holds.'
                : 'This entry holds, and the signers have witnessed it.'}
          </p>
          <ul className="space-y-1.5">
            {checks.map(({ state, words }) => {
              const { icon: Icon, word, colour } = LOOK[state];
              return (
                <li key={words} className="flex items-start gap-2">
                  <Icon aria-label={word} className={`mt-0.5 size-4 shrink-0 ${colour}`} />
                  <span className="min-w-0 break-words">{words}</span>
                </li>
              );
            })}
          </ul>
          <p className="text-faint text-xs">
            Not verified here: that the credential is this person’s, that names shown instead of ids belong to them, and
            that no later entry was withheld. Evidence of a request replays the ledger for the first.
          </p>
        </div>
      )}
    </Section>
  );
};
