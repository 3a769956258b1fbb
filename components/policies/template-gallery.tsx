'use client';

import { ArrowRight, FilePlus, Gauge, Hourglass, ListChecks, Scale, ShieldCheck, Timer, UserPlus } from 'lucide-react';
import Link from 'next/link';
import { PaneHeader } from '@/components/frame/pane-header';
import { draftFor } from './drafts';
import { ACTION_LABELS, activityWords, ruleWords } from './words';

const TEMPLATES = [
  {
    start: 'approval',
    icon: Hourglass,
    title: 'Approve every payment',
    why: 'Nothing leaves without somebody’s agreement. The place to begin.',
  },
  {
    start: 'limit',
    icon: Gauge,
    title: 'Above a value',
    why: 'Small payments go at once, larger ones wait for people.',
  },
  {
    start: 'day',
    icon: Timer,
    title: 'Above a value a day',
    why: 'Stops many small payments that add up; counts each wallet for itself.',
  },
  {
    start: 'rate',
    icon: Scale,
    title: 'Too many requests',
    why: 'A program that runs wild is stopped by their number.',
  },
  {
    start: 'recipients',
    icon: ListChecks,
    title: 'Only listed recipients',
    why: 'Blocks what goes elsewhere, and what goes nobody knows where.',
  },
  {
    start: 'governance',
    icon: ShieldCheck,
    title: 'Changes of policies',
    why: 'No one person can lift a limit, or unfreeze.',
  },
  {
    start: 'roles',
    icon: UserPlus,
    title: 'Giving and taking roles',
    why: 'Who gains power is agreed to by others first.',
  },
  { start: 'empty', icon: FilePlus, title: 'Start from nothing', why: 'Choose rule, action and filters yourself.' },
] as const;

/** Beginnings for a policy, each with what it does in words. */
export const TemplateGallery = () => (
  <article>
    <PaneHeader backHref="/console/policies" backLabel="Policies" title="New policy" />
    <div className="@container p-4 sm:p-6">
      <p className="mb-4 max-w-prose text-muted">
        Policies add to each other: all of them are asked, and the strictest answer counts. Everything can be changed
        before you create it.
      </p>
      <ul className="grid @xl:grid-cols-2 @4xl:grid-cols-3 gap-3">
        {TEMPLATES.map(({ start, icon: Icon, title, why }) => {
          const draft = draftFor(start);
          return (
            <li key={start}>
              <Link
                href={`/console/policies/new?start=${start}`}
                prefetch={false}
                className="group flex h-full flex-col gap-2 rounded-lg border bg-surface p-4 hover:border-line-strong hover:bg-hover"
              >
                <span className="flex items-center gap-2 font-semibold">
                  <Icon aria-hidden className="size-4 text-muted" strokeWidth={1.75} />
                  {title}
                  <ArrowRight aria-hidden className="ml-auto size-4 text-faint opacity-0 group-hover:opacity-100" />
                </span>
                <span className="text-muted">{why}</span>
                {start !== 'empty' && (
                  <span className="mt-auto border-t pt-2 text-muted text-xs">
                    {ACTION_LABELS[draft.action.kind]} for {activityWords(draft.activityKind)}, {ruleWords(draft.rule)}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  </article>
);
