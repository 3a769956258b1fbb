import { hashBody } from '@/lib/authentication/statement';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { chainLeaves } from '@/lib/db/sequencer';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hexToBytes } from '@/lib/domain/hash';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import type { Leaf } from '../entry';
import { EMPTY_FRONTIER } from '../merkle';
import { type Extension, emptyReplica, extendReplica, type Replica, rootAt } from '../replay';
import type { Item } from './chain';
import { everyRecord } from './every-record';
import type { History } from './histories';
import { TEST_PORTS } from './ports';
import { BOB, MALLORY } from './signing';
import type { World } from './world';

/** What stands in a ledger without its place, and whether an honest server entered just this. */
export type Piece = { readonly leaf: Leaf; readonly body: Uint8Array };

/** One thing the server does to the ledger: what, and four numbers that choose where and how. */
export type Tampering = {
  readonly how: Tamper;
  readonly i: number;
  readonly j: number;
  readonly x: number;
  readonly y: number;
};

const decode = (bytes: Uint8Array): Json => JSON.parse(new TextDecoder().decode(bytes)) as Json;

/** The ledger's entries without their places. */
export const piecesOf = (items: readonly Item[]): Piece[] =>
  items.map(({ bytes, body }) => {
    const { seq: _seq, prev: _prev, ...leaf } = decode(bytes) as unknown as Leaf & { seq: number; prev: string };
    return { leaf, body };
  });

export const keyOf = ({ leaf, body }: Piece): string => `${canonicalJson(leaf as unknown as Json)} ${hashBody(body)}`;

/** Paths of every leaf value in a JSON document. */
const pathsOf = (value: Json, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => pathsOf(item as Json, [...path, key]))
    : [path];

const altered = (value: Json, y: number, others: readonly Json[]): Json => {
  if (y % 3 === 0 && others.length > 0) return others[y % others.length] ?? null;
  if (typeof value === 'number') return value + (y % 2 ? 1 : -1) * (1 + (y % 1000));
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return 'x';
  if (value.length === 0) return 'x';
  const at = y % value.length;
  const char = value[at] === 'a' ? 'b' : 'a';
  return y % 7 === 0 ? '' : value.slice(0, at) + char + value.slice(at + 1);
};

const withPath = (value: Json, path: readonly string[], change: (old: Json) => Json): Json => {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? withPath(item, rest, change) : item));
  const object = value as { readonly [name: string]: Json };
  return { ...object, [key]: withPath(object[key] ?? null, rest, change) };
};

/** One value of a JSON document changed, perhaps into another value that occurs at the same place elsewhere. */
const alterOne = (value: Json, x: number, y: number, elsewhere: readonly Json[] = []): Json => {
  const paths = pathsOf(value);
  const path = paths[x % Math.max(1, paths.length)] ?? [];
  const at = (item: Json) =>
    path.reduce<Json | undefined>((v, key) => (v as { [name: string]: Json } | null | undefined)?.[key], item);
  const others = elsewhere.map(at).filter((item): item is Json => item !== undefined && item !== at(value));
  return withPath(value, path, (old) => altered(old, y, others));
};

const named = (leaf: Leaf, body: Uint8Array): Piece => ({ leaf: { ...leaf, bodyHash: hashBody(body) }, body });
const insert = (pieces: readonly Piece[], at: number, ...more: Piece[]): Piece[] => [
  ...pieces.slice(0, at),
  ...more,
  ...pieces.slice(at),
];
const replace = (pieces: readonly Piece[], at: number, piece: Piece): Piece[] =>
  pieces.map((old, i) => (i === at ? piece : old));

type Scene = {
  readonly pieces: readonly Piece[];
  readonly at: number;
  readonly to: number;
  readonly x: number;
  readonly y: number;
  readonly history: History;
};

/** Unsigned entries that would free, fill, revive or enrol something if they counted. */
const unsigned = ({ world, invited }: History, x: number, y: number): Piece => {
  const activity = everyRecord(world.state, 'activity')[y % Math.max(1, everyRecord(world.state, 'activity').length)];
  const user = everyRecord(world.state, 'user')[y % everyRecord(world.state, 'user').length];
  const mine = softwareKey('P-256');
  const registration = (userId: string) =>
    world.nodeEntry(
      'registration',
      { firstFactorCredential: mine.attest('c') as unknown as Json },
      { effects: { userId, challenge: 'c', credentials: [{ id: world.id('credential'), name: 'mine' }] } },
    );
  const activityId = activity?.id ?? 'xfr-none';
  const forms: readonly (() => Piece)[] = [
    () => registration(user?.id ?? ''),
    // Under `server` enrolment the registration itself is the introduction: the documented residual.
    () => registration(world.genesis.enrolment === 'vouched' ? invited : (user?.id ?? '')),
    () => world.nodeEntry('expiry', activity?.approvalId ? { approvalId: activity.approvalId } : { activityId }),
    () => world.nodeEntry('expiry', { activityId }, { at: world.now() + 40 * 86_400_000 }),
    () => world.nodeEntry('reject', { activityId }),
    () => world.nodeEntry('reopen', { activityId }, { effects: { approvalId: world.id('approval') } }),
    () => world.nodeEntry('broadcast', { activityId, status: 'Failed', reason: 'lost' }),
    () => world.nodeEntry('abandon', { activityId }),
    () =>
      world.nodeEntry(
        'abandon',
        { activityId },
        { nodeSignatures: (y % 2 ? [1, 1, 1] : [1, 2, 3]).map((node) => ({ node, signature: 'ab'.repeat(64) })) },
      ),
    () =>
      world.nodeEntry('release', {
        activityId,
        digest: activity?.reservation?.digest ?? 'ab'.repeat(32),
        signature: { r: `0x${'11'.repeat(32)}`, s: `0x${'11'.repeat(32)}`, recid: 0 },
      }),
    () => world.nodeEntry('genesis', { ...(world.genesis as unknown as { [key: string]: Json }), k: 2 }),
    () => world.nodeEntry('keyCertificate', { keyId: activity?.keyId ?? '', certificate: {} }),
  ];
  return (forms[x % forms.length] as () => Piece)();
};

