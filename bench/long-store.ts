import { randomBytes } from 'node:crypto';
import { newId } from '@/lib/domain/ids';
import { entryHash } from '@/lib/ledger/entry';
import { appendToFrontier, type Frontier, frontierRoot } from '@/lib/ledger/merkle';
import { BUCKET_MINUTES, bucketOf } from '@/lib/ledger/window-total';
import type { Row, Store } from '@/lib/signer/store';

export type LedgerHead = { readonly seq: number; readonly hash: string; readonly frontier: Frontier };

/** A request that was reserved, as the store has it: what copies are made of. */
type Template = {
  readonly id: string;
  readonly approvalId: string;
  readonly walletId: string;
  readonly nonce: number;
  readonly at: number;
  /** Canonical text and body of the two entries: the request's and its reserve's. */
  readonly entries: readonly {
    readonly text: string;
    readonly body: string;
    readonly at: number;
    readonly seq: number;
  }[];
  readonly records: readonly { readonly kind: string; readonly id: string; readonly record: string }[];
  readonly window: string;
};

/** Requests written in one transaction: ids are random, so that a page of an index is better changed often and written once. */
const PAIRS_AT_ONCE = 20_000;
const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);

const templateOf = (store: Store, orgId: string, window: Row): Template => {
  const id = String(window.activity);
  const activity = JSON.parse(
    String(
      store.get("SELECT record FROM state_record WHERE org = ? AND kind = 'activity' AND id = ?", orgId, id)?.record,
    ),
  ) as { readonly pin: { readonly chain: string; readonly sender: string; readonly nonce: string } };
  const { chain, sender, nonce } = activity.pin;
  const touched = store.get("SELECT value FROM state_number WHERE org = ? AND kind = 'touched' AND id = ?", orgId, id);
  const entries = [window.place, touched?.value ?? null].map((seq) => {
    const row = store.get('SELECT bytes, body FROM entry WHERE org = ? AND seq = ?', orgId, seq ?? null);
    const text = textOf(row?.bytes);
    return { text, body: textOf(row?.body), at: (JSON.parse(text) as { at: number }).at, seq: Number(seq) };
  });
  const records = ['activity', 'pin'].map((kind) => {
    const name = kind === 'pin' ? `${chain}:${sender}:${nonce}` : id;
    const sql = 'SELECT record FROM state_record WHERE org = ? AND kind = ? AND id = ?';
    return { kind, id: name, record: String(store.get(sql, orgId, kind, name)?.record) };
  });
  const { effects } = JSON.parse(entries[0]?.text ?? '') as { effects: { approvalId: string } };
  return {
    id,
    approvalId: effects.approvalId,
    walletId: String(window.wallet),
    nonce: Number(nonce),
    at: entries[0]?.at ?? 0,
    entries,
    records,
    window: String(window.record),
  };
};

/** One reserved request of each wallet that the store holds, the last ones. */
const templatesOf = (store: Store, orgId: string): readonly Template[] => {
  const rows = store.all(
    `SELECT w.activity, w.wallet, w.place, w.record FROM state_window w
     JOIN state_record a ON a.org = w.org AND a.kind = 'activity' AND a.id = w.activity
     WHERE w.org = ? AND w.settled = 1 AND json_extract(a.record, '$.status') = 'Reserved' ORDER BY w.ord DESC LIMIT 200`,
    orgId,
  );
  return [...new Map(rows.map((row) => [row.wallet, row])).values()].map((row) => templateOf(store, orgId, row));
};

/**
 * Fills a node's store with copies of its last requests and their reserves, under new ids, places, times and nonces, as if it had taken
 * them: the chain, the tree and every table are as after taking them, but nobody signed the copies. Deciding a million entries takes an
 * hour where other work runs; how a node behaves over a million does not depend on who decided them.
 * @returns the head, how many requests were made, and the next nonce that none of them has.
 */
