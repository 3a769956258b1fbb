import { z } from 'zod';
import { entryHash } from '@/lib/ledger/entry';
import type { HeldEntry } from '@/lib/ledger/recovery';
import type { Store } from './store';

/**
 * The lines of an exported ledger, without line ends: first `{format, orgId}`, then for each entry in order
 * `{seq, leaf, body}`, `leaf` the stored canonical text and `body` the exact bytes in base64url, last `{entries, head}`, `head` the
 * hash of the last entry (hex). One entry is in memory at a time.
 */
export function* exportedLines(store: Pick<Store, 'get'>, orgId: string): Generator<string> {
  yield JSON.stringify({ format: 'countersign-ledger/1', orgId });
  let head: string | null = null;
  for (let seq = 0; ; seq += 1) {
    const row = store.get('SELECT bytes, body FROM entry WHERE org = ? AND seq = ?', orgId, seq);
    if (!row) {
      yield JSON.stringify({ entries: seq, head });
      return;
    }
    const [bytes, body] = [viewOf(row.bytes as Uint8Array), viewOf(row.body as Uint8Array)];
    head = entryHash(bytes);
    yield JSON.stringify({ seq, leaf: bytes.toString('utf8'), body: body.toString('base64url') });
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Reads what `exportedLines` wrote; null when it is of another ledger or incomplete. Whether the chain holds is for replay to say. */
export const readExport = (text: string, orgId: string): readonly HeldEntry[] | null => {
  try {
    const lines = text.trimEnd().split('\n');
    const [first, last] = [JSON.parse(lines[0] ?? ''), JSON.parse(lines.at(-1) ?? '')] as [unknown, unknown];
    const entries = lines.slice(1, -1).map((line) => {
      const { leaf, body } = ExportedEntry.parse(JSON.parse(line));
      return { bytes: new Uint8Array(Buffer.from(leaf)), body: new Uint8Array(Buffer.from(body, 'base64url')) };
    });
    const end = entries.at(-1);
    const isWhole = end !== undefined && ExportEnd.parse(last).entries === entries.length;
    return isWhole && ExportStart.parse(first).orgId === orgId && ExportEnd.parse(last).head === entryHash(end.bytes)
      ? entries
      : null;
  } catch {
    return null;
  }
};

const ExportStart = z.object({ format: z.literal('countersign-ledger/1'), orgId: z.string() });
const ExportedEntry = z.object({ seq: z.number(), leaf: z.string(), body: z.string() });
const ExportEnd = z.object({ entries: z.number(), head: z.string().nullable() });
