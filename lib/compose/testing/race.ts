import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Assertion, Statement } from '@/lib/authentication/statement';
import type { Json } from '@/lib/domain/canonical-json';
import type { EntryKind } from '@/lib/ledger/entry';

/** One thing a process does in a race; `name` tells the answers apart. */
export type RaceTask = { readonly name: string } & (
  | {
      readonly kind: 'submit';
      readonly operationId: string;
      readonly statement: Statement;
      readonly assertion: Assertion;
      /** Base64. */
      readonly body: string;
    }
  | { readonly kind: 'append'; readonly entry: EntryKind; readonly body: Json }
);

/** How it ended: `ok`, or the code of the refusal; with the record it led to. */
export type RaceAnswer = { readonly name: string; readonly code: string; readonly id?: string };

export type ToRaceWorker =
  | {
      readonly kind: 'tasks';
      readonly url: string;
      readonly orgId: string;
      readonly tasks: readonly RaceTask[];
      /** How far its clock is ahead, milliseconds. */
      readonly aheadMs: number;
    }
  | { readonly kind: 'go' }
  | { readonly kind: 'end' };

/** API processes that race over one database. */
export const startRacers = (url: string, orgId: string, count: number) => {
  const children: ChildProcess[] = Array.from({ length: count }, () =>
    fork(path.join(import.meta.dirname, 'race-worker.ts'), { execArgv: ['--import', 'tsx'] }),
  );
  const answer = async (child: ChildProcess): Promise<unknown> => (await once(child, 'message'))[0];
  return {
    /** Deals the tasks out in turn, and lets all processes go at once. @param aheadMs How far all their clocks are ahead. */
    race: async (tasks: readonly RaceTask[], aheadMs = 0): Promise<readonly RaceAnswer[]> => {
      const ready = children.map(answer);
      for (const [which, child] of children.entries())
        child.send({ kind: 'tasks', url, orgId, aheadMs, tasks: tasks.filter((_, at) => at % count === which) });
      await Promise.all(ready);
      const answers = children.map(answer);
      for (const child of children) child.send({ kind: 'go' });
      return (await Promise.all(answers)).flatMap((list) => list as readonly RaceAnswer[]);
    },
    stop: async (): Promise<void> => {
      const gone = children.map((child) => once(child, 'exit'));
      for (const child of children) child.send({ kind: 'end' });
      await Promise.all(gone);
    },
  };
};