export const fillStore = (
  store: Store,
  orgId: string,
  from: LedgerHead,
  wanted: { readonly entries: number; readonly at: number; readonly everyMs: number; readonly nonce: number },
): { readonly head: LedgerHead; readonly made: number; readonly nonce: number } => {
  const templates = templatesOf(store, orgId);
  if (templates.length === 0) throw new Error('The store holds no reserved request.');
  // For this connection alone: the node is started again over what was written.
  store.all('PRAGMA cache_size = -524288');
  store.all('PRAGMA synchronous = OFF');
  let { seq, hash, frontier } = from;
  let made = 0;

  const totals = new Map<string, number>();
  const writeTotals = (): void => {
    for (const [bucket, count] of totals) {
      const [wallet = '', width = '', number = ''] = bucket.split(' ');
      store.run(
        `INSERT INTO state_window_total (org, wallet, width, bucket, count, usd, unknown) VALUES (?, ?, ?, ?, ?, '0', ?)
         ON CONFLICT (org, wallet, width, bucket) DO UPDATE SET count = count + excluded.count, unknown = unknown + excluded.unknown`,
        orgId,
        wallet,
        Number(width),
        Number(number),
        count,
        count,
      );
    }
    totals.clear();
  };

  const put = (text: string, body: string): void => {
    const bytes = new TextEncoder().encode(text);
    hash = entryHash(bytes);
    frontier = appendToFrontier(frontier, bytes);
    const top = frontier.nodes.at(-1) ?? null;
    store.run(
      'INSERT INTO entry (org, seq, bytes, body, top) VALUES (?, ?, ?, ?, ?)',
      orgId,
      seq,
      bytes,
      new TextEncoder().encode(body),
      top,
    );
  };

  const copy = (template: Template): void => {
    const [id, approvalId] = [newId('transfer', randomBytes), newId('approval', randomBytes)];
    const at = wanted.at + made * wanted.everyMs;
    const nonce = wanted.nonce + Math.floor(made / templates.length);
    const renamed = (text: string): string =>
      text
        .replaceAll(template.id, id)
        .replaceAll(template.approvalId, approvalId)
        .replaceAll(`"nonce":"${template.nonce}"`, `"nonce":"${nonce}"`)
        .replaceAll(/:\d+",?"holder/g, `:${nonce}","holder`)
        .replaceAll(String(template.at), String(at));
    const place = seq + 1;
    for (const entry of template.entries) {
      seq += 1;
      const text = renamed(entry.text)
        .replace(`"at":${entry.at}`, `"at":${at}`)
        .replace(/"prev":"[0-9a-f]{64}","seq":\d+/, `"prev":"${hash}","seq":${seq}`);
      put(text, renamed(entry.body));
    }
    for (const { kind, id: name, record } of template.records)
      store.run(
        'INSERT INTO state_record (org, kind, id, record) VALUES (?, ?, ?, ?)',
        orgId,
        kind,
        kind === 'pin' ? name.replace(/\d+$/, String(nonce)) : id,
        renamed(record),
      );
    store.run(
      'INSERT INTO state_window (time, counts, pending, settled, record, org, id, activity, wallet, place) VALUES (?, 1, NULL, 1, ?, ?, ?, ?, ?, ?)',
      at,
      renamed(template.window),
      orgId,
      id,
      id,
      template.walletId,
      place,
    );
    for (const width of BUCKET_MINUTES) {
      const bucket = `${template.walletId} ${width} ${bucketOf(at, width)}`;
      totals.set(bucket, (totals.get(bucket) ?? 0) + 1);
    }
    for (const [kind, value] of [['touched', seq] as const, ['reservedAt', at] as const])
      store.run('INSERT INTO state_number (org, kind, id, value) VALUES (?, ?, ?, ?)', orgId, kind, id, value);
    made += 1;
  };

  while (seq + 1 < wanted.entries)
    store.transaction(() => {
      for (let pair = 0; pair < PAIRS_AT_ONCE && seq + 1 < wanted.entries; pair += 1)
        copy(templates[made % templates.length] as Template);
      writeTotals();
      store.run(
        'UPDATE state_head SET seq = ?, hash = ?, root = ? WHERE org = ?',
        seq,
        hash,
        frontierRoot(frontier),
        orgId,
      );
    });
  return { head: { seq, hash, frontier }, made, nonce: wanted.nonce + Math.ceil(made / templates.length) };
};