/** User actions a thief without any credential would like to count. */
const forged = ({ world }: History, x: number, y: number): Piece => {
  const { admin } = world;
  const stranger = softwareKey('P-256');
  const user = everyRecord(world.state, 'user')[y % everyRecord(world.state, 'user').length]?.id ?? '';
  const approval =
    everyRecord(world.state, 'approval')[y % Math.max(1, everyRecord(world.state, 'approval').length)]?.id ?? 'ap-none';
  const policyId =
    everyRecord(world.state, 'policy')[y % Math.max(1, everyRecord(world.state, 'policy').length)]?.id ?? 'plc-none';
  const walletId = everyRecord(world.state, 'wallet')[0]?.id ?? '';
  const borrowed = (challenge: string) => ({ ...stranger.assert(challenge), credId: admin.credential.credId });
  const acts: readonly (readonly [string, { [name: string]: string }, Json])[] = [
    ['wallets.transferAsset', { walletId }, { kind: 'Native', to: MALLORY, amount: '5' }],
    ['policies.createApprovalDecision', { approvalId: approval }, { value: 'Approved' }],
    ['policies.archivePolicy', { policyId }, {}],
    ['permissions.createAssignment', { permissionId: world.genesis.fullAdmin.permissionId }, { identityId: user }],
    ['x.unfreeze', {}, {}],
  ];
  const [operationId, params, body] = acts[x % acts.length] as (typeof acts)[number];
  return x % 2
    ? world.request(admin, operationId, params, body, { assertion: borrowed })
    : world.request({ userId: user, credential: stranger }, operationId, params, body);
};

const TAMPERINGS = {
  drop: ({ pieces, at }) => pieces.filter((_, i) => i !== at),
  cutTail: ({ pieces, at }) => pieces.slice(0, at),
  move: ({ pieces, at, to }) =>
    insert(
      pieces.filter((_, i) => i !== at),
      Math.min(to, pieces.length - 1),
      pieces[at] as Piece,
    ),
  duplicate: ({ pieces, at, to }) => insert(pieces, to, pieces[at] as Piece),
  alterEntry: ({ pieces, at, x, y }) => {
    const { leaf, body } = pieces[at] as Piece;
    const elsewhere = pieces.map((piece) => piece.leaf as unknown as Json);
    return replace(pieces, at, { leaf: alterOne(leaf as unknown as Json, x, y, elsewhere) as unknown as Leaf, body });
  },
  alterBody: ({ pieces, at, x, y }) => {
    const { leaf, body } = pieces[at] as Piece;
    const bytes = body.length === 0 ? canonicalBytes({ force: true }) : canonicalBytes(alterOne(decode(body), x, y));
    return replace(pieces, at, y % 2 ? named(leaf, bytes) : { leaf, body: bytes });
  },
  alterSignedBody: ({ pieces, at, x, y }) => {
    const { leaf, body } = pieces[at] as Piece;
    if (!leaf.statement || body.length === 0) return pieces;
    const bytes = canonicalBytes(alterOne(decode(body), x, y));
    return replace(pieces, at, named({ ...leaf, statement: { ...leaf.statement, bodyHash: hashBody(bytes) } }, bytes));
  },
  poisonRecipient: ({ pieces, at }) => {
    const { leaf, body } = pieces[at] as Piece;
    const text = new TextDecoder().decode(body);
    return text.includes(BOB)
      ? replace(pieces, at, named(leaf, new TextEncoder().encode(text.replace(BOB, MALLORY))))
      : pieces;
  },
  transplantAssertion: ({ pieces, at, to }) => {
    const [piece, other] = [pieces[at] as Piece, pieces[to] as Piece];
    return other.leaf.assertion
      ? replace(pieces, at, { ...piece, leaf: { ...piece.leaf, assertion: other.leaf.assertion } })
      : pieces;
  },
  transplantStatement: ({ pieces, at, to }) => {
    const [piece, other] = [pieces[at] as Piece, pieces[to] as Piece];
    const { statement, assertion } = other.leaf;
    return statement && assertion
      ? replace(pieces, at, { ...piece, leaf: { ...piece.leaf, kind: 'userAction', statement, assertion } })
      : pieces;
  },
  transplantBody: ({ pieces, at, to }) =>
    replace(pieces, at, named((pieces[at] as Piece).leaf, (pieces[to] as Piece).body)),
  transplantNodes: ({ pieces, at, to }) => {
    const [piece, other] = [pieces[at] as Piece, pieces[to] as Piece];
    const nodeSignatures = other.leaf.nodeSignatures;
    return nodeSignatures ? replace(pieces, at, { ...piece, leaf: { ...piece.leaf, nodeSignatures } }) : pieces;
  },
  otherTime: ({ pieces, at, x, y }) => {
    const { leaf, body } = pieces[at] as Piece;
    const by = [1, 1_000, 60_000, 299_000, 301_000, 3_600_000, 40 * 86_400_000][x % 7] ?? 0;
    return replace(pieces, at, { leaf: { ...leaf, at: leaf.at + (y % 2 ? by : -by) }, body });
  },
  unsigned: ({ pieces, to, x, y, history }) => insert(pieces, to, unsigned(history, x, y)),
  forged: ({ pieces, to, x, y, history }) => insert(pieces, to, forged(history, x, y)),
  reviveStatement: ({ pieces, at, to }) => {
    // The same signature under a statement that says it lives longer, entered again.
    const { leaf, body } = pieces[at] as Piece;
    if (!leaf.statement) return pieces;
    const expiresAt = leaf.statement.expiresAt + 300_000;
    return insert(pieces, to, {
      leaf: { ...leaf, at: leaf.at + 300_000, statement: { ...leaf.statement, expiresAt } },
      body,
    });
  },
  flipSignature: ({ pieces, at }) => {
    // Junk that lenient decoders of base64url accept.
    const { leaf, body } = pieces[at] as Piece;
    return leaf.assertion
      ? replace(pieces, at, {
          leaf: { ...leaf, assertion: { ...leaf.assertion, signature: `${leaf.assertion.signature}=` } },
          body,
        })
      : pieces;
  },
} satisfies { readonly [name: string]: (scene: Scene) => readonly Piece[] };

