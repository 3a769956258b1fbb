import { chainLeaves } from '@/lib/db/sequencer';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { entryHash, NO_PREVIOUS } from '@/lib/ledger/entry';
import { appendToFrontier, EMPTY_FRONTIER } from '@/lib/ledger/merkle';
import { rootAt } from '@/lib/ledger/replay';
import { BLOCK, countLimit } from '@/lib/ledger/testing/people';
import type { Placed } from '@/lib/ledger/testing/requests';
import { createSigning } from '@/lib/ledger/testing/signing';
import { createWorld } from '@/lib/ledger/testing/world';
import type { FeedEntry } from '@/lib/signer/entry-taking';
import type { ReplayDriver } from '@/lib/signer/replay-driver';
import type { Store } from '@/lib/signer/store';
import { fillStore, type LedgerHead } from './long-store';

const WALLETS = 20;
const REQUESTS_AT_ONCE = 100;
const EVERY_MS = 2_000;
/** One in so many requests gets its signature into the ledger: making one takes longer than all the rest. */
const RELEASED = 20;

/**
 * A ledger as long as wanted that is never in memory as a whole: requests of 20 wallets under a velocity rule, each reserved, some
 * released, a checkpoint after every hundred. Whatever is made is fed to a node, whose state says what can come next. Its store can be filled
 * with copies; a node that reads that store goes on from there.
 */
export const createLongLedger = (onFed: (items: readonly FeedEntry[]) => void = () => {}) => {
  const world = createWorld();
  const wallets = Array.from({ length: WALLETS }, () => world.wallet());
  world.policy(countLimit(100_000, 60), BLOCK);
  let head: LedgerHead = world.items.reduce<LedgerHead>(
    ({ seq, frontier }, { bytes }) => ({
      seq: seq + 1,
      hash: entryHash(bytes),
      frontier: appendToFrontier(frontier, bytes),
    }),
    { seq: -1, hash: NO_PREVIOUS, frontier: EMPTY_FRONTIER },
  );
  const founding: readonly FeedEntry[] = world.items.map((item, seq) => ({ seq, ...item }));
  let requests = 0;

  const feed = (driver: ReplayDriver, placed: readonly Placed[]): void => {
    const leaves = placed.map(({ leaf }) => ({ leaf: '', content: canonicalJson(leaf as unknown as Json) }));
    const chained = chainLeaves(head, leaves);
    head = chained.head;
    const items = chained.rows.map(({ seq, bytes }, index) => ({
      seq,
      bytes: new Uint8Array(Buffer.from(bytes, 'hex')),
      body: placed[index]?.body ?? new Uint8Array(0),
    }));
    onFed(items);
    const outcome = driver.extend(world.orgId, items);
    if (!outcome.ok) throw new Error(outcome.refusal.message);
  };

  /** Entries of one round: requests, then what nodes and server make of them. */
  const round = (driver: ReplayDriver): void => {
    const following = driver.find(world.orgId);
    if (!following.ok) throw new Error(following.refusal.message);
    const { replica } = following.value;
    const made: Placed[] = [];
    const signing = createSigning(
      {
        ...world,
        replica: { ...world.replica, ...replica, state: replica.state as never },
        append: (...entry) => {
          made.push(world.nodeEntry(...entry));
          return { kind: 'broken', reason: 'It is fed with the others.' };
        },
      },
      world,
    );
    const flush = (): void => feed(driver, made.splice(0));
    const ids = Array.from({ length: REQUESTS_AT_ONCE }, (_, index) => {
      world.wait(EVERY_MS);
      const walletId = wallets[index % WALLETS] ?? '';
      const request = world.request(world.admin, 'wallets.transferAsset', { walletId }, TRANSFER);
      made.push(request);
      return String(request.leaf.effects.activityId);
    });
    flush();
    for (const [index, id] of ids.entries()) signing.reserve(id, { nonce: Math.floor((requests + index) / WALLETS) });
    flush();
    for (const id of ids.filter((_, index) => index % RELEASED === 0)) signing.release(id);
    flush();
    requests += ids.length;
    const { orgId, quorum } = world;
    const at = world.now();
    const checkpoint = { seq: head.seq, root: rootAt(replica, head.seq) ?? '', at };
    const nodeSignatures = world.signatures(checkpointHash({ orgId, ...checkpoint }), quorum);
    made.push(world.nodeEntry('checkpoint', checkpoint, { at, nodeSignatures }));
    flush();
  };

  return {
    orgId: world.orgId,
    certificate: world.nodes[0]?.certificate,
    now: world.now,
    size: () => head.seq + 1,
    start: (driver: ReplayDriver): void => {
      const outcome = driver.extend(world.orgId, founding);
      if (!outcome.ok) throw new Error(outcome.refusal.message);
    },
    round,
    /** Fills the closed node's store up to so many entries. */
    fill: (store: Store, entries: number): void => {
      const nonce = Math.ceil(requests / WALLETS);
      const filled = fillStore(store, world.orgId, head, {
        entries,
        at: world.now() + EVERY_MS,
        everyMs: EVERY_MS,
        nonce,
      });
      head = filled.head;
      requests = WALLETS * filled.nonce;
      world.wait((filled.made + 1) * EVERY_MS);
    },
  };
};

const TRANSFER = { kind: 'Native', to: '0x00000000000000000000000000000000000000bb', amount: '5' };
