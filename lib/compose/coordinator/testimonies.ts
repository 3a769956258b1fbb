import { testimonyName } from '@/lib/ledger/testimony';
import type { AskParams } from '@/lib/transport/messages';
import type { Relay } from '@/lib/transport/relay-server';
import type { CoordinatorPorts, NodeHead, Quorum } from './ports';

/** What k nodes say of a ledger, for one that has far to go: it then verifies no signature again that they have verified. */
export type Testimonies = {
  /** For entries that end at `upTo`, shown to that node; null where k other nodes don't testify alike. */
  for(node: number, orgId: string, upTo: number): Promise<NonNullable<AskParams<'feed'>['testimony']> | null>;
};

/** After a failure, for so long nobody is asked about that ledger. */
const RETRY_MS = 30_000;
const ASK_TIMEOUT_MS = 5_000;

type Given = Omit<NonNullable<AskParams<'feed'>['testimony']>, 'path'>;

type Deps = {
  readonly ports: Pick<CoordinatorPorts, 'witness' | 'clock' | 'log'>;
  readonly quorum: Quorum;
  readonly relay: () => Relay;
  readonly heads: (orgId: string) => readonly NodeHead[];
};

export const createTestimonies = ({ ports, quorum, relay, heads }: Deps): Testimonies => {
  const given = new Map<string, Given>();
  const failedAt = new Map<string, number>();

  /** Asks about the furthest place that k of the others have reached. */
  const gatherFor = async (node: number, orgId: string): Promise<Given | null> => {
    const others = heads(orgId)
      .filter((head) => head.node !== node)
      .sort((a, b) => b.seq - a.seq);
    const seq = others[quorum.k - 1]?.seq ?? -1;
    if (seq < 0) return null;
    const answers = await Promise.all(
      others
        .filter((head) => head.seq >= seq)
        .map(async (head) => ({
          node: head.node,
          outcome: await relay().ask(head.node, 'testimony.sign', { orgId, seq }, ASK_TIMEOUT_MS),
        })),
    );
    const alike = new Map<string, Given>();
    for (const { node: signer, outcome } of answers) {
      if (!outcome.ok) continue;
      const { root, voids, signature } = outcome.value;
      const name = testimonyName({ orgId, seq, root, voids });
      const before = alike.get(name) ?? { seq, root, voids, signatures: [] };
      alike.set(name, { ...before, signatures: [...before.signatures, { node: signer, signature }] });
    }
    if (alike.size > 1) ports.log('error', 'ALERT: nodes testify to different outcomes of a ledger.', { orgId, seq });
    return [...alike.values()].find(({ signatures }) => signatures.length >= quorum.k) ?? null;
  };

  return {
    for: async (node, orgId, upTo) => {
      let found = given.get(orgId);
      if (!found || found.seq < upTo) {
        if (ports.clock() - (failedAt.get(orgId) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) return null;
        const fresh = await gatherFor(node, orgId);
        if (!fresh || fresh.seq < upTo) {
          failedAt.set(orgId, ports.clock());
          return null;
        }
        given.set(orgId, fresh);
        found = fresh;
      }
      const proof = await ports.witness.consistency(orgId, upTo, found.seq);
      return proof && { ...found, path: [...proof.path] };
    },
  };
};
