'use client';

import { CircleHelp, CircleX, Hourglass, ShieldCheck } from 'lucide-react';
import { Skeleton } from '@/components/ui/skeleton';
import { minuteTime } from '@/components/ui/time';
import { READS_GENESIS, useScreeningChecks } from '@/lib/client/screenings';
import { useMay } from '@/lib/client/session';
import type { Facts } from '@/lib/client/shapes';
import type { ScreeningCheck } from '@/lib/verifying/check-screening';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';

type Screening = NonNullable<ScreeningCheck['screening']>;

const LOOK = {
  verified: { icon: ShieldCheck, colour: 'text-good', word: 'verified in this browser' },
  refused: { icon: CircleX, colour: 'text-bad', word: 'not genuine' },
  open: { icon: Hourglass, colour: 'text-pending', word: 'not verified here' },
} as const;

/** Genuine, and still nothing to rely on. */
const NO_ANSWER = {
  icon: CircleHelp,
  colour: 'text-pending',
  word: 'nothing to rely on, verified in this browser',
} as const;

const OUTCOME: Readonly<Record<Screening['outcome'], string>> = {
  screened: 'answered',
  failed: 'did not answer',
  unsupportedNetwork: 'does not know the network',
  unsupportedAsset: 'does not know the asset',
  conflicting: 'gave answers that differ',
};

const findingWords = ({ kind, category, level }: Screening['findings'][number]): string =>
  `${kind === 'sanctions' ? 'sanctions list' : kind}${level ? ` ${level}` : ''}: ${category}`;

/** What a vendor said, in words. */
const saidWords = ({ outcome, reason, sources, findings, score, message, at }: Screening): string =>
  [
    `${OUTCOME[outcome]}${reason ? ` (${reason})` : ''}`,
    findings.length > 0
      ? `found ${findings.slice(0, 5).map(findingWords).join(', ')}${findings.length > 5 ? ` and ${findings.length - 5} more` : ''}`
      : outcome === 'screened' && score === undefined && !message
        ? 'found nothing'
        : '',
    score === undefined ? '' : `risk score ${score}`,
    message ? `travel-rule message ${message.state}` : '',
    sources.length > 0 ? `by ${sources.join(', ')}` : '',
    `signed ${minuteTime(at)}`,
  ]
    .filter((part) => part !== '')
    .join('; ');

/** What vendors said of the transfer when it was asked for, and which of it this browser verified. */
export const Screenings = ({ entry, facts }: { entry: OwnEntry; facts: Facts }) => {
  const checks = useScreeningChecks(entry, facts);
  const mayVerify = useMay(READS_GENESIS);
  if (!checks) return <Skeleton className="h-4 w-64" />;
  const words = {
    refused:
      'No oracle of this organisation signed this about exactly this transfer, in time. Signers count it as no answer at all.',
    open: mayVerify
      ? 'This browser could not read the genesis it knows, so it can’t tell whose keys sign. Signers verify it.'
      : `The server’s word alone: verifying it needs the permission ${READS_GENESIS}. Signers verify it.`,
  };
  return (
    <div>
      <p className="text-muted">What was said of the transfer when it was asked for</p>
      <ul className="mt-2 space-y-3">
        {checks.map(({ vendor, state, screening }) => {
          const isAnswered = state !== 'verified' || screening === undefined || screening.outcome === 'screened';
          const { icon: Icon, colour, word } = isAnswered ? LOOK[state] : NO_ANSWER;
          return (
            <li key={vendor} className="flex items-start gap-2.5">
              <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
              <div className="min-w-0">
                <p>
                  <span className="font-medium">{vendor}</span> <span className={colour}>{word}</span>
                </p>
                <p className="break-words text-muted">
                  {screening ? saidWords(screening) : state === 'refused' ? words.refused : words.open}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
};
