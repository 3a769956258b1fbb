import { hashBody, type Statement } from '@/lib/authentication/statement';
import { parseJson } from '@/lib/contract/json';
import type { Operation } from '@/lib/contract/operation';
import { matchOperation } from '@/lib/contract/table';
import { fromBase64Url } from '@/lib/domain/hash';
import { activityDigest, type Leaf } from '@/lib/ledger/entry';
import { type Rendering, renderingDigest, renderingOf } from '@/lib/ledger/rendering';
import type { Difference } from './difference';
import type { LedgerEntry } from './shapes';

/** A request as its own ledger entry says it, read by this client. */
export type OwnEntry = {
  /** Recomputed hash of the entry: what an approval is given to. */
  readonly digest: string;
  /** What the requester's credential signed. */
  readonly statement: Statement;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** The body, parsed by the operation's closed schema as API and signers parse it. */
  readonly body: unknown;
  readonly effects: Leaf['effects'];
  /** When the server wrote it, unix ms. */
  readonly at: number;
  /** What an approver agrees to, in words, and its digest: both computed here. */
  readonly rendering: Rendering;
  readonly renderingDigest: string;
};

type Read =
  | { readonly ok: true; readonly entry: OwnEntry }
  | { readonly ok: false; readonly differences: readonly Difference[] };

const broken = (what: string, shown: string, asked: string): Read => ({
  ok: false,
  differences: [{ what, shown, asked }],
});

const parseLeaf = (text: string): Leaf | null => {
  try {
    const value = JSON.parse(text) as Leaf | null;
    return typeof value === 'object' && value !== null && typeof value.effects === 'object' ? value : null;
  } catch {
    return null;
  }
};

/**
 * Reads a request's ledger entry, believing nothing the server says about it.
 * SECURITY: the digest is recomputed over the leaf, the leaf names the body's hash, and what is shown is read from that body;
 * so what is shown is what the digest stands for, and an approval of the digest is one of what is shown.
 * @returns what does not fit, when something does not.
 */
export const readEntry = (stated: { readonly digest: string; readonly entry: LedgerEntry | null }): Read => {
  if (!stated.entry) return broken('ledger entry', 'nothing', 'a request without its ledger entry');
  const leaf = parseLeaf(stated.entry.leaf);
  const bytes = fromBase64Url(stated.entry.body);
  if (!leaf || !bytes) return broken('ledger entry', 'unreadable', stated.digest);
  const digest = activityDigest(leaf);
  if (digest !== stated.digest) return broken('digest', digest, stated.digest);
  const bodyHash = hashBody(bytes);
  if (bodyHash !== leaf.bodyHash) return broken('body', bodyHash, leaf.bodyHash);
  const { statement } = leaf;
  if (!statement) return broken('statement', 'nothing', 'an entry that nobody signed');
  if (statement.bodyHash !== bodyHash) return broken('signed body', bodyHash, statement.bodyHash);
  const match = matchOperation(statement.method, statement.path.split('?')[0] ?? '');
  if (!match || !('operation' in match))
    return broken('operation', 'unknown to this client', `${statement.method} ${statement.path}`);
  const parsed = parseJson(bytes);
  if (!parsed.ok) return broken('body', 'unreadable', parsed.message);
  const shaped = match.operation.body?.safeParse(parsed.value);
  if (shaped && !shaped.success)
    return broken('body', shaped.error.issues[0]?.message ?? 'unreadable', match.operation.id);
  const { operation, params } = match;
  const body = shaped ? shaped.data : parsed.value;
  const rendering = renderingOf({ operationId: operation.id, params, body, statement });
  return {
    ok: true,
    entry: {
      digest,
      statement,
      operation,
      params,
      body,
      effects: leaf.effects,
      at: leaf.at,
      rendering,
      renderingDigest: renderingDigest(rendering),
    },
  };
};
