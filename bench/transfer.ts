import { blockNumber, blockOf } from '@/e2e/support/chain-history';
import { pay, settled } from '@/e2e/support/transfers';
import { type Figure, median } from './figure';
import type { BenchStage } from './stage';

const TRANSFERS = 20;

/** Ungoverned native transfers one after the other, request → Confirmed. The wait for the block is chain time, shown apart. */
export const benchTransfer = async ({ payer }: BenchStage): Promise<Figure[]> => {
  const blocks = watchBlocks(payer);
  const totals: number[] = [];
  const waits: number[] = [];
  for (let i = 0; i < TRANSFERS; i += 1) {
    const started = Date.now();
    const payment = await pay(payer);
    const final = await settled(payer, payment, 60_000, 20);
    if (final.status !== 'Confirmed') throw new Error(`A transfer ended as ${final.status}: ${final.reason}`);
    totals.push((Date.now() - started) / 1000);
    const minedAt = blocks.seenAt(await blockOf(payer.system, final.txHash ?? ''));
    const offeredAt = Date.parse(String(final.dateBroadcasted));
    if (minedAt !== undefined) waits.push(Math.max(0, minedAt - offeredAt) / 1000);
  }
  blocks.stop();
  return [
    { name: 'native transfer, request → Confirmed, median', value: median(totals), unit: 's', target: 2.5 },
    { name: 'of which waiting for the next block, median', value: median(waits), unit: 's' },
  ];
};

/** When each block was first seen: its own timestamp has whole seconds only. */
const watchBlocks = ({ system }: BenchStage['payer']) => {
  const seen = new Map<number, number>();
  const look = async () => {
    const head = await blockNumber(system).catch(() => undefined);
    if (head !== undefined && !seen.has(head)) seen.set(head, Date.now());
  };
  const timer = setInterval(() => void look(), 20);
  return { seenAt: (block: number) => seen.get(block), stop: () => clearInterval(timer) };
};
