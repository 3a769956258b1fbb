import { describe, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { extendReplica, rootAt } from './replay';
import { find } from './state';
import { ALWAYS, asks, BLOCK } from './testing/people';
import { TEST_PORTS } from './testing/ports';
import { MALLORY } from './testing/signing';
import { activityIdOf, createWorld, fate, follow, type World } from './testing/world';

/**
 * The thief has the server and its database: any row can be changed and any entry written. What signer nodes hold is what they replayed
 * themselves, so each attack ends as a void entry or in a refusal of `checkBundle`.
 */
const scene = () => {
  const world = createWorld();
  const walletId = world.wallet();
  const [ann, ben] = [world.approver(), world.approver()];
  const policyId = world.policy(ALWAYS, asks([ann.userId, ben.userId], 2));
  world.checkpoint();
  const id = activityIdOf(world.transfer(walletId));
  return { world, walletId, ann, ben, policyId, id, approvalId: world.activity(id).approvalId ?? '' };
};
const refusedAtEveryNode = (world: World, id: string, code: string) => {
  const under = world.checkpoint();
  for (const _node of world.nodes)
    expect(world.judge(id, { under, follower: follow(world) })).toMatchObject({ refusal: { code } });
};

describe('with write access to the database', () => {
  test('an added credential votes for nobody', () => {
    const { world, ann, approvalId, id } = scene();
    const thief = softwareKey('P-256');
    const effects = { userId: ann.userId, challenge: 'c', credentials: [{ id: world.id('credential'), name: 'mine' }] };
    const body = { firstFactorCredential: thief.attest('c') } as unknown as Json;
    expect(fate(world.append('registration', body, { effects }))).toBe('registration.done');
    expect(fate(world.vote({ userId: ann.userId, credential: thief }, approvalId))).toBe(
      'authentication.user_action_invalid',
    );
    refusedAtEveryNode(world, id, 'evidence.not_reserved');
  });
  test('an altered policy is the one the nodes replayed', () => {
    const { world, policyId, approvalId, ann, id } = scene();
    world.vote(ann, approvalId);
    const policy = find(world.state, 'policy', policyId);
    const honest = follow(world);
    // The thief's own view: one approval is enough.
    if (policy)
      world.state.tables.policy.set(policyId, {
        ...policy,
        definition: { ...policy.definition, action: asks([ann.userId], 1) as never },
      });
    const approval = find(world.state, 'approval', approvalId);
    if (approval)
      world.state.tables.approval.set(approvalId, {
        ...approval,
        groups: approval.groups.map((group) => ({ ...group, quorum: 1 })),
      });
    expect(find(honest.state, 'policy', policyId)).toEqual(policy);
    refusedAtEveryNode(world, id, 'evidence.not_reserved');
  });
  test('one voter fills one seat, however often her vote is entered', () => {
    const { world, approvalId, ann, id } = scene();
    const vote = world.request(ann, 'policies.createApprovalDecision', { approvalId }, { value: 'Approved' });
    expect(fate(world.place(vote))).toBe('applied');
    expect(fate(world.place(vote))).toBe('authentication.user_action_used');
    expect(fate(world.vote(ann, approvalId))).toBe('policy.already_decided');
    expect(world.activity(id).status).toBe('Pending');
    refusedAtEveryNode(world, id, 'evidence.not_reserved');
  });
  test('a vote for one activity approves no other', () => {
    const { world, walletId, ann, approvalId } = scene();
    const other = activityIdOf(world.transfer(walletId, { to: MALLORY }));
    const honest = world.request(ann, 'policies.createApprovalDecision', { approvalId }, { value: 'Approved' });
    const path = `/v2/policy-approvals/${world.activity(other).approvalId}/decisions`;
    const leaf = { ...honest.leaf, statement: { ...honest.leaf.statement, path } as typeof honest.leaf.statement };
    expect(fate(world.place({ ...honest, leaf }))).toBe('authentication.user_action_invalid');
  });
  test('a swapped recipient is no longer what was signed', () => {
    const { world, walletId } = scene();
    const swapped = world.transfer(walletId, {}, world.admin, {
      swappedBody: { kind: 'Native', to: MALLORY, amount: '5' },
    });
    expect(fate(swapped)).toBe('authentication.user_action_invalid');
  });
  test('bytes that pay somebody else are refused at every node', () => {
    const { world, ann, ben, approvalId, id } = scene();
    world.vote(ann, approvalId);
    world.vote(ben, approvalId);
    world.reserve(id);
    const under = world.checkpoint();
    expect(world.judge(id, { under })).toMatchObject({ ok: true });
    const unsigned = world.activity(id).reservation?.unsigned.replace('bb', 'ee') ?? '';
    for (const _node of world.nodes)
      expect(world.judge(id, { under, unsigned, follower: follow(world) })).toMatchObject({ ok: false });
  });
  test('a second nonce for one approval is refused', () => {
    const { world, ann, ben, approvalId, id } = scene();
    world.vote(ann, approvalId);
    world.vote(ben, approvalId);
    expect(fate(world.reserve(id, { nonce: 0 }))).toBe('applied');
    expect(fate(world.reserve(id, { nonce: 1 }))).toBe('reserve.other_pin');
    const under = world.checkpoint();
    const unsigned = world.unsignedOf(world.activity(id), { nonce: 1 });
    for (const _node of world.nodes)
      expect(world.judge(id, { under, unsigned, follower: follow(world) })).toMatchObject({ ok: false });
  });
  test('an unsigned approval, a fabricated release and a fabricated abandon are void', () => {
    const { world, id } = scene();
    world.append('reject', { activityId: id });
    expect(world.activity(id).status).toBe('Pending');
    const free = createWorld();
    const own = activityIdOf(free.transfer(free.wallet()));
    free.reserve(own);
    const digest = free.activity(own).reservation?.digest ?? '';
    const other = find(free.state, 'wallet', free.wallet())?.keyId ?? '';
    const stranger = free.keys.get(other)?.sign(digest) as unknown as Json;
    expect(fate(free.append('release', { activityId: own, digest, signature: stranger }))).toBe('release.signature');
    expect(fate(free.append('abandon', { activityId: own }))).toBe('abandon.signatures');
    const twice = free.signatures(new Uint8Array(32), [1, 1, 1]);
    expect(fate(free.append('abandon', { activityId: own }, { nodeSignatures: twice }))).toBe('abandon.signatures');
  });
  test('a key certificate one node did not confirm makes no wallet', () => {
    const world = createWorld();
    const { walletId = '', keyId = '' } = world.done(
      world.admin,
      'wallets.createWallet',
      {},
      { network: 'EthereumSepolia' },
    );
    const other = createWorld({ n: 3, k: 3 });
    const { keyId: theirs = '' } = other.done(other.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia' });
    other.certify(theirs);
    const certificate = { ...other.keys.get(theirs)?.certificate, keyId } as unknown as Json;
    expect(fate(world.append('keyCertificate', { keyId, certificate }))).toBe('key.certificate');
    expect(find(world.state, 'wallet', walletId)?.status).toBe('Creating');
  });
});

describe('a server that lies about the chain', () => {
  test('a gap, another order, changed bytes and a foreign genesis stop the node', () => {
    const { world } = scene();
    const behind = follow(world, 3);
    const item = (index: number) => world.items[index] ?? { bytes: new Uint8Array(0), body: new Uint8Array(0) };
    const next = (replica: typeof behind, index: number) =>
      extendReplica(replica, item(index).bytes, item(index).body, TEST_PORTS).kind;
    expect(next(behind, 4)).toBe('broken');
    expect(next(behind, 2)).toBe('broken');
    expect(behind.head?.seq).toBe(2);
    expect(next(behind, 3)).toBe('applied');
    const spaced = new TextEncoder().encode(` ${new TextDecoder().decode(item(4).bytes)}`);
    expect(extendReplica(behind, spaced, item(4).body, TEST_PORTS).kind).toBe('broken');
    const stranger = createWorld();
    expect(
      extendReplica({ ...follow(stranger, 0), orgId: 'or-other' }, item(0).bytes, item(0).body, TEST_PORTS).kind,
    ).toBe('broken');
  });
  test('a checkpoint over entries the node has not got settles nothing', () => {
    const { world } = scene();
    const body = { seq: world.items.length + 50, root: 'aa'.repeat(32), at: world.now() };
    const nodeSignatures = world.signatures(checkpointHash({ orgId: world.orgId, ...body }), [1, 2, 3]);
    expect(fate(world.append('checkpoint', body, { nodeSignatures, at: body.at }))).toBe('checkpoint.root');
  });
  test('a checkpoint with fewer than k witnesses, or the same one k times, is void', () => {
    const { world } = scene();
    const seq = world.items.length - 1;
    const body = { seq, root: rootAt(world.replica, seq) ?? '', at: world.now() };
    const hash = checkpointHash({ orgId: world.orgId, ...body });
    for (const by of [
      [1, 2],
      [1, 1, 1],
      [7, 8, 9],
    ])
      expect(fate(world.append('checkpoint', body, { nodeSignatures: world.signatures(hash, by), at: body.at }))).toBe(
        'checkpoint.signatures',
      );
  });
  test('a head that no checkpoint entry covers carries no signature, whatever the node signed', () => {
    const world = createWorld();
    const id = activityIdOf(world.transfer(world.wallet()));
    world.reserve(id);
    const seq = world.items.length - 1;
    const under = { seq, root: rootAt(world.replica, seq) ?? '', at: world.now() };
    expect(world.judge(id, { under })).toMatchObject({ refusal: { code: 'evidence.unwitnessed' } });
  });
  test('a Block added after approval and reserve keeps the nodes from signing', () => {
    const { world, ann, ben, approvalId, id } = scene();
    world.vote(ann, approvalId);
    world.vote(ben, approvalId);
    world.reserve(id);
    world.policy(ALWAYS, BLOCK);
    refusedAtEveryNode(world, id, 'evidence.blocked');
  });
});
