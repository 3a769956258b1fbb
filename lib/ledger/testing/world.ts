import { hashBody } from '@/lib/authentication/statement';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { buildMessage, buildUnsigned, type Choice } from '@/lib/chain/evm/build';
import { chainLeaves } from '@/lib/db/sequencer';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { hexToBytes, sha256, utf8ToBytes } from '@/lib/domain/hash';
import { type IdKind, newId, type RandomBytes } from '@/lib/domain/ids';
import type { Outcome } from '@/lib/domain/refusal';
import { checkBundle } from '@/lib/evidence/check-bundle';
import { abandonHash, checkpointHash } from '@/lib/evidence/checkpoint';
import type { Effects, EntryKind, Leaf, NodeSignature } from '../entry';
import type { Genesis } from '../genesis';
import { intentOfActivity } from '../intent';
import { EMPTY_FRONTIER } from '../merkle';
import type { ActivityRecord } from '../records';
import { type Extension, emptyReplica, extendReplica, type Replica } from '../replay';
import { find } from '../state';
import { type DealtKey, dealKey, testNode } from './nodes';
import { TEST_PORTS } from './ports';
import { type Forgery, type Params, type Placed, type Signer, signRequest } from './requests';

export const START = 1_700_000_000_000;
export const BOB = '0x00000000000000000000000000000000000000bb';
export const MALLORY = '0x00000000000000000000000000000000000000ee';
const GWEI = 1_000_000_000n;
const CHOICE: Choice = { nonce: 0, gasLimit: 50_000n, maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };

