import type { LedgerService } from '@/lib/activity/ports';
import { askRecoveryCheck, countEntries, readRecoveryCheck } from '@/lib/db/recovery-checks';
import type { Sql } from '@/lib/db/sql';
import { type Refusal, refused } from '@/lib/domain/refusal';
import { startRounds } from './rounds';

/**
 * Keeps a process from writing to ledgers until it is known that the database is as far as the nodes hold them (design §4.3): what is
 * entered into a restored database at a place that nodes know would part the histories for good. The coordinator knows, and answers
 * the question of each process; it is asked anew whenever the connection was lost or entries are gone, for then it may be another copy.
 */
export type RecoveryGate = {
  /** Why nothing may be written now, or null. */
  refusal(): { readonly ok: false; readonly refusal: Refusal } | null;
  /** Resolves when writing is allowed. @throws when the process ends before. */
  opened(): Promise<void>;
  /** The database may be another one now. */
  recheck(): void;
  close(): Promise<void>;
};

const ASK_MS = 200;
/** Between two looks, in rounds, whether entries are gone. */
const ROUNDS_BETWEEN_LOOKS = 25;

export const createRecoveryGate = (
  sql: Sql,
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void },
): RecoveryGate => {
  let isOpen = false;
  let isClosing = false;
  let question: string | null = null;
  let waitsFor = 'the coordinator to say how far the signers hold the ledgers';
  let most = 0;
  let round = 0;
  let isLong = false;
  const waiting = new Set<{ readonly done: () => void; readonly fail: (error: Error) => void }>();

  const open = (entries: number): void => {
    most = entries;
    round = 0;
    if (isLong) log.info({}, 'The database is as far as the signers hold the ledgers: it is written to again.');
    isOpen = true;
    question = null;
    isLong = false;
    for (const { done } of waiting) done();
    waiting.clear();
  };
  const recheck = (): void => {
    isOpen = false;
    question = null;
    round = 0;
  };
  const ask = async (): Promise<void> => {
    const entries = await countEntries(sql);
    // An empty database lost nothing: what nodes hold of organisations it does not know is taken back beside what is new.
    if (entries === 0) return open(entries);
    const asked = question ?? (await askRecoveryCheck(sql));
    question = asked;
    const answer = await readRecoveryCheck(sql, asked);
    // Asked of another copy of the database.
    if (question !== asked || answer === null) {
      question = null;
      return;
    }
    if (answer.isAnswered) return open(entries);
    waitsFor = answer.waitsFor ?? waitsFor;
    round += 1;
    if (round === ROUNDS_BETWEEN_LOOKS) {
      isLong = true;
      log.warn(
        { waitsFor },
        'Nothing is written to the ledgers until it is known that no signer is ahead of the database.',
      );
    }
  };
  const watch = async (): Promise<void> => {
    round += 1;
    if (round % ROUNDS_BETWEEN_LOOKS !== 1) return;
    const entries = await countEntries(sql);
    if (entries + 1 >= most) {
      most = entries;
      return;
    }
    log.warn({ entries, before: most }, 'The database lacks entries it had: is it a restored one?');
    most = entries;
    recheck();
  };
  const rounds = startRounds(
    ASK_MS,
    async () => (isOpen ? watch() : ask()),
    // The database is away: what comes back may be another copy of it.
    () => recheck(),
  );

  return {
    refusal: () =>
      isOpen
        ? null
        : refused(
            503,
            'recovery.waiting',
            `The database may have been restored, and nothing is entered before it is known that no signer holds more of a ledger. It waits for ${waitsFor}. Try again in a moment.`,
          ),
    opened: () =>
      isOpen
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            if (isClosing) reject(new Error('The process ends before its database is known to be whole.'));
            else waiting.add({ done: resolve, fail: reject });
          }),
    recheck,
    close: async () => {
      isClosing = true;
      for (const { fail } of waiting) fail(new Error('The process ends before its database is known to be whole.'));
      waiting.clear();
      await rounds.stop();
    },
  };
};

/** A start of everything and a connection that was lost are over in less: a request waits as long, and is then refused. */
const PATIENCE_MS = 2_000;

/** The ledger of a process that answers: while nothing may be written it refuses with 503. */
export const refusingWhileClosed = (
  ledger: LedgerService,
  gate: Pick<RecoveryGate, 'refusal' | 'opened'>,
): LedgerService => {
  const refusal = async () => {
    if (gate.refusal() === null) return null;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([gate.opened(), patience]).finally(() => clearTimeout(timer));
    return gate.refusal();
  };
  return {
    ...ledger,
    submit: async (request) => (await refusal()) ?? ledger.submit(request),
    append: async (input) => (await refusal()) ?? ledger.append(input),
  };
};

/** The ledger of a process that works by itself: its entries wait. */
export const waitingWhileClosed = (ledger: LedgerService, gate: Pick<RecoveryGate, 'opened'>): LedgerService => ({
  ...ledger,
  append: async (input) => {
    await gate.opened();
    return ledger.append(input);
  },
  judgeIncoming: async (input) => {
    await gate.opened();
    return ledger.judgeIncoming(input);
  },
});
