import type { AuditFilter, AuditRow } from '@/lib/db/audit';
import { type AuditView, auditViews } from './audit-entry';
import type { ApiRequest } from './handler';
import type { Services } from './services';

/** How entries become text: what stands before them, one entry, what stands behind them. */
export type Rendered = {
  readonly head: string;
  readonly line: (view: AuditView, row: AuditRow) => string;
  readonly tail: string;
};

/** Entries read at once: what a stream holds in memory, however long it gets. */
const PAGE = 200;

/**
 * Entries that fit, oldest first, as a stream. The next page is read when the client has taken the one before, so that a slow client
 * costs no memory; it ends at the entry that was the last one when it began, or after `most` entries.
 */
export const auditStream = (
  input: {
    readonly orgId: string;
    readonly filter: AuditFilter;
    readonly most?: number;
    readonly signal: ApiRequest['signal'];
  },
  rendered: Rendered,
  { reads, identity, ledger }: Pick<Services, 'reads' | 'identity' | 'ledger'>,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  const { orgId, filter, signal } = input;
  let left = input.most ?? Number.POSITIVE_INFINITY;
  let next = filter.fromSeq ?? 0;
  let last: number | null = null;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let text = '';
      if (last === null) {
        const head = await ledger.head(orgId);
        last = Math.min(filter.toSeq ?? Number.MAX_SAFE_INTEGER, head?.seq ?? -1);
        text = rendered.head;
      }
      const limit = Math.min(PAGE, left);
      const rows = signal.aborted
        ? []
        : await reads.auditEntries(orgId, { ...filter, fromSeq: next, toSeq: last }, { limit, order: 'oldest first' });
      const views = await auditViews(orgId, rows, { identity });
      text += rows.flatMap((row, i) => (views[i] ? rendered.line(views[i], row) : [])).join('');
      left -= rows.length;
      next = (rows.at(-1)?.seq ?? 0) + 1;
      const isOver = rows.length < PAGE || left === 0;
      if (isOver) text += rendered.tail;
      if (text !== '') controller.enqueue(encoder.encode(text));
      if (isOver) controller.close();
    },
  });
};
