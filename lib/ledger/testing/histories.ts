import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { abandonHash } from '@/lib/evidence/checkpoint';
import { judgeActivity } from '../judge';
import type { ActivityRecord } from '../records';
import {
  type Cast,
  createCast,
  grant,
  invite,
  others,
  person,
  pick,
  type Served,
  type SignedAct,
  someone,
} from './cast';
import { everyRecord } from './every-record';
import { type Choice, LATER_ACTS } from './later-acts';
import { testOracle } from './oracle';
import { ALWAYS, asks, BLOCK, countLimit } from './people';
import { BOB } from './signing';
import type { World } from './world';

/** One step of a random history: what happens, and three numbers that choose among what there is. */
export type Step = Choice & { readonly act: Act };

/** A world whose server was honest so far, and everything its people signed. */
export type History = {
  readonly world: World;
  readonly signed: ReadonlyMap<string, SignedAct>;
  /** `userId credId` of every credential a person of this history holds. */
  readonly credentials: ReadonlySet<string>;
  /** Somebody invited who never registered. */
  readonly invited: string;
  /** What the server drew at random for the ids of each user action, by the statement's id. */
  readonly drawn: ReadonlyMap<string, readonly Uint8Array[]>;
  /** What the oracle signed for each user action, by the statement's id. */
  readonly served: ReadonlyMap<string, Served>;
};

const HOLDERS = ['Policies:Approvals:Approve', 'Wallets:Sign', 'Wallets:Read', 'Policies:Create'];
const MINUTE = 60_000;
const WAITS = [5_000, 40_000, 4 * MINUTE, 20 * MINUTE, 2 * 60 * MINUTE, 8 * 24 * 60 * MINUTE];

/** The next nonce, or the one that a cancelling request takes from its target. */
const nonceOf = (world: World, { cancels }: ActivityRecord): number => {
  const pin = cancels === undefined ? undefined : world.activity(cancels).pin;
  return pin && 'nonce' in pin ? Number(pin.nonce) : everyRecord(world.state, 'pin').length;
};

