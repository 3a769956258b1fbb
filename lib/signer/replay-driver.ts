import type { Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Checkpoint } from '@/lib/evidence/checkpoint';
import { type Entry, entryHash } from '@/lib/ledger/entry';
import { type Genesis, genesisFingerprint, genesisHash, type NodeCertificate } from '@/lib/ledger/genesis';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { type Page, pageOf } from '@/lib/transport/entry-pages';
import type { Store } from './store';

/** What this node was configured with; a genesis that says otherwise is not followed. */
export type NodeConfiguration = {
  readonly node: number;
  readonly k: number;
  readonly n: number;
  readonly certificate: NodeCertificate;
  /** Hashes of accepted geneses, or `any` on a single machine. */
  readonly genesis: readonly string[] | 'any';
};

export type ReplayDeps = {
  readonly store: Store;
  readonly ports: LedgerPorts;
  readonly configuration: NodeConfiguration;
  readonly clock: () => number;
  /** Told when a ledger is stopped, with the evidence that was kept. */
  readonly onStopped?: (orgId: string, code: StopCode, reason: string, evidence: Uint8Array) => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
};

export type FeedEntry = { readonly seq: number; readonly bytes: Uint8Array; readonly body: Uint8Array };

/** One organisation as this node has verified it. */
export type Following = {
  readonly replica: Replica;
  readonly genesis: Genesis;
  /** Checkpoint entries of the chain, newest last, the last 50. */
  readonly checkpoints: Checkpoint[];
  /** `at` of the reserve entry of each activity. */
  readonly reservedAt: Map<string, number>;
};

/** Why a ledger is no longer followed: it does not replay, a second entry was shown, or a peer signed another history. */
export type StopCode = 'signer.ledger_broken' | 'signer.ledger_fork' | 'signer.fork';

/** The node's own copy of every ledger: accepts only extensions of its heads, and is on the disk before it answers. */
export type ReplayDriver = {
  /** Validates and stores entries in order. Entries it already holds are skipped after a comparison. */
  extend(orgId: string, items: readonly FeedEntry[]): Outcome<{ readonly seq: number; readonly hash: string } | null>;
  find(orgId: string): Outcome<Following>;
  organisations(): readonly string[];
  head(orgId: string): { readonly seq: number; readonly hash: string } | null;
  /** Hash of the stored entry at that place, or null. */
  hashAt(orgId: string, seq: number): string | null;
  /** A page of the stored entries, for a server that lost them. A ledger this node no longer follows can be read too. */
  read(orgId: string, seq: number, offset: number): Page;
  /** Stops following, for good, and keeps the evidence. */
  stop(orgId: string, reason: string, evidence: Uint8Array, code?: StopCode): void;
  stopped(): readonly { readonly orgId: string; readonly reason: string }[];
  /** Gaps are forgiven when the node connects again: the feed then starts at its head. */
  forgetGaps(): void;
  voids(): number;
};

const KEPT_CHECKPOINTS = 50;

