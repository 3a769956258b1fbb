import type { Outcome } from '@/lib/domain/refusal';
import type { AskParams, AskResult } from './messages';

/** A ledger entry as it travels: canonical bytes and the body beside them. */
export type TravellingEntry = { readonly bytes: Uint8Array; readonly body: Uint8Array };

/** What a node answers when it is asked for a page. */
export type Page = AskResult<'ledger.read'>;

/** Of raw content in one page: in base64 it stays below what a node may send in a frame. */
const PAGE_BYTES = 48_000;
/** Each part costs up to 6 bytes more of a frame than its content. */
const MAX_PARTS = 500;

/** One entry in one piece: the length of its canonical bytes (4 bytes, big-endian), those bytes, the body. */
const pack = ({ bytes, body }: TravellingEntry): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes, body]);
};

const unpack = (content: Buffer): TravellingEntry => {
  const end = 4 + content.readUInt32BE(0);
  if (end > content.length) throw new RangeError('An entry is shorter than it says.');
  return { bytes: new Uint8Array(content.subarray(4, end)), body: new Uint8Array(content.subarray(end)) };
};

/** The page of a ledger that begins at that byte of that entry: as many whole entries as fit, or a part of one that is larger. */
export const pageOf = (
  { seq, offset }: Pick<AskParams<'ledger.read'>, 'seq' | 'offset'>,
  entryAt: (seq: number) => TravellingEntry | null,
): Page => {
  const first = entryAt(seq);
  if (!first) return { parts: [], rest: 0 };
  const content = pack(first);
  const part = content.subarray(offset, offset + PAGE_BYTES);
  const parts = [part.toString('base64')];
  const rest = Math.max(0, content.length - offset - PAGE_BYTES);
  let room = PAGE_BYTES - part.length;
  for (let next = seq + 1; rest === 0 && parts.length < MAX_PARTS; next += 1) {
    const entry = entryAt(next);
    const packed = entry ? pack(entry) : null;
    if (!packed || packed.length > room) break;
    room -= packed.length;
    parts.push(packed.toString('base64'));
  }
  return { parts, rest };
};

/**
 * Reads a node's entries from `from` to `to`, in order, a page at a time.
 * @param ask Asks the node for one page. @throws when it refuses, or answers what is no page.
 */
export async function* readEntries(
  { orgId, from, to }: { readonly orgId: string; readonly from: number; readonly to: number },
  ask: (params: AskParams<'ledger.read'>) => Promise<Outcome<Page>>,
): AsyncGenerator<TravellingEntry> {
  let begun = Buffer.alloc(0);
  for (let seq = from; seq <= to; ) {
    const page = await ask({ orgId, seq, offset: begun.length });
    if (!page.ok) throw new Error(page.refusal.message);
    const [first, ...others] = page.value.parts.map((part) => Buffer.from(part, 'base64'));
    if (!first || first.length === 0) throw new Error(`The node gave nothing of entry ${seq}.`);
    begun = Buffer.concat([begun, first]);
    if (begun.length > MAX_ENTRY_BYTES) throw new Error(`Entry ${seq} has no end.`);
    if (page.value.rest > 0) continue;
    for (const content of [begun, ...others]) {
      if (seq > to) return;
      yield unpack(content);
      seq += 1;
    }
    begun = Buffer.alloc(0);
  }
}

/** Far above a request's body and what an entry says about it. */
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;
