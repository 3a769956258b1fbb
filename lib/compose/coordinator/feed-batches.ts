import type { FeedItem, LedgerService } from '@/lib/activity/ports';
import type { AskParams } from '@/lib/transport/messages';

const BATCH = 200;
const BATCH_BYTES = 2 * 1024 * 1024;

export type BatchItem = AskParams<'feed'>['items'][number];

/** Chained entries from `from` on as they travel to a node: as many as one message may hold. */
export const nextBatch = async (
  ledger: Pick<LedgerService, 'feed'>,
  orgId: string,
  from: number,
): Promise<BatchItem[]> =>
  withinBytes(await ledger.feed(orgId, from, BATCH)).map(({ seq, bytes, body }) => ({
    seq,
    bytes: base64(bytes),
    body: base64(body),
  }));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const withinBytes = (items: readonly FeedItem[]): readonly FeedItem[] => {
  let total = 0;
  const end = items.findIndex(({ bytes, body }) => {
    total += bytes.length + body.length;
    return total > BATCH_BYTES;
  });
  return end === -1 ? items : items.slice(0, Math.max(1, end));
};
