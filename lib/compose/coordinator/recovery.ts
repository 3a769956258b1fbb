import { type Recovery, type SignedHead, startRecovery } from '@/lib/ledger/recovery';
import { readEntries } from '@/lib/transport/entry-pages';
import type { Relay } from '@/lib/transport/relay-server';
import type { Directory } from './directory';
import type { Feed } from './feed';
import type { CoordinatorPorts, Quorum } from './ports';

/**
 * Takes back from the nodes what a restored database lacks (design §4.3). Until it has, the coordinator enters nothing in that ledger:
 * whatever it wrote at a place the nodes know would part the histories for good.
 */
export type LedgerRecovery = {
  /** A node holds more than the database. */
  behind(orgId: string): void;
  /** Whether the database holds everything that the connected nodes hold, and enough of them were heard. */
  isInStep(orgId: string): Promise<boolean>;
  /** What is to be waited for before anything is written to a ledger, in words; null: no node is ahead of the database. */
  waitsFor(): Promise<string | null>;
  /** A node has said how far it holds the ledgers. */
  heard(node: number, heads: Readonly<Record<string, { readonly seq: number }>>): void;
};

const BATCH = 200;
/** After a node has connected others follow; with more of them more of the ledger is vouched for. */
const SETTLE_MS = 250;
const RETRY_MS = 30_000;

type Deps = {
  readonly ports: CoordinatorPorts;
  readonly quorum: Quorum;
  readonly relay: () => Relay;
  readonly feed: () => Feed;
  readonly directory: Directory;
};

