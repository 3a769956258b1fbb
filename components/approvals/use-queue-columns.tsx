'use client';

import { useMemo } from 'react';
import { useKnownAddresses } from '@/components/activities/use-known-addresses';
import type { Column } from '@/components/ui/table-types';
import { Time, TimeLeft } from '@/components/ui/time';
import { useSession } from '@/lib/client/session';
import type { QueueItem } from '@/lib/client/shapes';
import { QueueSentence } from './approval-sentence';
import { QueueStanding, standingWords } from './queue-standing';
import { QueueValue, queueFiat } from './queue-value';
import { RiskChip, riskOf } from './risk';
import { useQueueText } from './use-approval-text';
import { useNameOf } from './use-names-of';

const TimeCell = ({ item }: { item: QueueItem }) => {
  if (item.status !== 'Pending') return <Time at={item.dateResolved ?? item.dateCreated} className="text-muted" />;
  return item.expirationDate ? (
    <TimeLeft until={item.expirationDate} />
  ) : (
    <span className="text-faint">no deadline</span>
  );
};

/** Columns of the queue. Beside a detail, and on phones, everything stands in two lines under the sentence. */
export const useQueueColumns = (): readonly Column<QueueItem>[] => {
  const textOf = useQueueText();
  const nameOf = useNameOf();
  const known = useKnownAddresses();
  const me = useSession().data?.userId ?? '';
  return useMemo(
    () => [
      {
        id: 'what',
        header: 'Request',
        wraps: true,
        cell: (row) => (
          <span className="font-normal text-muted">
            <QueueSentence item={row} known={known} />
          </span>
        ),
        text: textOf,
        below: (row) => (
          <span className="flex items-center gap-3 text-xs">
            <QueueValue item={row} />
            <RiskChip item={row} known={known} />
            <QueueStanding item={row} nameOf={nameOf} me={me} />
            <span className="ml-auto shrink-0 max-sm:hidden">
              <TimeCell item={row} />
            </span>
          </span>
        ),
      },
      {
        id: 'value',
        header: 'Value',
        width: 'w-32',
        optional: true,
        align: 'right',
        cell: (row) => <QueueValue item={row} />,
        text: (row) => queueFiat(row) ?? '',
        order: (row) => Number((queueFiat(row) ?? '-1').replaceAll(',', '')),
      },
      {
        id: 'risk',
        header: 'Look at',
        width: 'w-36',
        optional: true,
        cell: (row) => <RiskChip item={row} known={known} />,
        text: (row) => riskOf(row, known).word,
      },
      {
        id: 'seats',
        header: 'Who decides',
        width: 'w-64',
        optional: true,
        cell: (row) => <QueueStanding item={row} nameOf={nameOf} me={me} />,
        text: (row) => `${row.status} ${standingWords(row, nameOf, me)}`,
      },
      {
        id: 'by',
        header: 'Requester',
        hidden: true,
        cell: (row) => nameOf(row.initiatorId),
        text: (row) => nameOf(row.initiatorId),
      },
      {
        id: 'at',
        header: 'Time',
        width: 'w-36',
        optional: true,
        align: 'right',
        cell: (row) => <TimeCell item={row} />,
        text: (row) => row.expirationDate ?? row.dateCreated,
        order: (row) => Date.parse(row.dateCreated),
      },
    ],
    [textOf, nameOf, known, me],
  );
};
