import { randomBytes } from 'node:crypto';
import type { Relay, SignedHello } from '@/lib/transport/relay-server';
import type { Directory } from './directory';

/** Carries between nodes what each remembers of the others: how one learns that its own store is an old copy (specification 7.4, rule 5). */
export type PeerReports = {
  /** Of a node that has just connected: to it, and from it to those that were there before, who may have waited for its word. */
  introduce(node: number): Promise<void>;
  /** Once more among all: an answer may have been lost. */
  repeat(): Promise<void>;
};

export const createPeerReports = ({
  relay,
  directory,
}: {
  readonly relay: () => Pick<Relay, 'ask'>;
  readonly directory: Pick<Directory, 'hellos'>;
}): PeerReports => {
  let isRepeating = false;
  /**
   * Nodes are asked now, over what the receiver asks them to sign: what they said when they connected may be older than the copy, and
   * the receiver relies on nothing that was said before it began.
   */
  const carry = async (from: SignedHello, to: SignedHello): Promise<void> => {
    const challenge = to.hello.asks ?? randomBytes(32).toString('hex');
    const told = await relay().ask(from.hello.node, 'peers.tell', { challenge });
    // One that gives no answer has said something before.
    const report = told.ok ? { challenge, ...told.value } : from;
    await relay().ask(to.hello.node, 'peers.seen', { reports: [report] });
  };

  return {
    introduce: async (node) => {
      const hellos = directory.hellos();
      const own = hellos.find(({ hello }) => hello.node === node);
      const others = hellos.filter(({ hello }) => hello.node !== node);
      if (own) await Promise.all(others.flatMap((other) => [carry(other, own), carry(own, other)]));
    },
    repeat: async () => {
      if (isRepeating) return;
      isRepeating = true;
      const hellos = directory.hellos();
      const ways = hellos.flatMap((to) => hellos.filter((from) => from !== to).map((from) => carry(from, to)));
      await Promise.allSettled(ways);
      isRepeating = false;
    },
  };
};