export const createLedgerRecovery = ({ ports, quorum, relay, feed, directory }: Deps): LedgerRecovery => {
  const running = new Set<string>();
  /** The heads with which it was last tried. */
  const tried = new Map<string, string>();

  const signedHeads = (orgId: string): SignedHead[] =>
    feed()
      .heads(orgId)
      .flatMap((head) => {
        const signingKey = directory.certificate(head.node)?.signingKey;
        return signingKey === undefined ? [] : [{ ...head, signingKey }];
      });

  const namesOf = (orgId: string): string =>
    feed()
      .heads(orgId)
      .map(({ node, seq, hash }) => `${node} ${seq} ${hash}`)
      .sort()
      .join();

  /** What each node said when it connected last. */
  const claims = new Map<number, Readonly<Record<string, { readonly seq: number }>>>();
  /** Ledgers of which the nodes hold another history: waiting changes nothing there, and must not keep the others. */
  const parted = new Set<string>();
  /** Whatever k nodes have witnessed, one of so many holds it. */
  const enough = quorum.n - quorum.k + 1;

  const waitsFor: LedgerRecovery['waitsFor'] = async () => {
    if (claims.size < enough)
      return `${enough} of the ${quorum.n} signers to say how far they hold the ledgers; ${claims.size} did`;
    const held = new Map((await ports.witness.heads()).map(({ orgId, seq }) => [orgId, seq]));
    const all = [...claims.values()].flatMap((heads) => Object.keys(heads));
    for (const orgId of new Set([...all, ...feed().organisations()])) {
      const last = held.get(orgId) ?? -1;
      const isAhead = feed()
        .heads(orgId)
        .some(({ seq }) => seq > last);
      // One that was ahead and went away is not forgotten, unless k nodes know of no more.
      const more = [...claims.values()].filter((heads) => (heads[orgId]?.seq ?? -1) > last).length;
      if (!isAhead && more > 0 && !parted.has(orgId) && claims.size - more < quorum.k)
        return `a signer that holds more of ${orgId} to connect again`;
      if (isAhead && !parted.has(orgId) && !(await isInStep(orgId)))
        return `entries of ${orgId} to be taken back from the signers`;
    }
    return null;
  };

  const isInStep: LedgerRecovery['isInStep'] = async (orgId) => {
    if (claims.size < enough) return false;
    // Nodes are asked first: they only ever follow the database, so what it holds later can't be less.
    const heads = feed().heads(orgId);
    const names = namesOf(orgId);
    const head = (await ports.ledger.head(orgId))?.seq ?? -1;
    const ahead = heads.filter(({ seq }) => seq > head);
    // What a few nodes claim and can't show must not stop the others.
    return ahead.length === 0 || (tried.get(orgId) === names && heads.length - ahead.length >= quorum.k);
  };

  /** What the database may take of the source's copy. */
  const readFrom = async (orgId: string, source: SignedHead, heads: readonly SignedHead[]) => {
    const recovery = startRecovery(orgId, ports.replay);
    const after = await ports.ledger.head(orgId);
    for (let held = 0; held <= (after?.seq ?? -1); ) {
      const items = await ports.ledger.feed(orgId, held, BATCH);
      if (items.length === 0) break;
      for (const item of items) if (item.seq <= (after?.seq ?? -1) && recovery.hold(item) !== null) break;
      held += items.length;
    }
    const range = { orgId, from: (after?.seq ?? -1) + 1, to: source.seq };
    for await (const item of readEntries(range, (params) => relay().ask(source.node, 'ledger.read', params)))
      if (recovery.offer(item) !== null) break;
    return { after, settled: recovery.settle(heads, quorum.k) };
  };

  const recover = async (orgId: string): Promise<void> => {
    const heads = signedHeads(orgId);
    const head = (await ports.ledger.head(orgId))?.seq ?? -1;
    const sources = heads.filter(({ seq }) => seq > head).sort((a, b) => b.seq - a.seq);
    let refusal: Extract<Recovery, { kind: 'refused' }> | null = null;
    for (const source of sources) {
      try {
        const { after, settled } = await readFrom(orgId, source, heads);
        if (settled.kind === 'refused') {
          refusal ??= settled;
          continue;
        }
        const { against } = settled.standing;
        if (against.length > 0)
          ports.log('error', 'ALERT: nodes hold another history than the one k nodes vouch for.', {
            orgId,
            nodes: against,
          });
        const appended = await ports.recovered(orgId, after, settled.entries);
        if (!appended.ok) {
          ports.log('error', 'The database did not take its ledger back.', {
            orgId,
            code: appended.refusal.code,
            reason: appended.refusal.message,
          });
          if (appended.refusal.code === 'recovery.fork') parted.add(orgId);
          return;
        }
        parted.delete(orgId);
        ports.log('warn', 'The database had lost entries of a ledger and has taken them back from the nodes.', {
          orgId,
          from: (after?.seq ?? -1) + 1,
          to: appended.value.seq,
          source: source.node,
        });
        return;
      } catch (error) {
        ports.log('warn', 'A ledger could not be read from a node.', { orgId, node: source.node, err: error });
      }
    }
    if (refusal && refusal.code !== 'recovery.unwitnessed') parted.add(orgId);
    if (refusal)
      ports.log(
        refusal.code === 'recovery.unwitnessed' ? 'warn' : 'error',
        'Nodes hold more of a ledger than the database, and it was not taken back.',
        {
          orgId,
          code: refusal.code,
          reason: refusal.reason,
          with: refusal.standing.with,
          against: refusal.standing.against,
        },
      );
  };

  const attempt = async (orgId: string): Promise<void> => {
    await pause(SETTLE_MS);
    const names = namesOf(orgId);
    try {
      await recover(orgId);
    } catch (error) {
      ports.log('warn', 'Taking a ledger back failed.', { orgId, err: error });
    }
    tried.set(orgId, names);
    setTimeout(() => {
      if (tried.get(orgId) !== names) return;
      tried.delete(orgId);
      feed().pump(orgId);
    }, RETRY_MS).unref();
  };

  return {
    isInStep,
    waitsFor,
    heard: (node, heads) => void claims.set(node, heads),
    behind: (orgId) => {
      if (running.has(orgId) || tried.get(orgId) === namesOf(orgId)) return;
      running.add(orgId);
      void attempt(orgId).finally(() => {
        running.delete(orgId);
        feed().pump(orgId);
      });
    },
  };
};

const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));