const ACTS = {
  person: (cast, { a }) => grant(cast, person(cast, a % 2 ? 'P-256' : 'Ed25519').userId, HOLDERS.slice(0, 1 + (a % 4))),
  grant: (cast, { a, b }) => grant(cast, someone(cast, a).userId, [HOLDERS[b % HOLDERS.length] ?? '']),
  revoke: ({ world, act }, { a }) => {
    const live = everyRecord(world.state, 'assignment').filter((item) => !item.isRevoked);
    const found = pick(live, a);
    if (found)
      act(world.admin, 'permissions.deleteAssignment', { permissionId: found.permissionId, assignmentId: found.id });
  },
  changeRole: ({ world, act }, { a, b }) => {
    const role = pick(everyRecord(world.state, 'permission').slice(1), a);
    if (!role) return;
    if (b % 2) act(world.admin, 'permissions.archivePermission', { permissionId: role.id }, { isArchived: true });
    else
      act(world.admin, 'permissions.updatePermission', { permissionId: role.id }, { operations: HOLDERS.slice(b % 3) });
  },
  policy: (cast, { a, b, c }) => {
    const group = others(cast, a).slice(0, 1 + (b % 3));
    const quorum = 1 + (c % Math.max(1, group.length));
    const forms: Json[] = [
      { rule: ALWAYS, action: asks(group, quorum) },
      { rule: ALWAYS, action: asks(group, quorum, { autoRejectTimeout: 30 }) },
      { rule: countLimit(1 + (c % 2)), action: BLOCK },
      { rule: ALWAYS, action: BLOCK },
    ];
    const form = forms[c % (b % 4 === 3 ? 4 : 3)] as { [key: string]: Json };
    cast.act(cast.world.admin, 'policies.createPolicy', {}, { name: 'p', activityKind: 'Wallets:Sign', ...form });
  },
  govern: (cast, { a, b }) => {
    const activityKind = b % 2 ? 'Policies:Modify' : 'Permissions:Assign';
    const action = asks([cast.world.admin.userId, ...others(cast, a).slice(0, 2)]);
    cast.act(cast.world.admin, 'policies.createPolicy', {}, { name: 'g', activityKind, rule: ALWAYS, action });
  },
  changePolicy: (cast, { a, b }) => {
    const { world, act } = cast;
    const policy = pick(
      everyRecord(world.state, 'policy').filter((item) => item.status === 'Active'),
      a,
    );
    if (!policy) return;
    const params = { policyId: policy.id };
    if (b % 2) act(world.admin, 'policies.archivePolicy', params);
    else {
      const action = asks(others(cast, b).slice(0, 2));
      const { activityKind } = policy.definition;
      act(world.admin, 'policies.updatePolicy', params, { name: 'p', activityKind, rule: ALWAYS, action });
    }
  },
  wallet: ({ world, act }, { a }) => {
    const made = act(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia', tags: [`t${a % 2}`] });
    if (made?.keyId) world.certify(made.keyId);
  },
  transfer: (cast, { a, b }) => {
    const { world, act } = cast;
    const wallet = pick(
      everyRecord(world.state, 'wallet').filter((item) => item.status === 'Active'),
      b,
    );
    const externalId = b % 5 === 0 ? { externalId: `order ${b}` } : {};
    if (wallet)
      act(
        someone(cast, a),
        'wallets.transferAsset',
        { walletId: wallet.id },
        { kind: 'Native', to: BOB, amount: '5', ...externalId },
      );
  },
  vote: (cast, { a, b, c }) => {
    const pending = everyRecord(cast.world.state, 'approval').filter((item) => item.status === 'Pending');
    const approval = pick(pending.toReversed(), a);
    const value = c % 6 === 0 ? 'Denied' : 'Approved';
    if (approval) cast.act(someone(cast, b), 'policies.createApprovalDecision', { approvalId: approval.id }, { value });
  },
  reserve: ({ world }, { a }) => {
    const activity = pick(
      everyRecord(world.state, 'activity').filter((item) => item.status === 'Approved'),
      a,
    );
    if (!activity || activity.kind === 'Signature') return;
    const judged = judgeActivity(world.state, activity.id, { at: world.now() });
    if (judged.ok && judged.value.verdict === 'sign')
      world.reserve(activity.id, activity.speedsUp ? {} : { nonce: nonceOf(world, activity) });
  },
  release: ({ world }, { a }) => {
    const activity = pick(
      everyRecord(world.state, 'activity').filter((item) => item.status === 'Reserved'),
      a,
    );
    if (activity) world.release(activity.id);
  },
  abandon: ({ world, node }, { a }) => {
    const activity = pick(
      everyRecord(world.state, 'activity').filter((item) => item.status === 'Reserved'),
      a,
    );
    if (!activity) return;
    const nodeSignatures = world.signatures(abandonHash(world.orgId, activity.id), world.quorum);
    node('abandon', { activityId: activity.id }, { nodeSignatures });
  },
  cancel: (cast, { a, b }) => {
    const held = everyRecord(cast.world.state, 'activity').filter((item) => item.pin && item.kind === 'Transfer');
    const activity = pick(held, a);
    if (activity)
      cast.act(someone(cast, b), 'wallets.cancelTransfer', {
        walletId: activity.walletId ?? '',
        transferId: activity.id,
      });
  },
  speedUp: (cast, { a, b }) => {
    const { world, act, node } = cast;
    const signed = everyRecord(world.state, 'activity').filter(
      ({ status, kind }) => status === 'Released' && kind !== 'Signature',
    );
    const activity = pick(signed.toReversed(), a);
    if (!activity) return;
    if (!activity.chain)
      node('broadcast', { activityId: activity.id, status: 'Broadcasted', txHash: `0x${'cd'.repeat(32)}` });
    const walletId = activity.walletId ?? '';
    if (activity.kind === 'Transfer')
      act(someone(cast, b), 'wallets.speedUpTransfer', { walletId, transferId: activity.id });
    else act(someone(cast, b), 'wallets.speedUpTransaction', { walletId, transactionId: activity.id });
  },
  freeze: ({ world, act }, { a }) => {
    const walletId = pick(everyRecord(world.state, 'wallet'), a)?.id;
    act(world.admin, 'x.freeze', {}, a % 2 && walletId ? { walletId } : {});
  },
  unfreeze: ({ world, act }, { a }) => {
    const walletId = everyRecord(world.state, 'wallet').find((item) => item.frozen)?.id;
    act(world.admin, 'x.unfreeze', {}, a % 2 && walletId ? { walletId } : {});
  },
  secondKey: (cast, { a }) => {
    const owner = someone(cast, a);
    if (owner.tokenId) return;
    const credential = softwareKey('P-256');
    const body = { ...credential.attest('added'), credentialName: 'second', challengeIdentifier: 'added' };
    const made = cast.act(owner, 'auth.createCredential', {}, body as unknown as Json, {
      credentialChallenge: 'added',
    });
    if (!made) return;
    cast.hold(owner.userId, credential);
    cast.signers.push({ userId: owner.userId, credential });
  },
  toggleKey: (cast, { a, b }) => {
    const owner = someone(cast, a);
    const own = everyRecord(cast.world.state, 'credential').filter((item) => item.userId === owner.userId);
    const credential = pick(own, b);
    const operationId = credential?.isActive ? 'auth.deactivateCredential' : 'auth.activateCredential';
    if (credential && !owner.tokenId) cast.act(owner, operationId, {}, { credentialUuid: credential.id });
  },
  serviceAccount: (cast) => {
    const { world } = cast;
    const credential = softwareKey('Ed25519');
    const made = cast.act(
      world.admin,
      'auth.createServiceAccount',
      {},
      { name: 'bot', publicKey: credential.publicKey },
    );
    const record = everyRecord(world.state, 'credential').find((item) => item.tokenId && item.userId === made?.userId);
    if (!made?.userId || !record?.tokenId) return;
    const known = {
      ...credential,
      credId: record.credId,
      assert: (challenge: string) => ({ ...credential.assert(challenge), credId: record.credId }),
    };
    cast.hold(made.userId, known);
    cast.signers.push({ userId: made.userId, credential: known, tokenId: record.tokenId });
    grant(cast, made.userId, ['Wallets:Sign', 'Policies:Approvals:Approve']);
  },
  tag: (cast, { a, b }) => {
    const wallet = pick(everyRecord(cast.world.state, 'wallet'), a);
    if (wallet)
      cast.act(
        cast.world.admin,
        b % 2 ? 'wallets.tagWallet' : 'wallets.untagWallet',
        { walletId: wallet.id },
        { tags: ['t1'] },
      );
  },
  stated: ({ world, node }, { a, b }) => {
    const activity = pick(everyRecord(world.state, 'activity'), a);
    if (!activity) return;
    const body = { activityId: activity.id };
    if (b % 4 === 0) node('reject', body);
    if (b % 4 === 1) node('reopen', body, { effects: { approvalId: world.id('approval') } });
    if (b % 4 === 2) node('expiry', activity.approvalId ? { approvalId: activity.approvalId } : body);
    if (b % 4 === 3) node('broadcast', { ...body, status: 'Broadcasted', txHash: `0x${'ab'.repeat(32)}` });
  },
  checkpoint: ({ world }) => void world.checkpoint(),
  wait: ({ world }, { a }) => void world.wait(WAITS[a % WAITS.length] ?? 0),
} satisfies { readonly [name: string]: (cast: Cast, step: Choice) => void };

const ALL_ACTS = { ...ACTS, ...LATER_ACTS };
type Act = keyof typeof ALL_ACTS;

/** What more often leads towards a signature stands here more than once. */
export const LIKELY_ACTS: readonly Act[] = [
  ...(Object.keys(ACTS) as (keyof typeof ACTS)[]),
  'transfer',
  'transfer',
  'transfer',
  'vote',
  'vote',
  'vote',
  'vote',
  'reserve',
  'reserve',
  'policy',
  'checkpoint',
];

/** The same, with everything approvals and governance can do. */
export const EVERY_ACT: readonly Act[] = [...LIKELY_ACTS, ...(Object.keys(LATER_ACTS) as (keyof typeof LATER_ACTS)[])];

/** Plays the steps with an honest server: three people with roles, a wallet, then whatever the steps say. */
export const playHistory = (steps: readonly Step[], enrolment: 'server' | 'vouched', seed = 'history'): History => {
  const cast = createCast(enrolment, seed, testOracle());
  const { world } = cast;
  for (const type of ['P-256', 'Ed25519', 'P-256'] as const)
    grant(cast, person(cast, type).userId, HOLDERS.slice(0, 3));
  const invited = invite(cast);
  ACTS.wallet(cast, { a: 0, b: 0, c: 0 });
  for (const { act, ...step } of steps) ALL_ACTS[act](cast, step);
  return { world, signed: cast.signed, drawn: cast.drawn, served: cast.served, credentials: cast.credentials, invited };
};