export type WorldOptions = {
  readonly enrolment?: Genesis['enrolment'];
  readonly k?: number;
  readonly n?: number;
  readonly strict?: boolean;
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

/**
 * One organisation in memory: its nodes, its people and one replica that follows the ledger. The server is as honest or as corrupt as
 * the test wants: `act` behaves, `place` puts anything into the chain.
 */
export const createWorld = (options: WorldOptions = {}) => {
  const { enrolment = 'server', k = 3, n = 4, strict = false } = options;
  const random = seededBytes('world');
  const id = (kind: IdKind) => newId(kind, random);
  const nodes = Array.from({ length: n }, (_, i) => testNode(i + 1, 'world'));
  const adminKey = softwareKey('P-256');
  const admin: Signer = { userId: id('user'), credential: adminKey };
  const genesis: Genesis = {
    specVersion: 'countersign/1',
    orgId: id('organisation'),
    rpId: RP_ID,
    origins: [ORIGIN],
    k,
    n,
    nodes: nodes.map((node) => node.certificate),
    oracleKeys: [],
    firstAdmin: {
      userId: admin.userId,
      credentials: [{ id: id('credential'), kind: 'Key', credId: adminKey.credId, publicKey: adminKey.publicKey }],
    },
    fullAdmin: { permissionId: id('permission'), assignmentId: id('assignment') },
    enrolment,
    strict,
    createdAt: START,
  };
  const { orgId } = genesis;
  let now = START;
  let head = { seq: -1, hash: '0'.repeat(64), frontier: EMPTY_FRONTIER };
  const items: Item[] = [];
  const replica = emptyReplica(orgId);
  const keys = new Map<string, DealtKey>();

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
    const root = replica.roots[seq] ?? '';
    append(
      'checkpoint',
      { seq, root, at },
      { at, nodeSignatures: signatures(checkpointHash({ orgId, seq, root, at }), by) },
    );
    return { seq, root, at };
  };
  const certify = (keyId: string): Extension => {
    const key = dealKey(keyId, k, nodes, 'world');
    keys.set(keyId, key);
    return append('keyCertificate', { keyId, certificate: key.certificate as unknown as Json });
  };
  const wallet = (signer: Signer = admin, body: { [key: string]: Json } = {}): string => {
    const { walletId = '', keyId } = done(signer, 'wallets.createWallet', {}, { network: 'EthereumSepolia', ...body });
    if (keyId) certify(keyId);
    return walletId;
  };
  /** An invited person who registered a key; under `vouched` nobody has vouched for it yet. */
  const register = (
    credential: SoftwareCredential = softwareKey('Ed25519'),
  ): Signer & { readonly credentialId: string } => {
    const { userId = '' } = done(
      admin,
      'auth.createUser',
      {},
      { email: 'someone@wallets.test', kind: 'CustomerEmployee' },
    );
    const credentialId = id('credential');
    const challenge = 'registration challenge';
    const attested = credential.attest(challenge);
    append(
      'registration',
      { firstFactorCredential: attested as unknown as Json },
      {
        effects: { userId, challenge, credentials: [{ id: credentialId, name: 'Key' }] },
      },
    );
    return { userId, credential, credentialId };
  };
  const grant = (userId: string, operations: readonly string[]): { permissionId: string; assignmentId: string } => {
    const name = `role ${items.length}`;
    const { permissionId = '' } = done(admin, 'permissions.createPermission', {}, { name, operations });
    const { assignmentId = '' } = done(admin, 'permissions.createAssignment', { permissionId }, { identityId: userId });
    return { permissionId, assignmentId };
  };
  const approver = (): Signer & { readonly credentialId: string } => {
    const person = register();
    grant(person.userId, ['Policies:Approvals:Approve']);
    return person;
  };
  const policy = (
    rule: Json,
    action: Json,
    activityKind = 'Wallets:Sign',
    more: { [key: string]: Json } = {},
  ): string =>
    done(admin, 'policies.createPolicy', {}, { name: 'a policy', activityKind, rule, action, ...more }).policyId ?? '';
  const transfer = (
    walletId: string,
    more: { [key: string]: Json } = {},
    signer = admin,
    forgery: Forgery = {},
  ): Extension =>
    act(signer, 'wallets.transferAsset', { walletId }, { kind: 'Native', to: BOB, amount: '5', ...more }, forgery);
  const vote = (
    signer: Signer,
    approvalId: string,
    value: 'Approved' | 'Denied' = 'Approved',
    forgery: Forgery = {},
  ): Extension => act(signer, 'policies.createApprovalDecision', { approvalId }, { value }, forgery);

  const activity = (activityId: string): ActivityRecord => {
    const found = find(replica.state, 'activity', activityId);
    if (!found) throw new Error(`No activity ${activityId}.`);
    return found;
  };
  const unsignedOf = (item: ActivityRecord, choice: Partial<Choice> = {}): string => {
    const owner = item.walletId ? find(replica.state, 'wallet', item.walletId) : undefined;
    const intent = intentOfActivity(item, owner ?? { network: item.network ?? 'KeyECDSA' });
    const built = item.kind === 'Signature' ? buildMessage(intent) : buildUnsigned(intent, { ...CHOICE, ...choice });
    if (!built.ok) throw new Error(built.refusal.message);
    return built.value;
  };
  /** A `reserve` entry with the bytes the broadcaster would choose. */
  const reserve = (activityId: string, choice: Partial<Choice> = {}, body: { [key: string]: Json } = {}): Extension => {
    const item = activity(activityId);
    const owner = item.walletId ? find(replica.state, 'wallet', item.walletId) : undefined;
    const network = owner?.network ?? item.network ?? 'KeyECDSA';
    const unsigned = unsignedOf(item, choice);
    const rules = TEST_PORTS.chainRules(network);
    const intent = intentOfActivity(item, owner ?? { network });
    const target = item.cancels ? activity(item.cancels) : undefined;
    const checked = target?.pin
      ? rules?.checkCancel(intent, target.pin, unsigned)
      : rules?.checkUnsigned(intent, unsigned);
    if (!checked?.ok) throw new Error(`Not reservable: ${JSON.stringify(checked)}`);
    const pin = target?.pin ?? (checked.value as unknown as { pin: Json }).pin;
    return append('reserve', {
      activityId,
      unsigned,
      digest: checked.value.digest,
      pin: pin as Json,
      attempt: 0,
      ...body,
    });
  };
  const release = (activityId: string): Extension => {
    const { reservation, keyId } = activity(activityId);
    const digest = reservation?.digest ?? '';
    return append('release', {
      activityId,
      digest,
      signature: (keys.get(keyId)?.sign(digest) ?? null) as unknown as Json,
    });
  };
  const abandon = (activityId: string, by: readonly number[] = quorum): Extension =>
    append('abandon', { activityId }, { nodeSignatures: signatures(abandonHash(orgId, activityId), by) });

  /** What an honest node answers when asked to sign the activity now, under the checkpoint given (a fresh one if none). */
  const judge = (
    activityId: string,
    more: { under?: { seq: number; root: string; at: number }; follower?: Replica; unsigned?: string } = {},
  ): Outcome<unknown> => {
    const under = more.under ?? checkpoint();
    const item = activity(activityId);
    const bundle = {
      v: 1 as const,
      orgId,
      activityId,
      head: { seq: under.seq, root: under.root },
      unsigned: more.unsigned ?? item.reservation?.unsigned ?? '',
      digests: [item.reservation?.digest ?? ''],
      attempt: 0,
      participants: quorum,
    };
    const place = { now, freshSignedCheckpoints: [{ orgId, ...under }] };
    return checkBundle(more.follower ?? replica, bundle, TEST_PORTS, place);
  };
  /** Reserves, asks a node, and says `SIGNED` or the code of the refusal, as the traces of the model do. */
  const sign = (activityId: string, nonce = 0): string => {
    if (activity(activityId).status === 'Approved') {
      const reserved = reserve(activityId, { nonce });
      if (reserved.kind === 'void') return reserved.refusal.code;
    }
    const judged = judge(activityId);
    return judged.ok ? 'SIGNED' : judged.refusal.code;
  };

  append('genesis', genesis as unknown as Json);
  return {
    genesis,
    orgId,
    nodes,
    admin,
    replica,
    items,
    keys,
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
    certify,
    wallet,
    register,
    grant,
    approver,
    policy,
    transfer,
    vote,
    activity,
    unsignedOf,
    reserve,
    release,
    abandon,
    judge,
    sign,
  };
};
export type World = ReturnType<typeof createWorld>;

/** The id of the activity a request made; throws when the entry is void. */
export const activityIdOf = (extension: Extension): string => {
  if (extension.kind !== 'applied') throw new Error(`Not applied: ${JSON.stringify(extension)}`);
  return String(extension.entry.effects.activityId);
};

/** `applied`, or the code of the refusal that made the entry void, or `broken`. */
export const fate = (extension: Extension): string =>
  extension.kind === 'void' ? extension.refusal.code : extension.kind;

/** A follower that has seen the first `count` items. */
export const follow = (world: World, count = world.items.length): Replica => {
  const replica = emptyReplica(world.orgId);
  for (const { bytes, body } of world.items.slice(0, count)) extendReplica(replica, bytes, body, TEST_PORTS);
  return replica;
};

/** An action that asks the group for `quorum` approvals. */
export const asks = (userIds: readonly string[], quorum = 1, more: { [key: string]: Json } = {}): Json => ({
  kind: 'RequestApproval',
  approvalGroups: [{ quorum, approvers: { userId: { in: [...userIds] } }, initiatorCanApprove: false }],
  ...more,
});
export const ALWAYS: Json = { kind: 'AlwaysTrigger' };
export const BLOCK: Json = { kind: 'Block' };
export const countLimit = (limit: number, timeframe = 60): Json => ({
  kind: 'TransactionCountVelocity',
  configuration: { limit, timeframe },
});
