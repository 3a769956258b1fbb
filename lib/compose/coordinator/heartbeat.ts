import {
  headsWith,
  heartbeatHash,
  heartbeatRoot,
  inOrder,
  type OrgHead,
  type SignedHeartbeat,
} from '@/lib/ledger/heartbeat';
import { verifyEd25519 } from '@/lib/transport/keys';
import type { Relay } from '@/lib/transport/relay-server';
import { gather } from './checkpoint';
import type { Directory } from './directory';
import type { CoordinatorPorts, Quorum } from './ports';

/** Has the nodes sign one root over the heads of all organisations, keeps it, and shows each what the others signed. */
export type WitnessHeartbeats = {
  beat(): Promise<void>;
  /** Whether those nodes signed, a moment ago, that they hold the organisation's ledger as the database does, up to `seq` or further. */
  covers(orgId: string, seq: number, nodes: readonly number[]): boolean;
};

/** Heads in one heartbeat. More organisations than that take turns. */
const MOST_HEADS = 20_000;
/** Well below the 30 s within which a node goes by a heartbeat it signed. */
const REUSE_MS = 20_000;

type Deps = {
  readonly ports: CoordinatorPorts;
  readonly quorum: Quorum;
  readonly relay: () => Relay;
  readonly directory: Pick<Directory, 'certificate'>;
};

export const createWitnessHeartbeats = ({ ports, quorum, relay, directory }: Deps): WitnessHeartbeats => {
  let last: { readonly at: number; readonly beats: readonly SignedHeartbeat[] } = { at: 0, beats: [] };
  let turn = 0;

  const nextHeads = async (): Promise<readonly OrgHead[]> => {
    const all = inOrder(await ports.witness.heads());
    if (all.length <= MOST_HEADS) return all;
    const from = turn % all.length;
    turn = from + MOST_HEADS;
    return inOrder([...all.slice(from), ...all.slice(0, from)].slice(0, MOST_HEADS));
  };

  const ask = async (node: number, at: number, heads: readonly OrgHead[]) => {
    const outcome = await relay().ask(node, 'heartbeat.sign', { at, heads: [...heads] });
    if (!outcome.ok) {
      ports.log('warn', 'A node did not sign a heartbeat.', {
        node,
        code: outcome.refusal.code,
        reason: outcome.refusal.message,
      });
      return null;
    }
    const { root, signature, ...differences } = outcome.value;
    const held = headsWith(heads, differences);
    const key = directory.certificate(node)?.signingKey;
    if (
      key === undefined ||
      heartbeatRoot(held) !== root ||
      !verifyEd25519(key, heartbeatHash({ at, root }), signature)
    ) {
      ports.log('error', "ALERT: a node's heartbeat is not what it was asked for.", { node });
      return null;
    }
    return { shown: outcome.value, beat: { node, at, root, heads: held, signature } satisfies SignedHeartbeat };
  };

  return {
    beat: async () => {
      if (relay().connected().length === 0) return;
      const heads = await nextHeads();
      if (heads.length === 0) return;
      const at = Math.max(ports.clock(), last.at + 1);
      const answers = await gather(relay().connected(), quorum.n, (node) => ask(node, at, heads));
      const beats = answers.map(({ beat }) => beat);
      last = { at, beats };
      await ports.witness.heartbeats(beats);
      const shown = answers.map(({ shown: answer, beat: { node } }) => ({ node, ...answer }));
      await Promise.all(
        relay()
          .connected()
          .map((node) => relay().ask(node, 'heartbeat.hear', { at, heads: [...heads], beats: shown })),
      );
    },
    covers: (orgId, seq, nodes) =>
      ports.clock() - last.at < REUSE_MS &&
      nodes.every((node) =>
        last.beats.some(
          (beat) => beat.node === node && beat.heads.some((head) => head.orgId === orgId && head.seq >= seq),
        ),
      ),
  };
};