type Tamper = keyof typeof TAMPERINGS;
export const TAMPERS = Object.keys(TAMPERINGS) as Tamper[];

/** What the tampering makes of the ledger; entry 0 stays, since nodes hold the hash of their genesis. */
export const tamper = (
  history: History,
  pieces: readonly Piece[],
  { how, i, j, x, y }: Tampering,
): readonly Piece[] => {
  if (pieces.length < 2) return pieces;
  const at = 1 + (i % (pieces.length - 1));
  const to = 1 + (j % (pieces.length - 1));
  return TAMPERINGS[how]({ pieces, at, to, x, y, history });
};

/** A tampered ledger as a node meets it: every piece with its fate. */
export type Shown = {
  readonly replica: Replica;
  readonly items: readonly Item[];
  readonly fates: readonly { readonly piece: Piece; readonly extension: Extension }[];
};

/**
 * Chains the pieces anew and shows them to an honest node that has seen nothing else. Checkpoints are witnessed anew over the chain
 * shown, as honest nodes would that saw no other; one comes at the end.
 */
export const show = (world: World, pieces: readonly Piece[]): Shown => {
  const replica = emptyReplica(world.orgId);
  let head = { seq: -1, hash: '0'.repeat(64), frontier: EMPTY_FRONTIER };
  const fates: { piece: Piece; extension: Extension }[] = [];
  const items: Item[] = [];
  /** @param stands The piece it is placed for: a checkpoint witnessed anew stands for the one in the ledger. */
  const place = (piece: Piece, stands: Piece = piece): void => {
    const chained = chainLeaves(head, [{ leaf: '0', content: canonicalJson(piece.leaf as unknown as Json) }]);
    const item = { bytes: hexToBytes(chained.rows[0]?.bytes ?? ''), body: piece.body };
    const extension = extendReplica(replica, item.bytes, item.body, TEST_PORTS);
    items.push(item);
    head = chained.head;
    fates.push({ piece: stands, extension });
  };
  const witness = (at: number): Piece => {
    const body = { seq: head.seq, root: rootAt(replica, head.seq) ?? '', at };
    const nodeSignatures = world.signatures(checkpointHash({ orgId: world.orgId, ...body }), world.quorum);
    return world.nodeEntry('checkpoint', body, { at, nodeSignatures });
  };
  const honest = new Set(
    piecesOf(world.items)
      .filter(({ leaf }) => leaf.kind === 'checkpoint')
      .map(keyOf),
  );
  for (const piece of pieces) {
    if (!honest.has(keyOf(piece))) place(piece);
    // Nodes witness no checkpoint before the last one.
    else if ((replica.state.tables.checkpoint.get('last')?.at ?? 0) <= piece.leaf.at)
      place(witness(piece.leaf.at), piece);
  }
  place(witness(Math.max(world.now(), replica.state.tables.checkpoint.get('last')?.at ?? 0)));
  return { replica, items, fates };
};
