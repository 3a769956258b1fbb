'use client';

import {
  Ban,
  CircleCheck,
  CircleDot,
  CircleX,
  Clock,
  FileSignature,
  Lock,
  type LucideIcon,
  Radio,
  Scale,
  Send,
  ShieldX,
  ThumbsUp,
  Undo2,
} from 'lucide-react';
import { InPlaceOf } from '@/components/approvals/in-place-of';
import { EntryLink } from '@/components/audit/entry-link';
import { Person } from '@/components/people/person';
import { classNames } from '@/components/ui/class-names';
import { Time } from '@/components/ui/time';
import type { ActivityDetail } from '@/lib/client/shapes';

type Step = ActivityDetail['timeline'][number];

const LOOKS: readonly (readonly [RegExp, LucideIcon, string])[] = [
  [/refus/i, ShieldX, 'text-bad'],
  [/den(y|ied)|reject|block/i, Ban, 'text-bad'],
  [/withdr/i, Undo2, 'text-muted'],
  [/fail|abort/i, CircleX, 'text-bad'],
  [/expir/i, Clock, 'text-bad'],
  [/confirm|final/i, CircleCheck, 'text-good'],
  [/broadcast/i, Radio, 'text-muted'],
  [/sign|release/i, FileSignature, 'text-muted'],
  [/reserv/i, Lock, 'text-muted'],
  [/approv/i, ThumbsUp, 'text-good'],
  [/evaluat|polic/i, Scale, 'text-muted'],
  [/request/i, Send, 'text-muted'],
];

const DECIDED = /^(approved|denied)$/;

const lookOf = (what: string) =>
  LOOKS.find(([pattern]) => pattern.test(what)) ?? ([/./, CircleDot, 'text-muted'] as const);

/** What happened, in order, each step with its place in the ledger. */
export const Timeline = ({
  steps,
  inPlaceOf,
}: {
  steps: readonly Step[];
  /** Who decided in seats of others, each with the holders of those seats. */
  inPlaceOf?: ReadonlyMap<string, readonly string[]>;
}) => (
  <ol className="relative">
    {steps.map((step, at) => {
      const [, Icon, colour] = lookOf(step.what);
      return (
        <li key={`${step.at}-${step.what}-${step.seq ?? at}`} className="relative flex gap-3 pb-4 last:pb-0">
          {at < steps.length - 1 && <span aria-hidden className="absolute top-6 bottom-0 left-2.5 w-px bg-line" />}
          <span className="flex size-5 shrink-0 items-center justify-center">
            <Icon aria-hidden className={classNames('size-4', colour)} strokeWidth={1.75} />
          </span>
          <div className="min-w-0 flex-1">
            <p className="break-words">
              {step.what.charAt(0).toUpperCase() + step.what.slice(1)}
              {step.by && (
                <span className="text-muted"> by {/^us-/.test(step.by) ? <Person userId={step.by} /> : step.by}</span>
              )}
              {step.byId && DECIDED.test(step.what) && <InPlaceOf holders={inPlaceOf?.get(step.byId) ?? []} />}
            </p>
            <p className="flex gap-2 text-faint text-xs">
              <Time at={step.at} />
              {step.seq !== undefined && <EntryLink seq={step.seq} />}
            </p>
          </div>
        </li>
      );
    })}
  </ol>
);
