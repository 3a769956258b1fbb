import type { FeedItem } from '@/lib/activity/ports';
import type { Relay, SignedHello } from '@/lib/transport/relay-server';
import type { CoordinatorPorts } from './ports';

/** Pushes every organisation's chained entries to every node, in order, each batch acknowledged before the next. */
export type Feed = {
  connected(signed: SignedHello): void;
  gone(node: number): void;
  /** New entries of an organisation. */
  pump(orgId: string): void;
  /** Resolves true once the node has stored the entry. */
  reached(node: number, orgId: string, seq: number, timeoutMs: number): Promise<boolean>;
  head(node: number, orgId: string): number;
  close(): void;
};

const BATCH = 200;
const BATCH_BYTES = 2 * 1024 * 1024;
const FEED_TIMEOUT_MS = 60_000;
/** A node that has refused a feed is asked again this much later, in case it waits for nothing but a restart of ours. */
const RETRY_MS = 30_000;

type Progress = { head: number; isRunning: boolean; isWanted: boolean; refusedAt: number };

export const createFeed = (ports: CoordinatorPorts, relay: () => Relay): Feed => {
  const nodes = new Map<number, Map<string, Progress>>();
  const waiting = new Set<{ node: number; orgId: string; seq: number; done: () => void }>();
  let isClosed = false;

  const progressOf = (node: number, orgId: string): Progress | null => {
    const ofNode = nodes.get(node);
    if (!ofNode) return null;
    const known = ofNode.get(orgId) ?? {
      head: -1,
      isRunning: false,
      isWanted: false,
      refusedAt: Number.NEGATIVE_INFINITY,
    };
    ofNode.set(orgId, known);
    return known;
  };

  const run = async (node: number, orgId: string, progress: Progress): Promise<void> => {
    while (progress.isWanted && !isClosed && nodes.get(node)?.get(orgId) === progress) {
      progress.isWanted = false;
      for (;;) {
        const items = withinBytes(await ports.ledger.feed(orgId, progress.head + 1, BATCH));
        if (items.length === 0) break;
        const params = {
          orgId,
          items: items.map(({ seq, bytes, body }) => ({ seq, bytes: base64(bytes), body: base64(body) })),
        };
        const outcome = await relay().ask(node, 'feed', params, FEED_TIMEOUT_MS);
        if (!outcome.ok) {
          progress.refusedAt = ports.clock();
          ports.log('warn', 'A node did not take the feed.', {
            node,
            orgId,
            code: outcome.refusal.code,
            reason: outcome.refusal.message,
          });
          return;
        }
        progress.head = Math.max(progress.head, outcome.value.head?.seq ?? -1);
        if (outcome.value.head) ports.nodes.heads(node, { [orgId]: outcome.value.head }).catch(() => {});
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
      const heads = Object.entries(hello.heads).map(
        ([orgId, head]) =>
          [orgId, { head: head.seq, isRunning: false, isWanted: false, refusedAt: Number.NEGATIVE_INFINITY }] as const,
      );
      nodes.set(hello.node, new Map(heads));
      ports.ledger.organisations().then(
        (all) => {
          for (const orgId of all) pumpNode(hello.node, orgId);
        },
        (error: unknown) => ports.log('warn', 'The organisations could not be read.', { err: error }),
      );
    },
    gone: (node) => nodes.delete(node),
    pump: (orgId) => {
      for (const node of nodes.keys()) pumpNode(node, orgId);
    },
    head: (node, orgId) => nodes.get(node)?.get(orgId)?.head ?? -1,
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

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const withinBytes = (items: readonly FeedItem[]): readonly FeedItem[] => {
  let total = 0;
  const end = items.findIndex(({ bytes, body }) => {
    total += bytes.length + body.length;
    return total > BATCH_BYTES;
  });
  return end === -1 ? items : items.slice(0, Math.max(1, end));
};