export const createReplayDriver = (deps: ReplayDeps): ReplayDriver => {
  const { store, ports, configuration, clock, log } = deps;
  const following = new Map<string, Following>();
  const stopped = new Map<string, string>();
  const gaps = new Set<string>();
  let voids = 0;

  const stop: ReplayDriver['stop'] = (orgId, reason, evidence, code = 'signer.ledger_broken') => {
    log('error', 'Ledger stopped: this node signs nothing more for the organisation.', { orgId, reason });
    store.transaction(() => {
      store.run(
        'INSERT INTO evidence (kind, subject, at, content) VALUES (?, ?, ?, ?)',
        'ledger',
        orgId,
        clock(),
        evidence,
      );
      store.run('INSERT OR REPLACE INTO stopped (org, reason, at) VALUES (?, ?, ?)', orgId, reason, clock());
    });
    stopped.set(orgId, reason);
    deps.onStopped?.(orgId, code, reason, evidence);
  };

  const hashAt: ReplayDriver['hashAt'] = (orgId, seq) => {
    const row = store.get('SELECT bytes FROM entry WHERE org = ? AND seq = ?', orgId, seq);
    return row ? entryHash(row.bytes as Uint8Array) : null;
  };

  /** Applies one entry in memory. Text: why the chain can't be followed. */
  const apply = (orgId: string, item: FeedEntry): string | null => {
    let current = following.get(orgId);
    if (!current) {
      const genesis = acceptableGenesis(item.body, orgId, configuration);
      if (!genesis.ok) return genesis.refusal.message;
      current = { replica: emptyReplica(orgId), genesis: genesis.value, checkpoints: [], reservedAt: new Map() };
    }
    const result = extendReplica(current.replica, item.bytes, item.body, ports);
    if (result.kind === 'broken') return result.reason;
    following.set(orgId, current);
    if (result.kind === 'void') {
      voids += 1;
      log('warn', 'Void entry in a ledger.', {
        orgId,
        seq: item.seq,
        kind: result.entry.kind,
        code: result.refusal.code,
        reason: result.refusal.message,
      });
      return null;
    }
    noteEntry(current, result.entry, item.body);
    return null;
  };

  const replayStored = (): void => {
    for (const row of store.all('SELECT org, reason FROM stopped')) stopped.set(String(row.org), String(row.reason));
    for (const { org } of store.all('SELECT DISTINCT org FROM entry')) {
      const orgId = String(org);
      for (let from = 0; ; from += 500) {
        const rows = store.all(
          'SELECT seq, bytes, body FROM entry WHERE org = ? AND seq >= ? AND seq < ? ORDER BY seq',
          orgId,
          from,
          from + 500,
        );
        if (rows.length === 0) break;
        for (const row of rows) {
          const broken = apply(orgId, {
            seq: Number(row.seq),
            bytes: row.bytes as Uint8Array,
            body: row.body as Uint8Array,
          });
          if (broken !== null)
            throw new Error(`This node's own copy of ledger ${orgId} does not replay at entry ${row.seq}: ${broken}`);
        }
      }
    }
  };

  const extend: ReplayDriver['extend'] = (orgId, items) => {
    const reason = stopped.get(orgId);
    if (reason !== undefined)
      return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
    if (gaps.has(orgId))
      return refused(409, 'signer.ledger_gap', 'A gap was fed; this node waits for a new connection.');
    const fresh: FeedEntry[] = [];
    for (const item of items) {
      const head = following.get(orgId)?.replica.head ?? null;
      const next = head === null ? 0 : head.seq + 1;
      if (item.seq < next) {
        if (hashAt(orgId, item.seq) === entryHash(item.bytes) || isFresh(fresh, item)) continue;
        stop(orgId, `a second entry ${item.seq} was shown`, item.bytes, 'signer.ledger_fork');
        return refused(409, 'signer.ledger_fork', `A second entry ${item.seq} was shown.`);
      }
      if (item.seq > next) {
        gaps.add(orgId);
        log('error', 'Gap in the feed: replay of the organisation is halted.', {
          orgId,
          expected: next,
          got: item.seq,
        });
        persist(orgId, fresh);
        return refused(409, 'signer.ledger_gap', `Entry ${next} was expected, and ${item.seq} came.`);
      }
      const broken = apply(orgId, item);
      if (broken !== null) {
        persist(orgId, fresh);
        if (next > 0) stop(orgId, broken, item.bytes);
        else log('warn', 'Genesis not accepted.', { orgId, reason: broken });
        return refused(409, next > 0 ? 'signer.ledger_broken' : 'signer.genesis_refused', broken);
      }
      fresh.push(item);
    }
    persist(orgId, fresh);
    return accepted(following.get(orgId)?.replica.head ?? null);
  };

  // One transaction per batch. If it fails the process must end: memory would be ahead of the disk.
  const persist = (orgId: string, items: readonly FeedEntry[]): void => {
    if (items.length === 0) return;
    store.transaction(() => {
      for (const item of items) {
        store.run(
          'INSERT INTO entry (org, seq, bytes, body) VALUES (?, ?, ?, ?)',
          orgId,
          item.seq,
          item.bytes,
          item.body,
        );
      }
    });
  };

  replayStored();
  return {
    extend,
    read: (orgId, seq, offset) =>
      pageOf({ seq, offset }, (at) => {
        const row = store.get('SELECT bytes, body FROM entry WHERE org = ? AND seq = ?', orgId, at);
        return row ? { bytes: row.bytes as Uint8Array, body: row.body as Uint8Array } : null;
      }),
    hashAt,
    stop,
    find: (orgId) => {
      const reason = stopped.get(orgId);
      if (reason !== undefined)
        return refused(409, 'signer.ledger_stopped', `This node no longer follows the ledger: ${reason}`);
      if (gaps.has(orgId)) return refused(409, 'signer.ledger_gap', 'The feed had a gap.');
      const found = following.get(orgId);
      return found
        ? accepted(found)
        : refused(409, 'signer.unknown_organisation', 'This node does not follow the organisation.');
    },
    organisations: () => [...following.keys()],
    head: (orgId) => following.get(orgId)?.replica.head ?? null,
    stopped: () => [...stopped].map(([orgId, reason]) => ({ orgId, reason })),
    forgetGaps: () => gaps.clear(),
    voids: () => voids,
  };
};

