import { z } from 'zod';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { hashParts, hexToBytes } from '@/lib/domain/hash';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const node = z.number().int().min(1).max(64);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const id = z.string().min(1).max(64);
const head = z.strictObject({ seq: count, hash: hex(32) });

export const Certificate = z.strictObject({
  node,
  signingKey: hex(32),
  agreementKey: hex(32),
  region: z.string().max(64),
  specVersion: z.string().max(40).optional(),
});

/** How a node stands with a peer: epochs of its READY set-ups, and whether it will have anything to do with it. */
const PairStatus = z.strictObject({
  peer: node,
  /** The peer's identity key: a number may have been held by others before. */
  key: hex(32),
  state: z.enum(['missing', 'running', 'ready', 'burned', 'quarantined']),
  epochs: z.array(count).max(8),
  /** Highest epoch ever started with this peer. */
  highest: count,
});

/** What a node says about itself, at once after HELLO and whenever it changes. */
export const NodeStatus = z.strictObject({
  selfTest: z.boolean(),
  quarantined: z.boolean(),
  backend: z.string().max(40),
  specVersion: z.string().max(40),
  unaudited: z.boolean(),
  pairs: z.array(PairStatus).max(64),
  stopped: z.array(z.strictObject({ orgId: id, reason: z.string().max(300) })).max(100),
  /** What its own machine has stopped; only that machine lifts it. */
  frozen: z.strictObject({ all: z.boolean(), orgIds: z.array(id).max(100) }).optional(),
  counts: z.record(z.string().max(40), count),
});
export type NodeStatus = z.infer<typeof NodeStatus>;

/** A node's signed agreement to one attempt, see `accept.ts`. */
export const SignedAccept = z.strictObject({
  accept: z.strictObject({
    v: z.literal(1),
    node,
    bundleHash: hex(32),
    digest: hex(32),
    nonce: hex(32),
    head,
    counter: count,
    pairs: z.record(z.string().max(2), z.array(count).max(8)),
  }),
  signature: hex(64),
});

/** First message of a node on a connection. `heads` may be incomplete: the feed settles the rest. */
export const Hello = z.strictObject({
  v: z.literal(1),
  node,
  certificate: Certificate,
  k: node,
  n: node,
  heads: z.record(id, head),
  clock: count,
  counter: count,
  /** Highest counter seen of each peer, by its identity key. */
  counters: z.record(hex(32), count),
  /** The last acceptance seen of each peer: under the peer's own signature, so that one honest node is enough to show it. */
  acceptances: z.array(SignedAccept).max(64).optional(),
  /** Random, of this process: a peer that signs over it speaks after this process began. */
  asks: hex(32).optional(),
  status: NodeStatus,
});
export type Hello = z.infer<typeof Hello>;

/** The 32 bytes a node signs to prove on this connection that it holds its identity key. */
export const helloHash = (challenge: string, hello: Hello): Uint8Array =>
  hashParts('countersign/hello/1', hexToBytes(challenge), canonicalBytes(hello as unknown as Json));

const Bundle = z.strictObject({
  v: z.literal(1),
  orgId: id,
  activityId: id,
  head: z.strictObject({ seq: count, root: hex(32) }),
  unsigned: z
    .string()
    .regex(/^[0-9a-f]*$/)
    .max(60_000),
  digests: z.array(hex(32)).min(1).max(8),
  attempt: count,
  participants: z.array(node).min(2).max(16),
});

const nothing = z.strictObject({});
const Signature = z.strictObject({ signature: hex(64) });

const Head = z.strictObject({ orgId: id, seq: count, root: hex(32) });
/** As many as a testimony names at most. */
const Voids = z.array(count).max(1000);
const Heads = z.array(Head).max(20_000);
const Differences = { without: z.array(id).max(300), instead: z.array(Head).max(300) };

