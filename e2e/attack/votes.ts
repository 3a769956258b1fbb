import type { Placed } from '@/lib/ledger/testing/requests';
import { activityIdOf, type World } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

const YES = { value: 'Approved' };
const withPath = (placed: Placed, approvalId: string): Placed => {
  const statement = placed.leaf.statement && {
    ...placed.leaf.statement,
    path: `/v2/policy-approvals/${approvalId}/decisions`,
  };
  return { ...placed, leaf: { ...placed.leaf, statement } as Placed['leaf'] };
};

const remove = (world: World, userId: string): void => {
  const grant = [...world.state.tables.assignment.values()].find((item) => item.identityId === userId);
  const params = { permissionId: grant?.permissionId ?? '', assignmentId: grant?.id ?? '' };
  world.done(world.admin, 'permissions.deleteAssignment', params);
};

export const VOTES = group('votes', [
  attack('approvals', 'no votes at all', NOTHING, ({ take, id }) => take(id)),
  attack('approvals', 'one vote of two', 'Ann’s vote', ({ world, ann, approvalId, take, id }) => {
    world.vote(ann, approvalId);
    return take(id);
  }),
  attack('approvals', 'a vote by a stranger’s key', 'Ann’s vote', ({ world, ann, ben, approvalId, take, id }) => {
    world.vote(ann, approvalId);
    world.vote({ userId: ben.userId, credential: stranger() }, approvalId);
    return take(id);
  }),
  attack(
    'approvals',
    'one voter counted twice, by the same entry',
    'Ann’s vote',
    ({ world, ann, approvalId, take, id }) => {
      const vote = world.request(ann, 'policies.createApprovalDecision', { approvalId }, YES);
      world.place(vote);
      world.place(vote);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'one voter counted twice, by two votes',
    'Ann, who votes twice',
    ({ world, ann, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      world.vote(ann, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'one voter counted twice, with two keys',
    'Ann, who has two keys',
    ({ world, ann, approvalId, take, id }) => {
      const second = stranger();
      const body = { ...(second.attest('c') as object), credentialName: 'second', challengeIdentifier: 'c' };
      world.done(ann, 'auth.createCredential', {}, body as never, { effects: { challenge: 'c' } });
      world.vote(ann, approvalId);
      world.vote({ userId: ann.userId, credential: second }, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'votes for a small payment moved to a large one',
    'both votes for the small payment',
    ({ world, walletId, ann, ben, approvalId, approvalOf, take }) => {
      const large = activityIdOf(world.transfer(walletId, LOOT));
      for (const who of [ann, ben])
        world.place(
          withPath(world.request(who, 'policies.createApprovalDecision', { approvalId }, YES), approvalOf(large)),
        );
      return take(large);
    },
  ),
  attack('approvals', 'the initiator approves', 'the administrator', ({ world, ann, approvalId, take, id }) => {
    world.vote(ann, approvalId);
    world.vote(world.admin, approvalId);
    return take(id);
  }),
  attack(
    'approvals',
    'somebody outside the group approves',
    'another approver',
    ({ world, ann, approvalId, take, id }) => {
      const other = world.approver();
      world.vote(ann, approvalId);
      world.vote(other, approvalId);
      return take(id);
    },
  ),
  attack('approvals', 'a No turned into a Yes', 'Ben’s No', ({ world, ann, ben, approvalId, take, id }) => {
    world.vote(ann, approvalId);
    world.vote(ben, approvalId, 'Denied', { swappedBody: YES });
    return take(id);
  }),
  attack('approvals', 'votes after a No', 'both approvers, too late', ({ world, ann, ben, approvalId, take, id }) => {
    world.vote(ben, approvalId, 'Denied');
    world.vote(ann, approvalId);
    world.vote(ben, approvalId);
    return take(id);
  }),
  attack(
    'approvals',
    'votes after the time for them',
    'both approvers, too late',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.wait(21 * 60_000);
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a vote after the time for it, back-dated',
    'both approvers, too late',
    async ({ scene, world, ann, ben, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      const at = world.now();
      world.wait(21 * 60_000);
      await scene.witness();
      world.vote(ben, approvalId, 'Approved', { at, statement: { expiresAt: world.now() + 300_000 } });
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a deputy’s vote dated ahead to when the delegation begins',
    'Ben, and Ann’s deputy of later',
    async ({ scene, world, ann, ben, approvalId, take, id }) => {
      const deputy = world.approver();
      const iso = (ms: number) => new Date(world.now() + ms).toISOString();
      const later = { toUserId: deputy.userId, from: iso(600_000), until: iso(1_200_000) };
      world.done(ann, 'x.createDelegation', {}, later);
      await scene.witness();
      world.vote(ben, approvalId);
      const at = world.now() + 660_000;
      world.vote(deputy, approvalId, 'Approved', { at, statement: { expiresAt: at } });
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a removed member still votes',
    'Ben, who was removed',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      remove(world, ben.userId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'the vote of a member removed since',
    'votes of both, before Ben was removed',
    ({ world, ann, ben, approvalId, reserve, take, id }) => {
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      reserve(id);
      remove(world, ben.userId);
      return take(id);
    },
  ),
  ...(['activityDigest', 'activityId', 'rendering', 'policyVersions'] as const).map((member) =>
    attack(
      'approvals',
      `a statement poisoned in its context: ${member}`,
      'Ben, whose client checks nothing',
      ({ world, ann, ben, approvalId, take, id }) => {
        world.vote(ann, approvalId);
        const honest =
          world.request(ben, 'policies.createApprovalDecision', { approvalId }, YES).leaf.statement?.context ?? {};
        const poison = member === 'policyVersions' ? { 'pol-none': '00' } : '00'.repeat(32);
        const context = { ...honest, [member]: poison };
        world.vote(ben, approvalId, 'Approved', { statement: { context } });
        return take(id);
      },
    ),
  ),
  attack(
    'approvals',
    'a statement with no context',
    'Ben, whose client checks nothing',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      world.vote(ben, approvalId, 'Approved', { statement: { context: {} } });
      return take(id);
    },
  ),
]);
