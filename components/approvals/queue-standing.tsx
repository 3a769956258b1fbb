'use client';

import { Clock } from 'lucide-react';
import { StatusBadge } from '@/components/activities/status-badge';
import { Badge } from '@/components/ui/badge';
import { classNames } from '@/components/ui/class-names';
import { exactTime, fromTime } from '@/components/ui/time';
import type { QueueItem } from '@/lib/client/shapes';

type Seats = QueueItem['seats'][number];

const openOf = (seats: Seats): number => Math.max(0, (seats.required ?? 0) - seats.approvedBy.length);

/** Filled and open seats as dots; the words beside them say the same. */
const Dots = ({ groups }: { groups: readonly Seats[] }) => (
  <span aria-hidden className="flex shrink-0 gap-1.5">
    {groups.map((group, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: groups stand in a fixed order
      <span key={at} className="flex gap-0.5">
        {Array.from({ length: Math.min(8, group.required ?? 1) }, (_, seat) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: seats have no identity
            key={seat}
            className={classNames(
              'size-2 rounded-full',
              seat < group.approvedBy.length ? 'bg-good' : 'border border-line-strong',
            )}
          />
        ))}
      </span>
    ))}
  </span>
);

type NameOf = (id: string) => string;

/** Whose seat somebody would take, as " for Ben"; empty for their own. */
const forWords = (group: Seats, userId: string, nameOf: NameOf): string => {
  const holders = group.standIns.filter((seat) => seat.takenBy === userId).map((seat) => nameOf(seat.holder));
  return holders.length > 0 ? ` for ${holders.join(' or ')}` : '';
};

/** Who is awaited, as "Finance (Ann, Carol for Ben)". */
const groupWords = (group: Seats, nameOf: NameOf): string => {
  const named = group.awaited.slice(0, 2).map((userId) => `${nameOf(userId)}${forWords(group, userId, nameOf)}`);
  const rest = group.awaitedCount - named.length;
  const people = rest > 0 ? `${named.join(', ')} +${rest}` : named.join(', ');
  const open = openOf(group);
  const of = group.awaitedCount > open && open > 1 ? `${open} of ` : '';
  return `${group.name ?? 'approvers'} (${of}${people || 'nobody left'})`;
};

/** While a policy lets what was agreed to wait. */
const waitsUntil = ({ activity }: QueueItem): string | null =>
  activity?.notBefore && activity.status === 'Executing' && Date.parse(activity.notBefore) > Date.now()
    ? activity.notBefore
    : null;

/** How far an approval is, in words. @param me The reader's id. */
export const standingWords = (item: QueueItem, nameOf: NameOf, me: string): string => {
  const open = item.seats.filter((group) => openOf(group) > 0);
  const awaited = open.map((group) => groupWords(group, nameOf)).join(' and ');
  switch (item.stage) {
    case 'needsMe':
      return item.seats
        .map((group) => {
          const mine = forWords(group, me, nameOf);
          return `${group.name ?? 'approvers'} ${group.approvedBy.length} of ${group.required ?? '?'}${mine && `, you${mine}`}`;
        })
        .join(', ');
    case 'waiting':
      return `${item.mine === 'Approved' ? 'you approved, ' : ''}waiting on ${awaited || 'nobody'}`;
    case 'ready': {
      const notBefore = waitsUntil(item);
      return notBefore ? `can execute from ${exactTime(notBefore)}` : 'agreed, under way';
    }
    case 'done':
      return item.deniedBy
        ? `rejected by ${nameOf(item.deniedBy)}`
        : item.status === 'Expired'
          ? 'ran out of time'
          : item.status === 'Denied'
            ? (item.activity?.reason ?? '')
            : '';
  }
};

export const QueueStanding = ({ item, nameOf, me }: { item: QueueItem; nameOf: NameOf; me: string }) => {
  const words = standingWords(item, nameOf, me);
  const notBefore = waitsUntil(item);
  const status = item.activity && item.status === 'Approved' ? item.activity.status : item.status;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {notBefore ? (
        <span className="min-w-0" title={words}>
          <Badge tone="pending" icon={Clock}>
            Can execute from {fromTime(notBefore)}
          </Badge>
        </span>
      ) : item.stage === 'done' || item.stage === 'ready' ? (
        <StatusBadge status={status} />
      ) : (
        <Dots groups={item.seats} />
      )}
      {item.stage !== 'ready' && (
        <span className="truncate text-muted" title={words}>
          {words}
        </span>
      )}
    </span>
  );
};
