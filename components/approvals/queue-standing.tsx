'use client';

import { StatusBadge } from '@/components/activities/status-badge';
import { classNames } from '@/components/ui/class-names';
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

/** Who is awaited, as "Finance (Ann, Ben)". */
const groupWords = (group: Seats, nameOf: (id: string) => string): string => {
  const named = group.awaited.slice(0, 2).map(nameOf);
  const rest = group.awaitedCount - named.length;
  const people = rest > 0 ? `${named.join(', ')} +${rest}` : named.join(', ');
  const open = openOf(group);
  const of = group.awaitedCount > open && open > 1 ? `${open} of ` : '';
  return `${group.name ?? 'approvers'} (${of}${people || 'nobody left'})`;
};

/** How far an approval is, in words. */
export const standingWords = (item: QueueItem, nameOf: (id: string) => string): string => {
  const open = item.seats.filter((group) => openOf(group) > 0);
  const awaited = open.map((group) => groupWords(group, nameOf)).join(' and ');
  switch (item.stage) {
    case 'needsMe':
      return item.seats
        .map((group) => `${group.name ?? 'approvers'} ${group.approvedBy.length} of ${group.required ?? '?'}`)
        .join(', ');
    case 'waiting':
      return `${item.mine === 'Approved' ? 'you approved, ' : ''}waiting on ${awaited || 'nobody'}`;
    case 'ready':
      return 'agreed, under way';
    case 'done':
      return item.deniedBy
        ? `rejected by ${nameOf(item.deniedBy)}`
        : item.status === 'Expired'
          ? 'ran out of time'
          : '';
  }
};

export const QueueStanding = ({ item, nameOf }: { item: QueueItem; nameOf: (id: string) => string }) => {
  const words = standingWords(item, nameOf);
  const status = item.activity && item.status === 'Approved' ? item.activity.status : item.status;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {item.stage === 'done' || item.stage === 'ready' ? <StatusBadge status={status} /> : <Dots groups={item.seats} />}
      {item.stage !== 'ready' && (
        <span className="truncate text-muted" title={words}>
          {words}
        </span>
      )}
    </span>
  );
};
