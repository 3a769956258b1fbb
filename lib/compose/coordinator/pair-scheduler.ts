import { randomBytes } from 'node:crypto';
import type { Relay } from '@/lib/transport/relay-server';
import type { Directory } from './directory';
import type { CoordinatorPorts } from './ports';

/** Sees to it that every two connected nodes have a pair set-up: started in the background, a few at a time. */
export type PairScheduler = { look(): void; ended(ceremonyId: string): void; close(): void };

const RETRY_MS = 5_000;
const LONGEST_MS = 120_000;
const LOOK_MS = 2_000;

export const createPairScheduler = (deps: {
  ports: CoordinatorPorts;
  relay: () => Relay;
  directory: Directory;
}): PairScheduler => {
  const { ports, relay, directory } = deps;
  const running = new Map<
    string,
    { readonly nodes: readonly [number, number]; readonly close: () => void; readonly startedAt: number }
  >();
  const triedAt = new Map<string, number>();
  let isClosed = false;

  const finish = (ceremonyId: string): void => {
    running.get(ceremonyId)?.close();
    running.delete(ceremonyId);
  };

  const begin = async (a: number, b: number): Promise<void> => {
    const highest = (of: number, peer: number): number => directory.pair(of, peer)?.highest ?? 0;
    const certificates = { a: directory.certificate(a), b: directory.certificate(b) };
    if (!certificates.a || !certificates.b) return;
    const ceremonyId = randomBytes(32).toString('hex');
    const pairEpoch = Math.max(highest(a, b), highest(b, a)) + 1;
    running.set(ceremonyId, {
      nodes: [a, b],
      close: relay().openCeremony(ceremonyId, [a, b]),
      startedAt: ports.clock(),
    });
    const outcomes = await Promise.all([
      relay().ask(a, 'pair.begin', { peer: certificates.b, ceremonyId, pairEpoch }),
      relay().ask(b, 'pair.begin', { peer: certificates.a, ceremonyId, pairEpoch }),
    ]);
    for (const outcome of outcomes) {
      if (outcome.ok) continue;
      ports.log('info', 'A pair set-up did not begin.', { nodes: [a, b], code: outcome.refusal.code });
      for (const node of [a, b]) void relay().ask(node, 'ceremony.end', { ceremonyId });
      return finish(ceremonyId);
    }
  };

  const look = (): void => {
    if (isClosed) return;
    const now = ports.clock();
    for (const [ceremonyId, { nodes, startedAt }] of [...running]) {
      const isDone = directory.commonEpochs(...nodes).length > 0 || now - startedAt > LONGEST_MS;
      if (isDone || nodes.some((node) => !relay().connected().includes(node))) finish(ceremonyId);
    }
    const nodes = relay().connected();
    for (const [i, a] of nodes.entries()) {
      for (const b of nodes.slice(i + 1)) {
        const name = `${a}-${b}`;
        const isRunning = [...running.values()].some((other) => other.nodes[0] === a && other.nodes[1] === b);
        const isExcluded = [
          [a, b],
          [b, a],
        ].some(([of = 0, peer = 0]) => {
          const state = directory.pair(of, peer)?.state;
          return state === 'burned' || state === 'quarantined';
        });
        if (
          isRunning ||
          isExcluded ||
          directory.commonEpochs(a, b).length > 0 ||
          now - (triedAt.get(name) ?? 0) < RETRY_MS
        )
          continue;
        triedAt.set(name, now);
        begin(a, b).catch((error: unknown) => ports.log('warn', 'A pair set-up could not be started.', { err: error }));
      }
    }
  };

  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    look,
    // Told by a node; the other end may still have to receive its last message.
    ended: (ceremonyId) => void setTimeout(() => finish(ceremonyId), 1_000).unref(),
    close: () => {
      isClosed = true;
      clearInterval(timer);
    },
  };
};
