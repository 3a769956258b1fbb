'use client';

import { UsersRound } from 'lucide-react';
import { Person } from '@/components/people/person';
import { exactTime } from '@/components/ui/time';
import { standInsOf } from '@/lib/client/seats';
import type { GroupProgress } from '@/lib/policy/quorum';
import { InPlaceOf } from './in-place-of';

type Awaited = { readonly userId: string; readonly holders: readonly string[] };

const NAMED = 6;

/** Who could take an open seat; somebody without a seat of their own is named with whose it is. */
export const awaitedOf = ({ awaited, couldTake }: GroupProgress): readonly Awaited[] => {
  const standIns = standInsOf(couldTake);
  return awaited.map((userId) => ({
    userId,
    holders: standIns.filter((seat) => seat.takenBy === userId).map((seat) => seat.holder),
  }));
};

/** Names of those awaited, the first of many. */
export const AwaitedNames = ({ people }: { people: readonly Awaited[] }) => (
  <>
    {people.slice(0, NAMED).map(({ userId, holders }, at) => (
      <span key={userId}>
        {at > 0 && ', '}
        <Person userId={userId} />
        <InPlaceOf holders={holders} />
      </span>
    ))}
    {people.length > NAMED && ` and ${people.length - NAMED} more`}
  </>
);

/** From when on a group asks more people, and whom. */
export const Escalation = ({
  escalation,
  dateAsked,
  openMs,
}: {
  escalation: NonNullable<GroupProgress['group']['escalation']>;
  dateAsked: string;
  openMs: number;
}) => {
  const afterMs = escalation.afterMinutes * 60_000;
  const at = exactTime(Date.parse(dateAsked) + afterMs);
  const people = escalation.approvers.userId.in.map((userId) => ({ userId, holders: [] }));
  return (
    <li className="flex items-start gap-2.5 text-muted">
      <UsersRound aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
      <p className="min-w-0">
        {openMs >= afterMs ? `Escalated ${at}: asked since then too are ` : `Escalates ${at}: then also asks `}
        <span className="text-ink">
          <AwaitedNames people={people} />
        </span>
      </p>
    </li>
  );
};
