import type { ActivityDetail, QueueItem } from '@/lib/client/shapes';

const AT = '2026-11-27T09:00:00.000Z';

export const PEOPLE: Readonly<Record<string, string>> = { 'us-1': 'Ann', 'us-2': 'Ben', 'us-3': 'Cleo' };

const item = (id: string, more: Partial<QueueItem>): QueueItem => ({
  id,
  stage: 'needsMe',
  status: 'Pending',
  initiatorId: 'us-1',
  seats: [
    {
      policyId: 'plc-1',
      name: 'Finance',
      required: 2,
      approvedBy: ['us-2'],
      awaited: ['us-1', 'us-3'],
      awaitedCount: 2,
      standIns: [],
      isReachable: true,
    },
  ],
  dateCreated: AT,
  ...more,
});

/** A line of the queue in each stage. */
export const QUEUE: readonly QueueItem[] = [
  item('ap-1', {}),
  item('ap-2', { stage: 'waiting', mine: 'Approved' }),
  item('ap-3', {
    stage: 'waiting',
    seats: [
      {
        policyId: 'plc-1',
        required: 1,
        approvedBy: [],
        awaited: [],
        awaitedCount: 0,
        standIns: [],
        isReachable: false,
      },
    ],
  }),
  item('ap-4', { stage: 'ready', status: 'Approved' }),
  item('ap-5', { stage: 'done', status: 'Denied', deniedBy: 'us-3' }),
  item('ap-6', { stage: 'done', status: 'Expired' }),
];

const WHATS = [
  'requested',
  'evaluated: 1 of 2 policies triggered',
  'approved',
  'denied',
  'reserved',
  'signed',
  'broadcast',
  'confirmed',
  'failed',
  'expired',
];

/** Every kind of step. */
export const STEPS: ActivityDetail['timeline'] = WHATS.map((what, seq) => ({ at: AT, what, seq, by: 'Ann' }));
