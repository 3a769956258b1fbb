import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import type { Hello, NodeStatus, Note } from '@/lib/transport/messages';
import type { SignedHello } from '@/lib/transport/relay-server';
import type { CoordinatorPorts, Quorum } from './ports';

/** Who the nodes are and how they are: what participants are chosen by, and what the database shows to others. */
export type Directory = {
  /** Pins a certificate on first sight and refuses another one until a governed entry puts it in force, a wrong k or n. */
  admit(signed: SignedHello): Promise<boolean>;
  connected(signed: SignedHello): void;
  gone(node: number): void;
  /** Says again who is there: another coordinator that starts on the same database takes nobody to be. */
  renew(): void;
  note(node: number, note: Extract<Note, { kind: 'status' }>): void;
  status(node: number): NodeStatus | null;
  certificate(node: number): Hello['certificate'] | null;
  /** What `of` says of its set-ups with the connected `peer`, or null. */
  pair(of: number, peer: number): NodeStatus['pairs'][number] | null;
  hellos(): readonly SignedHello[];
  /** Epochs both nodes hold READY. */
  commonEpochs(a: number, b: number): readonly number[];
};

const MAX_INTEGER = 2 ** 31 - 1;

export const createDirectory = (
  ports: Pick<CoordinatorPorts, 'nodes' | 'clock' | 'log'>,
  quorum: Quorum,
): Directory => {
  const present = new Map<number, SignedHello>();
  const statuses = new Map<number, NodeStatus>();
  const offsets = new Map<number, number>();
  let writing = Promise.resolve();
  // One after the other: written over two connections at once, what was said first could be what stays.
  const written = (work: () => Promise<void>): void => {
    writing = writing
      .then(work)
      .catch((error: unknown) => ports.log('warn', 'The state of a node could not be written.', { err: error }));
  };
  /** What a node says of its set-ups with the peer as it is connected now; an earlier holder of the number is somebody else. */
  const pairOf: Directory['pair'] = (of, peer) => {
    const key = present.get(peer)?.hello.certificate.signingKey;
    return statuses.get(of)?.pairs.find((other) => other.peer === peer && other.key === key) ?? null;
  };
  const epochs = (of: number, peer: number): readonly number[] => {
    const pair = pairOf(of, peer);
    return pair?.state === 'ready' ? pair.epochs : [];
  };

  return {
    admit: async ({ hello }) => {
      if (hello.node > quorum.n || hello.k !== quorum.k || hello.n !== quorum.n) {
        ports.log('error', 'A node with another configuration was refused.', {
          node: hello.node,
          k: hello.k,
          n: hello.n,
        });
        return false;
      }
      const isSame = await ports.nodes.pin(hello.certificate);
      if (!isSame)
        ports.log('error', 'ALERT: a node showed other keys than those in force and was refused.', {
          node: hello.node,
          fingerprint: nodeFingerprint(hello.certificate.signingKey),
        });
      return isSame;
    },
    connected: (signed) => {
      const { node, clock, status } = signed.hello;
      present.set(node, signed);
      statuses.set(node, status);
      const offset = Math.max(-MAX_INTEGER, Math.min(MAX_INTEGER, clock - ports.clock()));
      offsets.set(node, offset);
      written(() => ports.nodes.connected(node, offset).then(() => ports.nodes.status(node, status)));
      ports.log('info', 'Signer connected.', { node, clockOffsetMs: offset });
    },
    gone: (node) => {
      present.delete(node);
      written(() => ports.nodes.disconnected(node));
      ports.log('warn', 'Signer disconnected.', { node });
    },
    renew: () => {
      for (const node of present.keys()) written(() => ports.nodes.connected(node, offsets.get(node) ?? 0));
    },
    note: (node, { status }) => {
      statuses.set(node, status);
      written(() => ports.nodes.status(node, status));
    },
    status: (node) => statuses.get(node) ?? null,
    certificate: (node) => present.get(node)?.hello.certificate ?? null,
    pair: pairOf,
    hellos: () => [...present.values()],
    commonEpochs: (a, b) => {
      const theirs = new Set(epochs(b, a));
      return epochs(a, b).filter((epoch) => theirs.has(epoch));
    },
  };
};
