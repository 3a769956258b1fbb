import type { NodeSignature } from '@/lib/ledger/entry';
import type { Relay } from '@/lib/transport/relay-server';
import type { Feed } from './feed';
import type { CoordinatorPorts, Quorum } from './ports';
import type { LedgerRecovery } from './recovery';

/** A checkpoint that stands in the ledger, as entry `entrySeq`, and the nodes that signed it. */
export type StandingCheckpoint = {
  readonly seq: number;
  readonly root: string;
  readonly at: number;
  readonly entrySeq: number;
  readonly signers: readonly number[];
  readonly standingSince: number;
};

/** Has the nodes witness heads, and puts what k of them signed into the ledger. */
export type Checkpoints = {
  /**
   * A standing checkpoint that covers the entry, is fresh and was signed by k of `among`, because only who signed it takes part in a
   * ceremony under it; null when fewer than k nodes sign one.
   */
  covering(orgId: string, seq: number, among?: readonly number[]): Promise<StandingCheckpoint | null>;
  /** Witnesses every organisation with entries since its last checkpoint, and where time is to open something: windows and waits settle by these. */
  heartbeat(): Promise<void>;
};

/** Well below the 30 s within which a node uses a checkpoint it signed. */
const REUSE_MS = 15_000;
const CATCH_UP_MS = 3_000;
/** How long the slower nodes are waited for once k have signed. */
const STRAGGLERS_MS = 250;
const CHAINED_TIMEOUT_MS = 10_000;

type Deps = {
  readonly ports: CoordinatorPorts;
  readonly quorum: Quorum;
  readonly relay: () => Relay;
  readonly feed: Feed;
  readonly recovery: Pick<LedgerRecovery, 'isInStep'>;
  /** Whether the nodes renewed a standing checkpoint by a heartbeat. */
  readonly heartbeats: { covers(orgId: string, seq: number, nodes: readonly number[]): boolean };
};

export const createCheckpoints = ({ ports, quorum, relay, feed, recovery, heartbeats }: Deps): Checkpoints => {
  const last = new Map<string, StandingCheckpoint>();
  const running = new Map<string, Promise<StandingCheckpoint | null>>();
  const queued = new Map<string, Promise<StandingCheckpoint | null>>();

  const isSignedAmong = (
    signers: readonly { readonly node: number }[],
    among: readonly number[] | undefined,
  ): boolean => signers.filter(({ node }) => among === undefined || among.includes(node)).length >= quorum.k;

  const make = async (orgId: string, among: readonly number[] | undefined): Promise<StandingCheckpoint | null> => {
    const head = await ports.ledger.head(orgId);
    if (!head || !(await recovery.isInStep(orgId))) return null;
    const at = Math.max(ports.clock(), last.get(orgId)?.at ?? 0);
    const checkpoint = { orgId, seq: head.seq, root: head.root, at };
    const isEnough = (signed: readonly NodeSignature[]) => isSignedAmong(signed, among);
    const signatures = await gather(relay().connected(), isEnough, async (node) => {
      if (!(await feed.reached(node, orgId, head.seq, CATCH_UP_MS))) return null;
      const outcome = await relay().ask(node, 'checkpoint.sign', checkpoint);
      if (outcome.ok) return { node, signature: outcome.value.signature };
      ports.log('warn', 'A node did not sign a checkpoint.', {
        node,
        orgId,
        code: outcome.refusal.code,
        reason: outcome.refusal.message,
      });
      return null;
    });
    // Nodes that hold more may have connected meanwhile.
    if (signatures.length < quorum.k || !(await recovery.isInStep(orgId))) return null;
    const appended = await ports.ledger.append({
      orgId,
      kind: 'checkpoint',
      body: { seq: head.seq, root: head.root, at },
      effects: {},
      nodeSignatures: signatures,
    });
    if (!appended.ok) {
      ports.log('warn', 'A checkpoint was not taken into the ledger.', {
        orgId,
        code: appended.refusal.code,
        reason: appended.refusal.message,
      });
      return null;
    }
    const entrySeq = await ports.ledger.waitChained(orgId, appended.value.leafId, CHAINED_TIMEOUT_MS);
    const standing = {
      seq: head.seq,
      root: head.root,
      at,
      entrySeq,
      signers: signatures.map(({ node }) => node),
      standingSince: ports.clock(),
    };
    last.set(orgId, standing);
    return standing;
  };

  // Those who ask while one is being made share the next: its head is drawn after they asked.
  const next = (orgId: string, among?: readonly number[]): Promise<StandingCheckpoint | null> => {
    const current = running.get(orgId);
    if (!current) {
      const started = make(orgId, among).finally(() => running.delete(orgId));
      running.set(orgId, started);
      return started;
    }
    const waiting =
      queued.get(orgId) ??
      current
        .catch(() => null)
        .then(() => {
          queued.delete(orgId);
          return next(orgId, among);
        });
    queued.set(orgId, waiting);
    return waiting;
  };

  return {
    covering: async (orgId, seq, among) => {
      const standing = last.get(orgId);
      const isUsable =
        standing &&
        standing.seq >= seq &&
        (ports.clock() - standing.at < REUSE_MS || heartbeats.covers(orgId, standing.seq, standing.signers)) &&
        isSignedAmong(
          standing.signers.map((node) => ({ node })),
          among,
        ) &&
        standing.signers.every((node) => relay().connected().includes(node));
      if (isUsable) return standing;
      const made = await next(orgId, among);
      return made && made.seq >= seq ? made : null;
    },
    heartbeat: async () => {
      for (const orgId of await ports.ledger.organisations()) {
        const head = await ports.ledger.head(orgId);
        const standing = last.get(orgId);
        const isNew = head !== null && head.seq > (standing?.entrySeq ?? -1);
        // What time opens is opened by a checkpoint, in an idle organisation too.
        const isWanted = isNew || (head !== null && (await ports.ledger.hasOpeningDue(orgId, ports.clock())));
        if (isWanted && relay().connected().length >= quorum.k) await next(orgId);
      }
    },
  };
};

/** Asks all at once; ends when all have answered, or a moment after what was given is enough: as many, or as the function says. */
export const gather = async <T>(
  nodes: readonly number[],
  enough: number | ((results: readonly T[]) => boolean),
  ask: (node: number) => Promise<T | null>,
): Promise<T[]> => {
  const results: T[] = [];
  await new Promise<void>((resolve) => {
    let open = nodes.length;
    if (open === 0) return resolve();
    for (const node of nodes) {
      ask(node)
        .then(
          (result) => {
            if (result !== null) results.push(result);
          },
          () => {},
        )
        .finally(() => {
          open -= 1;
          if (open === 0) resolve();
          else if (typeof enough === 'number' ? results.length === enough : enough(results))
            setTimeout(resolve, STRAGGLERS_MS);
        });
    }
  });
  return [...results];
};
