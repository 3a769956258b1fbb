import { hashBody } from '@/lib/authentication/statement';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { chainLeaves } from '@/lib/db/sequencer';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hexToBytes, sha256, utf8ToBytes } from '@/lib/domain/hash';
import { type IdKind, newId, type RandomBytes } from '@/lib/domain/ids';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import type { Effects, EntryKind, Leaf, NodeSignature } from '../entry';
import type { Genesis } from '../genesis';
import { EMPTY_FRONTIER } from '../merkle';
import { type Extension, emptyReplica, extendReplica, rootAt } from '../replay';
import { type TestNode, testNode } from './nodes';
import { TEST_PORTS } from './ports';
import { type Forgery, type Params, type Placed, type Signer, signRequest } from './requests';

export const START = 1_700_000_000_000;

export type WorldOptions = {
  readonly enrolment?: Genesis['enrolment'];
  readonly k?: number;
  readonly n?: number;
  readonly strict?: boolean;
  /** The first administrator's key; made anew when absent. */
  readonly adminKey?: SoftwareCredential;
  /** The first administrator's recovery key; none when absent. */
  readonly recoveryKey?: SoftwareCredential;
  /** Nodes of its genesis instead of made-up ones; there are `n`. */
  readonly nodes?: readonly TestNode[];
  /** Ed25519 keys (hex) whose prices count; none when absent. */
  readonly oracleKeys?: readonly string[];
  /** Ids and nonces follow from it. */
  readonly seed?: string;
  /** When its genesis is made, unix ms. */
  readonly start?: number;
};

/** What is placed into a chain, as it travels: canonical bytes and the body beside them. */
export type Item = { readonly bytes: Uint8Array; readonly body: Uint8Array };

/** Bytes that are the same in every run. */
export const seededBytes = (seed: string): RandomBytes => {
  let count = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => sha256(utf8ToBytes(`${seed}/${count++}`)));
    return new Uint8Array(blocks.flatMap((block) => [...block])).slice(0, length);
  };
};

const RP_ID = 'wallets.test';
export const ORIGIN = 'https://wallets.test';

const publicPart = ({ credId, publicKey }: SoftwareCredential) => ({ credId, publicKey });

/** A ledger in memory: its nodes, its first administrator, and one replica that follows whatever is placed. */
export const createChain = (options: WorldOptions = {}) => {
  const { enrolment = 'server', k = 3, n = 4, strict = false, adminKey = softwareKey('P-256') } = options;
  const { recoveryKey, oracleKeys = [], seed = 'world', start = START } = options;
  const random = seededBytes(seed);
  const id = (kind: IdKind) => newId(kind, random);
  const nodes = options.nodes ?? Array.from({ length: n }, (_, i) => testNode(i + 1, 'world'));
  const admin: Signer = { userId: id('user'), credential: adminKey };
  const genesis: Genesis = {
    specVersion: 'countersign/1',
    orgId: id('organisation'),
    rpId: RP_ID,
    origins: [ORIGIN],
    k,
    n,
    nodes: nodes.map((node) => node.certificate),
    oracleKeys,
    firstAdmin: {
      userId: admin.userId,
      credentials: [
        { id: id('credential'), kind: 'Key', credId: adminKey.credId, publicKey: adminKey.publicKey },
        ...(recoveryKey ? [{ id: id('credential'), kind: 'RecoveryKey' as const, ...publicPart(recoveryKey) }] : []),
      ],
    },
    fullAdmin: { permissionId: id('permission'), assignmentId: id('assignment') },
    enrolment,
    strict,
    createdAt: start,
  };
  const { orgId } = genesis;
  let now = start;
  let head = { seq: -1, hash: '0'.repeat(64), frontier: EMPTY_FRONTIER };
  const items: Item[] = [];
  const replica = emptyReplica(orgId);

  /** Chains whatever it is given and shows it to the replica. */
  const place = ({ leaf, body }: Placed): Extension => {
    const chained = chainLeaves(head, [{ leaf: '0', content: canonicalJson(leaf as unknown as Json) }]);
    head = chained.head;
    const item = { bytes: hexToBytes(chained.rows[0]?.bytes ?? ''), body };
    items.push(item);
    return extendReplica(replica, item.bytes, item.body, TEST_PORTS);
  };
  /** The entry a server makes of something no user signed. */
  const nodeEntry = (
    kind: EntryKind,
    body: Json,
    more: { effects?: Effects; nodeSignatures?: readonly NodeSignature[]; at?: number } = {},
  ): Placed => {
    const bytes = canonicalBytes(body);
    const { at = now, effects = {}, nodeSignatures } = more;
    const leaf: Leaf = {
      v: 1,
      at,
      kind,
      bodyHash: hashBody(bytes),
      effects,
      ...(nodeSignatures ? { nodeSignatures } : {}),
    };
    return { leaf, body: bytes };
  };
  const append = (...input: Parameters<typeof nodeEntry>): Extension => place(nodeEntry(...input));

  const request = (
    signer: Signer,
    operationId: string,
    params: Params = {},
    body?: Json,
    forgery: Forgery = {},
  ): Placed => signRequest({ state: replica.state, signer, operationId, params, body, at: now, random }, forgery);
  const act = (...input: Parameters<typeof request>): Extension => place(request(...input));
  /** Acts and expects it to count. @returns the entry's effects: the ids the server chose. */
  const done = (...input: Parameters<typeof request>): { readonly [name: string]: string } => {
    const extension = act(...input);
    if (extension.kind !== 'applied') throw new Error(`${input[1]} did not apply: ${JSON.stringify(extension)}`);
    return extension.entry.effects as { [name: string]: string };
  };

  const signatures = (hash: Uint8Array, by: readonly number[]): NodeSignature[] =>
    by.map((node) => ({ node, signature: nodes[node - 1]?.sign(hash) ?? '' }));
  const quorum = Array.from({ length: k }, (_, i) => i + 1);
  /** A checkpoint over everything so far, witnessed by the named nodes. */
  const checkpoint = (at = now, by: readonly number[] = quorum): { seq: number; root: string; at: number } => {
    const { seq } = head;
    const root = rootAt(replica, seq) ?? '';
    append(
      'checkpoint',
      { seq, root, at },
      { at, nodeSignatures: signatures(checkpointHash({ orgId, seq, root, at }), by) },
    );
    return { seq, root, at };
  };

  append('genesis', genesis as unknown as Json);
  return {
    genesis,
    orgId,
    nodes,
    admin,
    replica,
    items,
    k,
    quorum,
    state: replica.state,
    now: () => now,
    wait: (ms: number) => {
      now += ms;
      return now;
    },
    id,
    random,
    place,
    nodeEntry,
    append,
    request,
    act,
    done,
    signatures,
    checkpoint,
  };
};
export type Chain = ReturnType<typeof createChain>;