const isFresh = (fresh: readonly FeedEntry[], item: FeedEntry): boolean =>
  fresh.some((other) => other.seq === item.seq && entryHash(other.bytes) === entryHash(item.bytes));

const noteEntry = (following: Following, entry: Entry, body: Uint8Array): void => {
  if (entry.kind === 'checkpoint') {
    following.checkpoints.push({ orgId: following.replica.orgId, ...(parsed(body) as Omit<Checkpoint, 'orgId'>) });
    if (following.checkpoints.length > KEPT_CHECKPOINTS) following.checkpoints.shift();
  }
  if (entry.kind === 'reserve')
    following.reservedAt.set(String((parsed(body) as { activityId: string }).activityId), entry.at);
};

const parsed = (body: Uint8Array): Json => JSON.parse(new TextDecoder().decode(body)) as Json;

/** Whether this node, as it is configured, takes that genesis as the root of an organisation's trust. */
const acceptableGenesis = (body: Uint8Array, orgId: string, configuration: NodeConfiguration): Outcome<Genesis> => {
  const no = (message: string) => refused(409, 'signer.genesis_refused', message);
  let genesis: Genesis;
  try {
    genesis = parsed(body) as unknown as Genesis;
    if (genesis.orgId !== orgId) return no('The genesis is of another organisation.');
    const hash = genesisHash(genesis);
    if (configuration.genesis !== 'any' && !configuration.genesis.includes(hash))
      return no(
        `Genesis ${genesisFingerprint(hash)} was offered and is not listed in GENESIS. Compare the fingerprint with the organisation's administrators over a second channel; to accept it add ${hash} to GENESIS and start this node again.`,
      );
    if (genesis.k !== configuration.k || genesis.n !== configuration.n) {
      return no(
        `The genesis is for ${genesis.k} of ${genesis.n} nodes; this node is configured for ${configuration.k} of ${configuration.n}.`,
      );
    }
    const mine = genesis.nodes.find((node) => node.node === configuration.node);
    const { certificate } = configuration;
    if (mine?.signingKey !== certificate.signingKey || mine.agreementKey !== certificate.agreementKey) {
      return no('The genesis names other keys for this node than it has.');
    }
  } catch {
    return no('The first entry is no genesis.');
  }
  return accepted(genesis);
};
