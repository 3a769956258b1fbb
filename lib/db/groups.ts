import { RefusalError } from '@/lib/domain/refusal';
import { UnknownOutcomeError } from './transaction';

/** At most this many pieces of work in one group. */
const MOST = 32;

/** So many items are worth two transactions. */
const LEAST_TO_SPLIT = 4;

/** At most this many wait for one key: about two seconds of work. Who comes later is told so at once. */
const MOST_WAITING = 1000;

type Waiting<Item> = {
  readonly item: Item;
  readonly names: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

type Queue<Item> = {
  waiting: Waiting<Item>[];
  /** Groups at work, and the items in them. */
  running: number;
  atWork: number;
  isGathering: boolean;
  readonly taken: Set<string>;
};

/**
 * Does together what is asked for at the same time, and while groups of the same key are at work.
 * @param work Does the items, or as many of the first ones as go together, in their order. @returns how many it did, at least one. When
 *   it throws, nothing was done: the items are then done one by one, so that nobody fails for another's sake. After an
 *   `UnknownOutcomeError` all of them fail.
 * @param options With `namesOf`, what an item must have for itself, two groups of a key are at work at once where they share no name:
 *   while the database works for one, the process works for the other. Items that share one are done in their order.
 * @returns a function that resolves when its item was done. It refuses with 503 while too many wait.
 */
export const inGroups = <Item>(
  work: (key: string, items: readonly [Item, ...Item[]]) => Promise<number>,
  options: { readonly namesOf?: (item: Item) => readonly string[]; readonly mostWaiting?: number } = {},
): ((key: string, item: Item) => Promise<void>) => {
  const { namesOf = () => [], mostWaiting = MOST_WAITING } = options;
  const atOnce = options.namesOf ? 2 : 1;
  const queues = new Map<string, Queue<Item>>();

  const workOff = async (key: string, group: readonly Waiting<Item>[]): Promise<void> => {
    let left = group;
    let isAlone = false;
    for (;;) {
      const [first, ...others] = isAlone ? left.slice(0, 1) : left;
      if (!first) return;
      let over = 1 + others.length;
      try {
        over = await work(key, [first.item, ...others.map(({ item }) => item)]);
        for (const { resolve } of left.slice(0, over)) resolve();
      } catch (error) {
        // What may have been done is not done again.
        if (others.length > 0 && !(error instanceof UnknownOutcomeError)) {
          isAlone = true;
          continue;
        }
        for (const { reject } of left.slice(0, over)) reject(error);
      }
      left = left.slice(over);
    }
  };

  const startNext = (key: string, queue: Queue<Item>): void => {
    while (queue.running < atOnce) {
      const group = takeGroup(queue, atOnce);
      if (group.length === 0) break;
      const names = group.flatMap((one) => one.names);
      for (const name of names) queue.taken.add(name);
      queue.running += 1;
      queue.atWork += group.length;
      void workOff(key, group).then(() => {
        for (const name of names) queue.taken.delete(name);
        queue.running -= 1;
        queue.atWork -= group.length;
        gather(key, queue);
      });
    }
    if (queue.running === 0) queues.delete(key);
  };

  const gather = (key: string, queue: Queue<Item>): void => {
    if (queue.isGathering) return;
    queue.isGathering = true;
    // What is asked for in the same moment goes together from the start.
    setImmediate(() => {
      queue.isGathering = false;
      startNext(key, queue);
    });
  };

  return (key, item) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key) ?? { waiting: [], running: 0, atWork: 0, isGathering: false, taken: new Set() };
      if (queue.waiting.length >= mostWaiting) throw new RefusalError(BUSY);
      queues.set(key, queue);
      queue.waiting.push({ item, names: namesOf(item), resolve, reject });
      if (queue.running < atOnce) gather(key, queue);
    });
};

/**
 * Takes the next group from those that wait. Where two may be at work, the first gets half; the second starts when as many wait as are
 * at work, for two groups of unequal size would fall apart into ever smaller ones, and each costs a transaction.
 */
const takeGroup = <Item>(queue: Queue<Item>, atOnce: number): readonly Waiting<Item>[] => {
  const { waiting, taken, running, atWork } = queue;
  const isHalf = running === 0 && atOnce > 1 && waiting.length >= LEAST_TO_SPLIT;
  const most = Math.min(MOST, isHalf ? Math.floor(waiting.length / 2) : waiting.length);
  const group: Waiting<Item>[] = [];
  const left: Waiting<Item>[] = [];
  const own = new Set<string>();
  const others = new Set(taken);
  for (const one of waiting) {
    // Whoever shares a name with one that has to wait waits behind it.
    const isFree = !one.names.some((name) => others.has(name));
    const fits = group.length < most || (group.length < MOST && one.names.some((name) => own.has(name)));
    const [list, names] = isFree && fits ? [group, own] : [left, others];
    list.push(one);
    for (const name of one.names) names.add(name);
  }
  if (group.length < atWork) return [];
  queue.waiting = left;
  return group;
};

const BUSY = {
  code: 'ledger.busy',
  status: 503,
  message:
    'Too many requests of the organisation wait to be decided. Nothing was written: sign and ask again in a few seconds.',
  details: { retryAfterSeconds: 2 },
} as const;
