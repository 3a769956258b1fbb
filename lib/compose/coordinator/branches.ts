import { entryHash } from '@/lib/ledger/entry';
import type { Relay } from '@/lib/transport/relay-server';
import { nextBatch } from './feed-batches';
import type { CoordinatorPorts } from './ports';

/** Offers the database's history to a node that holds another one: it leaves its own if k nodes witnessed this one (design §4.3). */
export type Branches = {
  /** @returns the node's head when it has taken the history, else null. Asked again within a few minutes it does nothing. */
  offer(node: number, orgId: string, head: number): Promise<{ readonly seq: number; readonly hash: string } | null>;
};

const RETRY_MS = 120_000;
/** The whole of it is replayed before the node answers. */
const DECIDE_TIMEOUT_MS = 600_000;

type Deps = { readonly ports: CoordinatorPorts; readonly relay: () => Relay };

export const createBranches = ({ ports, relay }: Deps): Branches => {
  const offeredAt = new Map<string, number>();

  /** The first entry at which the two differ: below it every entry is the same, because each holds the hash of the one before. */
  const partingOf = async (node: number, orgId: string, end: number): Promise<number | null> => {
    let same = 0;
    let differs = end + 1;
    while (differs - same > 1) {
      const middle = Math.floor((same + differs) / 2);
      const [item] = await ports.ledger.feed(orgId, middle, 1);
      if (item?.seq !== middle) return null;
      const outcome = await relay().ask(node, 'branch.holds', { orgId, seq: middle, hash: entryHash(item.bytes) });
      if (!outcome.ok) return null;
      if (outcome.value.holds) same = middle;
      else differs = middle;
    }
    return differs > end ? null : differs;
  };

  return {
    offer: async (node, orgId, head) => {
      const name = `${node} ${orgId}`;
      if (ports.clock() - (offeredAt.get(name) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) return null;
      offeredAt.set(name, ports.clock());
      const last = (await ports.ledger.head(orgId))?.seq ?? -1;
      const from = await partingOf(node, orgId, Math.min(last, head));
      if (from === null) return null;
      for (let at = from; at <= last; ) {
        const items = await nextBatch(ports.ledger, orgId, at);
        const end = items.at(-1)?.seq;
        if (end === undefined) return null;
        const isLast = end >= last;
        const outcome = await relay().ask(node, 'branch.offer', { orgId, from, items, isLast }, DECIDE_TIMEOUT_MS);
        if (!outcome.ok) {
          ports.log('warn', 'A node did not leave its own history of a ledger.', {
            node,
            orgId,
            code: outcome.refusal.code,
            reason: outcome.refusal.message,
          });
          return null;
        }
        if (isLast) {
          ports.log('warn', 'A node left its own history of a ledger for the one k nodes witnessed.', {
            node,
            orgId,
            from,
          });
          return outcome.value.head;
        }
        at = end + 1;
      }
      return null;
    },
  };
};
