import type { QueueItem } from '@/lib/client/shapes';

const address = (seed: number): string => `0x${(seed * 2_654_435_761).toString(16).padStart(40, '7').slice(-40)}`;

/** Made-up lines of the queue, all waiting for the reader: what a page of the list would hold after a busy year. */
export const queueRows = (count: number, userId: string, walletId: string): readonly QueueItem[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `ap-${String(at).padStart(8, '0')}`,
    stage: 'needsMe',
    status: 'Pending',
    initiatorId: 'us-requester',
    activity: {
      id: `xfr-${String(at).padStart(8, '0')}`,
      kind: 'Transfer',
      walletId,
      keyId: 'key-bench',
      network: 'EthereumSepolia',
      requester: { userId: 'us-requester' },
      status: 'Pending',
      dateRequested: new Date(1_795_000_000_000 + at * 60_000).toISOString(),
      facts: {
        kind: 'transfer',
        network: 'EthereumSepolia',
        recipient: address(at + 1),
        asset: { kind: 'Native' },
        amount: String((BigInt(at) + 1n) * 10n ** 16n),
        quote: { usd: '3000', decimals: 18 },
        feeCeiling: null,
      },
    },
    seats: [
      {
        policyId: 'plc-bench',
        name: 'Finance',
        required: 2,
        approvedBy: ['us-first'],
        awaited: [userId],
        awaitedCount: 1,
        standIns: [],
        isReachable: true,
      },
    ],
    dateCreated: new Date(1_795_000_000_000 + at * 60_000).toISOString(),
    expirationDate: new Date(4_000_000_000_000 + at * 60_000).toISOString(),
  }));
