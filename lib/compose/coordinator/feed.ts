import { entryHash } from '@/lib/ledger/entry';
import type { Relay, SignedHello } from '@/lib/transport/relay-server';
import type { Branches } from './branches';
import { nextBatch } from './feed-batches';
import type { CoordinatorPorts, NodeHead } from './ports';
import type { Testimonies } from './testimonies';

/** Pushes every organisation's chained entries to every node, in order, each batch acknowledged before the next. */
export type Feed = {
  connected(signed: SignedHello): void;
  gone(node: number): void;
  /** New entries of an organisation. */
  pump(orgId: string): void;
  /** Resolves true once the node has stored the entry. */
  reached(node: number, orgId: string, seq: number, timeoutMs: number): Promise<boolean>;
  head(node: number, orgId: string): number;
  /** Ledgers that connected nodes hold, or were fed. */
  organisations(): readonly string[];
  /** What the connected nodes last said they hold: in their signed HELLO, or on the same connection since. */
  heads(orgId: string): readonly NodeHead[];
  close(): void;
};

/** A node that has as many entries to go is told what its peers found of them. */
const FAR = 1_000;
const FEED_TIMEOUT_MS = 60_000;
/** A node that has refused a feed is asked again this much later, in case it waits for nothing but a restart of ours. */
const RETRY_MS = 30_000;

type Progress = {
  head: number;
  /** Hash of the entry at `head`. */
  hash: string | null;
  /** The node's head is an entry of this database. Until then it is fed nothing: it would take it for a fork. */
  isCompared: boolean;
  isRunning: boolean;
  isWanted: boolean;
  refusedAt: number;
};

const progressAt = (head: { readonly seq: number; readonly hash: string } | null): Progress => ({
  head: head?.seq ?? -1,
  hash: head?.hash ?? null,
  isCompared: head === null,
  isRunning: false,
  isWanted: false,
  refusedAt: Number.NEGATIVE_INFINITY,
});

/**
 * @param onBehind Called when a node holds more of a ledger than the database.
 * @param testimonies What is shown to a node that has far to go. @param branches What is offered to one whose ledger is stopped.
 */
