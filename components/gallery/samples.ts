import type { AskedCall } from '@/lib/client/asked-call';
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

const SAFE_CALL =
  '0x6a7612020000000000000000000000009641d764fc13c8b624c04430c7356c1c7c8102e20000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000014000000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002c000000000000000000000000000000000000000000000000000000000000001448d80ff0a000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000ee001c7d4b196cb0c7b01d743fbc6116a902379c723800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000044095ea7b300000000000000000000000015d34aaf54267db7d7c367839aaf71a00a2c6a65ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0015d34aaf54267db7d7c367839aaf71a00a2c6a650000000000000000000000000000000000000000000000000de0b6b3a76400000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000';

/** A Safe that delegates to a list of calls, and a call of a function that is not known. */
export const CALLS: readonly AskedCall[] = [
  { to: '0x00000000000000000000000000000000000000cc', value: 0n, data: SAFE_CALL },
  { to: '0x00000000000000000000000000000000000000cc', value: 1_500_000_000_000_000_000n, data: '0xdeadbeef00' },
];