/** What the coordinator may ask a node: parameters, and what an accepted ask answers. */
export const ASKS = {
  feed: {
    params: z.strictObject({
      orgId: id,
      items: z.array(z.strictObject({ seq: count, bytes: z.string(), body: z.string() })),
      /** What k nodes say of the ledger up to a place at or beyond the items, see `lib/ledger/testimony.ts`. */
      testimony: z
        .strictObject({
          seq: count,
          root: hex(32),
          voids: Voids,
          signatures: z.array(z.strictObject({ node, signature: hex(64) })).max(16),
          path: z.array(hex(32)).max(64),
        })
        .optional(),
    }),
    result: z.strictObject({ head: head.nullable() }),
  },
  /** A page of what the node has stored of a ledger: how a restored server takes back what it lost. */
  'ledger.read': {
    params: z.strictObject({ orgId: id, seq: count, offset: count }),
    /** Parts in base64, see `entry-pages.ts`; `rest`: bytes of the entry that did not fit. */
    result: z.strictObject({ parts: z.array(z.string()).max(1000), rest: count }),
  },
  /** What the node found of the entries up to `seq`; for peers that have yet to replay them. */
  'testimony.sign': {
    params: z.strictObject({ orgId: id, seq: count }),
    result: z.strictObject({ root: hex(32), voids: Voids, signature: hex(64) }),
  },
  /** Whether the node holds that entry: where the history of a stopped ledger parts from the database's is found by asking a few times. */
  'branch.holds': {
    params: z.strictObject({ orgId: id, seq: count, hash: hex(32) }),
    result: z.strictObject({ holds: z.boolean() }),
  },
  /** Entries of the other history from where the two part, in order; with the last the node decides. `head` is null before that. */
  'branch.offer': {
    params: z.strictObject({
      orgId: id,
      from: count,
      items: z.array(z.strictObject({ seq: count, bytes: z.string(), body: z.string() })),
      isLast: z.boolean(),
    }),
    result: z.strictObject({ head: head.nullable() }),
  },
  'checkpoint.sign': {
    params: z.strictObject({ orgId: id, seq: count, root: hex(32), at: count }),
    result: Signature,
  },
  /** A root over the heads of all organisations: the node signs those it holds so, its own `instead` of others, and names those `without` one. */
  'heartbeat.sign': {
    params: z.strictObject({ at: count, heads: Heads }),
    result: z.strictObject({ root: hex(32), signature: hex(64), ...Differences }),
  },
  /** What the nodes answered: how they compare their heads. */
  'heartbeat.hear': {
    params: z.strictObject({
      at: count,
      heads: Heads,
      beats: z.array(z.strictObject({ node, root: hex(32), signature: hex(64), ...Differences })).max(64),
    }),
    result: nothing,
  },
  'abandon.sign': { params: z.strictObject({ orgId: id, activityId: id }), result: Signature },
  'pair.begin': {
    params: z.strictObject({
      peer: Certificate,
      ceremonyId: hex(32),
      pairEpoch: z.number().int().min(1).max(0xffffffff),
    }),
    result: nothing,
  },
  'dkg.begin': { params: z.strictObject({ orgId: id, keyId: id, ceremonyId: hex(32) }), result: nothing },
  'sign.accept': { params: z.strictObject({ bundle: Bundle }), result: SignedAccept },
  'sign.begin': {
    params: z.strictObject({ bundleHash: hex(32), accepts: z.array(SignedAccept).min(2).max(16) }),
    result: z.strictObject({ ceremonyId: hex(32) }),
  },
  /** Frees what a ceremony holds at a node. It can only end one: at worst it is done again. */
  'ceremony.end': { params: z.strictObject({ ceremonyId: hex(32) }), result: nothing },
  /** What the node says of itself and remembers of its peers now, signed as at a connection. */
  'peers.tell': {
    params: z.strictObject({ challenge: hex(32) }),
    result: z.strictObject({ hello: Hello, signature: hex(64) }),
  },
  /** Signed statements of peers about the counters they have seen: how a node learns that its store is an old copy. */
  'peers.seen': {
    params: z.strictObject({
      reports: z.array(z.strictObject({ challenge: hex(32), hello: Hello, signature: hex(64) })).max(64),
    }),
    result: nothing,
  },
} as const;
export type AskMethod = keyof typeof ASKS;
export type AskParams<M extends AskMethod> = z.infer<(typeof ASKS)[M]['params']>;
export type AskResult<M extends AskMethod> = z.infer<(typeof ASKS)[M]['result']>;

const EcdsaSignature = z.strictObject({
  r: z.string().regex(/^0x[0-9a-f]{64}$/),
  s: z.string().regex(/^0x[0-9a-f]{64}$/),
  recid: z.union([z.literal(0), z.literal(1)]),
});

/** What a node says unasked. */
export const Note = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: NodeStatus }),
  z.strictObject({ kind: z.literal('signed'), ceremonyId: hex(32), signature: EcdsaSignature }),
  z.strictObject({ kind: z.literal('keyMade'), ceremonyId: hex(32), certificate: z.record(z.string(), z.unknown()) }),
  /** One generic reason for every protocol abort (specification 4.8); a refusal of the node's own judgement names its code. */
  z.strictObject({
    kind: z.literal('ended'),
    ceremonyId: hex(32),
    refusal: z.strictObject({ code: z.string().max(80), message: z.string().max(500) }).optional(),
  }),
]);
export type Note = z.infer<typeof Note>;

/** Something an operator has to look at, with what shows it. */
export const NodeAlarm = z.strictObject({
  orgId: id,
  code: z.string().max(80),
  subject: z.string().max(200),
  message: z.string().max(500),
  content: z.record(z.string(), z.unknown()),
  at: count,
});
export type NodeAlarm = z.infer<typeof NodeAlarm>;

export const FromNode = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('hello'), hello: Hello, signature: hex(64) }),
  z.strictObject({ t: z.literal('answer'), id: count, ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ t: z.literal('refusal'), id: count, code: z.string().max(80), message: z.string().max(500) }),
  z.strictObject({ t: z.literal('note'), note: Note }),
  z.strictObject({ t: z.literal('alarm'), alarm: NodeAlarm, isCleared: z.boolean() }),
]);
export type FromNode = z.infer<typeof FromNode>;

export const FromCoordinator = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('challenge'), challenge: hex(32), now: count }),
  z.strictObject({
    t: z.literal('ask'),
    id: count,
    method: z.enum(Object.keys(ASKS) as [AskMethod, ...AskMethod[]]),
    params: z.unknown(),
  }),
]);
export type FromCoordinator = z.infer<typeof FromCoordinator>;