export const createFeed = (
  ports: CoordinatorPorts,
  relay: () => Relay,
  onBehind: (orgId: string) => void = () => {},
  { testimonies, branches }: { readonly testimonies?: Testimonies; readonly branches?: Branches } = {},
): Feed => {
  const nodes = new Map<number, Map<string, Progress>>();
  const waiting = new Set<{ node: number; orgId: string; seq: number; done: () => void }>();
  let isClosed = false;

  const progressOf = (node: number, orgId: string): Progress | null => {
    const ofNode = nodes.get(node);
    if (!ofNode) return null;
    const known = ofNode.get(orgId) ?? progressAt(null);
    ofNode.set(orgId, known);
    return known;
  };

  /** Whether what the node holds is what the database holds at that place. */
  const isSameHistory = async (node: number, orgId: string, progress: Progress): Promise<boolean> => {
    const head = await ports.ledger.head(orgId);
    if ((head?.seq ?? -1) < progress.head) {
      onBehind(orgId);
      return false;
    }
    const [item] = await ports.ledger.feed(orgId, progress.head, 1);
    if (item && entryHash(item.bytes) === progress.hash) return true;
    progress.refusedAt = ports.clock();
    ports.log('error', 'ALERT: a node holds another history of a ledger than the database. It is fed nothing.', {
      node,
      orgId,
      seq: progress.head,
      code: 'recovery.fork',
    });
    await offerBranch(node, orgId, progress);
    return false;
  };

  /** A node whose ledger is stopped may leave its own history for the database's; it is then fed from where that ends. */
  const offerBranch = async (node: number, orgId: string, progress: Progress): Promise<void> => {
    const head = await branches?.offer(node, orgId, progress.head);
    if (!head) return;
    progress.head = head.seq;
    progress.hash = head.hash;
    progress.isCompared = false;
    progress.refusedAt = Number.NEGATIVE_INFINITY;
    progress.isWanted = true;
  };

  const run = async (node: number, orgId: string, progress: Progress): Promise<void> => {
    while (progress.isWanted && !isClosed && nodes.get(node)?.get(orgId) === progress) {
      progress.isWanted = false;
      const isFar = ((await ports.ledger.head(orgId))?.seq ?? -1) - progress.head > FAR;
      for (;;) {
        if (!progress.isCompared && !(await isSameHistory(node, orgId, progress))) return;
        progress.isCompared = true;
        const items = await nextBatch(ports.ledger, orgId, progress.head + 1);
        if (items.length === 0) break;
        // The first entries tell the node whose word counts: it takes those by itself.
        const last = isFar && progress.head >= 0 ? items.at(-1) : undefined;
        const testimony = (last && (await testimonies?.for(node, orgId, last.seq))) ?? undefined;
        const params = { orgId, items, ...(testimony ? { testimony } : {}) };
        const outcome = await relay().ask(node, 'feed', params, FEED_TIMEOUT_MS);
        if (!outcome.ok) {
          progress.refusedAt = ports.clock();
          ports.log('warn', 'A node did not take the feed.', {
            node,
            orgId,
            code: outcome.refusal.code,
            reason: outcome.refusal.message,
          });
          if (outcome.refusal.code === 'signer.ledger_stopped') await offerBranch(node, orgId, progress);
          return;
        }
        const { head } = outcome.value;
        if (head && head.seq >= progress.head) {
          // It held more than it was given: the feed began below its head.
          progress.isCompared = head.seq === items.at(-1)?.seq;
          progress.head = head.seq;
          progress.hash = head.hash;
        }
        if (head) ports.nodes.heads(node, { [orgId]: head }).catch(() => {});
        for (const waiter of [...waiting])
          if (waiter.node === node && waiter.orgId === orgId && waiter.seq <= progress.head) waiter.done();
      }
    }
  };

  const pumpNode = (node: number, orgId: string): void => {
    const progress = progressOf(node, orgId);
    if (!progress || ports.clock() - progress.refusedAt < RETRY_MS) return;
    progress.isWanted = true;
    if (progress.isRunning) return;
    progress.isRunning = true;
    run(node, orgId, progress)
      .catch((error: unknown) => ports.log('warn', 'Feeding a node failed.', { node, orgId, err: error }))
      .finally(() => {
        progress.isRunning = false;
      });
  };

  return {
    connected: ({ hello }) => {
      const heads = Object.entries(hello.heads).map(([orgId, head]) => [orgId, progressAt(head)] as const);
      nodes.set(hello.node, new Map(heads));
      ports.ledger.organisations().then(
        (all) => {
          // Also those the database knows nothing of.
          for (const orgId of new Set([...all, ...Object.keys(hello.heads)])) pumpNode(hello.node, orgId);
        },
        (error: unknown) => ports.log('warn', 'The organisations could not be read.', { err: error }),
      );
    },
    gone: (node) => nodes.delete(node),
    pump: (orgId) => {
      for (const node of nodes.keys()) pumpNode(node, orgId);
    },
    head: (node, orgId) => nodes.get(node)?.get(orgId)?.head ?? -1,
    organisations: () => [...new Set([...nodes.values()].flatMap((ofNode) => [...ofNode.keys()]))],
    heads: (orgId) =>
      [...nodes].flatMap(([node, ofNode]) => {
        const { head: seq, hash } = ofNode.get(orgId) ?? progressAt(null);
        return hash === null ? [] : [{ node, seq, hash }];
      }),
    reached: (node, orgId, seq, timeoutMs) =>
      new Promise((resolve) => {
        if ((nodes.get(node)?.get(orgId)?.head ?? -1) >= seq) return resolve(true);
        const end = (isReached: boolean) => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve(isReached);
        };
        const waiter = { node, orgId, seq, done: () => end(true) };
        const timer = setTimeout(() => end(false), timeoutMs);
        waiting.add(waiter);
        pumpNode(node, orgId);
      }),
    close: () => {
      isClosed = true;
    },
  };
};
