import { entryHash } from '@/lib/ledger/entry';
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
    const bytes = Buffer.from(row.bytes as Uint8Array);
    head = entryHash(bytes);
    yield JSON.stringify({
      seq,
      leaf: bytes.toString('utf8'),
      body: Buffer.from(row.body as Uint8Array).toString('base64url'),
    });
  }
}
