import { RefusalError } from '@/lib/domain/refusal';
import { UnknownOutcomeError } from './transaction';

/** At most this many pieces of work in one group. */
const MOST = 32;

/** At most this many wait for one key: about two seconds of work. Who comes later is told so at once. */
const MOST_WAITING = 1000;

type Waiting<Item> = {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Does together what is asked for at the same time, and while a group of the same key is at work.
 * @param work Does the items, or as many of the first ones as go together, in their order. @returns how many it did, at least one. When
 *   it throws, nothing was done: the items are then done one by one, so that nobody fails for another's sake. After an
 *   `UnknownOutcomeError` all of them fail.
 * @returns a function that resolves when its item was done. It refuses with 503 while too many wait.
 */
export const inGroups = <Item>(
  work: (key: string, items: readonly [Item, ...Item[]]) => Promise<number>,
  { mostWaiting = MOST_WAITING }: { readonly mostWaiting?: number } = {},
): ((key: string, item: Item) => Promise<void>) => {
  const queues = new Map<string, Waiting<Item>[]>();
  const workOff = async (key: string, queue: Waiting<Item>[]): Promise<void> => {
    let toDoAlone = 0;
    for (;;) {
      // What is asked for in the same moment goes together from the start.
      await new Promise((resolve) => setImmediate(resolve));
      const [first, ...others] = queue.slice(0, toDoAlone > 0 ? 1 : MOST);
      if (!first) break;
      try {
        const done = await work(key, [first.item, ...others.map(({ item }) => item)]);
        toDoAlone = Math.max(0, toDoAlone - done);
        for (const { resolve } of queue.splice(0, done)) resolve();
      } catch (error) {
        // What may have been done is not done again.
        const isOver = others.length === 0 || error instanceof UnknownOutcomeError;
        toDoAlone = isOver ? Math.max(0, toDoAlone - 1) : others.length + 1;
        if (isOver) for (const { reject } of queue.splice(0, others.length + 1)) reject(error);
      }
    }
    queues.delete(key);
  };
  return (key, item) =>
    new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = queues.get(key);
      if (queue) {
        if (queue.length >= mostWaiting) throw new RefusalError(BUSY);
        queue.push(waiting);
        return;
      }
      const started = [waiting];
      queues.set(key, started);
      void workOff(key, started);
    });
};

const BUSY = {
  code: 'ledger.busy',
  status: 503,
  message:
    'Too many requests of the organisation wait to be decided. Nothing was written: sign and ask again in a few seconds.',
  details: { retryAfterSeconds: 2 },
} as const;
