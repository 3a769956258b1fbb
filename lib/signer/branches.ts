import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { Alarms } from './alarms';
import type { FeedEntry } from './entry-taking';
import type { ReplayDriver } from './replay-driver';
import { takeOffered } from './stops';
import type { Store } from './store';

export type BranchesDeps = {
  readonly store: Store;
  readonly replay: ReplayDriver;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly ports: LedgerPorts;
  readonly clock: () => number;
  readonly log: (level: 'info' | 'warn', message: string, fields: object) => void;
};

export const BRANCH_LEFT = 'signer.branch_left';

/** How a node whose ledger is stopped comes back without an operator (design §4.3). */
export type Branches = {
  /** Takes a part of another history, from where it parts from this node's; with the last part the whole of it is judged. */
  offer(
    orgId: string,
    part: { readonly from: number; readonly items: readonly FeedEntry[]; readonly isLast: boolean },
  ): Outcome<{ readonly head: { readonly seq: number; readonly hash: string } | null }>;
};

export const createBranches = ({ store, replay, alarms, ports, clock, log }: BranchesDeps): Branches => {
  const forget = (orgId: string): void => void store.run('DELETE FROM offered_entry WHERE org = ?', orgId);

  /** Keeps the part beside the ledger. @returns what is wrong with its place, or null. */
  const keep = (orgId: string, from: number, items: readonly FeedEntry[]): string | null =>
    store.transaction(() => {
      if (items[0]?.seq === from) forget(orgId);
      const last = store.get('SELECT MAX(seq) AS seq FROM offered_entry WHERE org = ?', orgId)?.seq;
      let next = typeof last === 'number' ? last + 1 : from;
      for (const { seq, bytes, body } of items) {
        if (seq !== next) return `Entry ${next} was expected, and ${seq} came.`;
        store.run('INSERT INTO offered_entry (org, seq, bytes, body) VALUES (?, ?, ?, ?)', orgId, seq, bytes, body);
        next += 1;
      }
      return null;
    });

  return {
    offer: (orgId, { from, items, isLast }) => {
      if (!replay.stopped().some((one) => one.orgId === orgId))
        return refused(409, 'signer.not_stopped', 'This node has not stopped following that ledger.');
      if (from < 1 || replay.hashAt(orgId, from - 1) === null)
        return refused(409, 'signer.branch_foreign', 'What is offered does not follow an entry this node holds.');
      const misplaced = keep(orgId, from, items);
      if (misplaced !== null) {
        forget(orgId);
        return refused(409, 'signer.branch_gap', misplaced);
      }
      if (!isLast) return accepted({ head: null });
      const taken = takeOffered(store, orgId, from, { ports, now: clock() });
      forget(orgId);
      if (!taken.ok) {
        log('warn', 'Another history of a stopped ledger was not taken.', {
          orgId,
          code: taken.refusal.code,
          reason: taken.refusal.message,
        });
        return taken;
      }
      replay.takeUpAgain(orgId);
      const { reason, leftFrom, kept } = taken.value;
      alarms.raise({
        orgId,
        code: BRANCH_LEFT,
        subject: `${orgId} ${leftFrom}`,
        message: `This node left its own history from entry ${leftFrom} on for the one that k nodes witnessed, and keeps ${kept} entries as evidence.`,
        content: { reason, leftFrom, kept },
        at: clock(),
      });
      return accepted({ head: replay.head(orgId) });
    },
  };
};
