import { randomBytes } from 'node:crypto';
import type { Relay } from '@/lib/transport/relay-server';
import type { Directory } from './directory';

/**
 * Tells a node that has just connected what its peers remember of it: how it learns that its own store is an old copy (specification
 * 7.4, rule 5). They are asked now: what they said when they connected may be older than the copy.
 */
export const reportPeers = async (
  node: number,
  { relay, directory }: { readonly relay: Pick<Relay, 'ask'>; readonly directory: Pick<Directory, 'hellos'> },
): Promise<void> => {
  const peers = directory.hellos().filter(({ hello }) => hello.node !== node);
  await Promise.all(
    peers.map(async (earlier) => {
      const challenge = randomBytes(32).toString('hex');
      const told = await relay.ask(earlier.hello.node, 'peers.tell', { challenge });
      // One that gives no answer has said something before.
      const report = told.ok ? { challenge, ...told.value } : earlier;
      await relay.ask(node, 'peers.seen', { reports: [report] });
    }),
  );
};
