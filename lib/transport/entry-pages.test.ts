import { expect, test } from 'vitest';
import { accepted } from '@/lib/domain/refusal';
import { pageOf, readEntries, type TravellingEntry } from './entry-pages';
import { encodeFrame, MAX_NODE_FRAME_BYTES } from './frames';
import { ASKS } from './messages';

const entry = (size: number, fill: number): TravellingEntry => ({
  bytes: new Uint8Array(700).fill(fill),
  body: new Uint8Array(size).fill(fill + 1),
});
/** Small entries, an empty body, a body as large as a request may be, and many tiny ones. */
const LEDGER = [
  ...[10, 0, 47_000, 1_048_576, 3].map(entry),
  ...Array.from({ length: 1_500 }, (_, i) => ({ bytes: Uint8Array.of(i % 256), body: new Uint8Array(0) })),
];
const NONE = new Uint8Array(0);
const at = (seq: number): TravellingEntry | null => LEDGER[seq] ?? null;

test('a ledger read page by page is the ledger, and no page is more than a node may send', async () => {
  const ask = async ({ seq, offset }: { seq: number; offset: number }) => {
    const page = pageOf({ seq, offset }, at);
    const frame = encodeFrame({ kind: 'control', value: { t: 'answer', id: 1_000_000, ok: true, value: page } });
    expect(frame.length).toBeLessThanOrEqual(MAX_NODE_FRAME_BYTES);
    return accepted(ASKS['ledger.read'].result.parse(page));
  };
  const read: TravellingEntry[] = [];
  for await (const item of readEntries({ orgId: 'or-1', from: 1, to: LEDGER.length - 1 }, ask)) read.push(item);
  expect(read.length).toBe(LEDGER.length - 1);
  for (const [i, item] of read.entries()) {
    expect(Buffer.from(item.bytes).equals(at(i + 1)?.bytes ?? NONE)).toBe(true);
    expect(Buffer.from(item.body).equals(at(i + 1)?.body ?? NONE)).toBe(true);
  }
});

test.each([
  ['nothing', { parts: [], rest: 0 }],
  ['an empty part', { parts: [''], rest: 5 }],
  ['less than the entry says', { parts: [Buffer.from([0, 0, 1, 0, 7]).toString('base64')], rest: 0 }],
  ['no end', { parts: [Buffer.alloc(48_000, 1).toString('base64')], rest: 1 }],
])('a node that gives %s ends the reading', async (_, page) => {
  const reading = async () => {
    for await (const item of readEntries({ orgId: 'or-1', from: 0, to: 5 }, async () => accepted(page))) void item;
  };
  await expect(reading()).rejects.toThrow();
});
