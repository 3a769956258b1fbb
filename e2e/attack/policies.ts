import type { Json } from '@/lib/domain/canonical-json';
import { ALWAYS, asks, BLOCK } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

const policyOf = (action: Json): { [name: string]: Json } => ({
  name: 'a policy',
  activityKind: 'Wallets:Sign',
  rule: ALWAYS,
  action,
});

export const POLICIES = group('policies', [
  attack(
    'approvals',
    'a threshold lowered without a signature',
    NOTHING,
    ({ world, ann, ben, policyId, approvalId, take, id }) => {
      const thief = { userId: world.admin.userId, credential: stranger() };
      world.act(thief, 'policies.updatePolicy', { policyId }, policyOf(asks([ann.userId, ben.userId], 1)));
      world.vote(ann, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a threshold lowered by an approver',
    'Ann’s key',
    ({ world, ann, ben, policyId, approvalId, take, id }) => {
      world.act(ann, 'policies.updatePolicy', { policyId }, policyOf(asks([ann.userId, ben.userId], 1)));
      world.vote(ann, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a threshold lowered in the body of a new policy',
    'a policy being made',
    ({ world, walletId, ann, ben, policyId, approvalOf, take }) => {
      world.done(world.admin, 'policies.archivePolicy', { policyId });
      const swappedBody = policyOf(asks([ann.userId, ben.userId], 1));
      world.policy(ALWAYS, asks([ann.userId, ben.userId], 2));
      world.act(world.admin, 'policies.createPolicy', {}, policyOf(asks([ann.userId, ben.userId], 2)), { swappedBody });
      const id = activityIdOf(world.transfer(walletId));
      world.vote(ann, approvalOf(id));
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a threshold lowered after the request',
    'the administrator, and Ann’s vote',
    ({ world, ann, ben, policyId, approvalId, take, id }) => {
      world.done(world.admin, 'policies.updatePolicy', { policyId }, policyOf(asks([ann.userId, ben.userId], 1)));
      world.vote(ann, approvalId);
      return take(id);
    },
  ),
  attack('approvals', 'a policy dropped without a signature', NOTHING, ({ world, walletId, policyId, take }) => {
    const thief = { userId: world.admin.userId, credential: stranger() };
    world.act(thief, 'policies.archivePolicy', { policyId });
    return take(activityIdOf(world.transfer(walletId)));
  }),
  attack('approvals', 'a policy dropped after the request', 'the administrator', ({ world, policyId, take, id }) => {
    world.done(world.admin, 'policies.archivePolicy', { policyId });
    return take(id);
  }),
  attack(
    'approvals',
    'a policy dropped by an old entry for another version',
    'an old signed request of the administrator',
    ({ world, walletId, ann, ben, policyId, take }) => {
      const drop = world.request(world.admin, 'policies.archivePolicy', { policyId });
      world.done(
        world.admin,
        'policies.updatePolicy',
        { policyId },
        policyOf(asks([ann.userId, ben.userId], 2, { autoRejectTimeout: 9 })),
      );
      world.place(drop);
      return take(activityIdOf(world.transfer(walletId)));
    },
  ),
  attack(
    'approvals',
    'a policy dropped by the signature that dropped another',
    'an old signed request of the administrator',
    ({ world, walletId, policyId, take }) => {
      const other = world.policy(ALWAYS, { kind: 'NoAction' });
      const drop = world.request(world.admin, 'policies.archivePolicy', { policyId: other });
      world.place(drop);
      const statement = drop.leaf.statement && {
        ...drop.leaf.statement,
        path: drop.leaf.statement.path.replace(other, policyId),
      };
      world.place({ ...drop, leaf: { ...drop.leaf, statement } as typeof drop.leaf });
      return take(activityIdOf(world.transfer(walletId)));
    },
  ),
  attack('payment', 'a policy back-dated behind the request', NOTHING, ({ world, take, id }) => {
    const ann = world.approver();
    const at = world.now() - 600_000;
    const body = policyOf(asks([ann.userId]));
    world.act(world.admin, 'policies.createPolicy', {}, body, { at, statement: { expiresAt: at + 300_000 } });
    return take(id);
  }),
  attack(
    'approvals',
    'a request back-dated before the policy',
    'the administrator',
    async ({ world, walletId, take }) => {
      const at = world.now() - 3_600_000;
      const early = world.transfer(walletId, LOOT, world.admin, { at, statement: { expiresAt: at + 300_000 } });
      return take(activityIdOf(early));
    },
  ),
  attack('payment', 'a block that came after the approval', NOTHING, ({ world, reserve, take, id }) => {
    reserve(id);
    world.policy(ALWAYS, BLOCK);
    return take(id);
  }),
  attack(
    'approvals',
    'a vote on a policy that changed since',
    'Ben’s vote on the old version',
    ({ world, ann, ben, policyId, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      const stale = world.request(ben, 'policies.createApprovalDecision', { approvalId }, { value: 'Approved' });
      world.done(
        world.admin,
        'policies.updatePolicy',
        { policyId },
        policyOf(asks([ann.userId, ben.userId], 2, { autoRejectTimeout: 5 })),
      );
      world.place(stale);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a change of policy that waits for its approval',
    'the administrator',
    ({ world, walletId, ann, policyId, take }) => {
      world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
      world.done(world.admin, 'policies.archivePolicy', { policyId });
      return take(activityIdOf(world.transfer(walletId)));
    },
  ),
  attack(
    'approvals',
    'a change of policy approved by its initiator',
    'the administrator',
    ({ world, walletId, ann, policyId, take }) => {
      world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
      const { approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
      world.vote(world.admin, approvalId);
      return take(activityIdOf(world.transfer(walletId)));
    },
  ),
  attack(
    'approvals',
    'a change approved by an escalation that an entry dated a day ahead opens',
    'the administrator, and who may approve after a day',
    async ({ scene, world, walletId, ann, ben, policyId, take }) => {
      const boss = world.approver();
      const escalation = { afterMinutes: 1440, approvers: { userId: { in: [boss.userId] } } };
      const group = { quorum: 1, approvers: { userId: { in: [ann.userId, ben.userId] } }, escalation };
      world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] }, 'Policies:Modify');
      await scene.witness();
      const { approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
      const invited = { email: 'someone@wallets.test', kind: 'CustomerEmployee' };
      const { userId = '' } = world.done(world.admin, 'auth.createUser', {}, invited);
      const effects = { userId, challenge: 'c', credentials: [{ id: world.id('credential'), name: 'Key' }] };
      const body = { firstFactorCredential: stranger().attest('c') as unknown as Json };
      world.append('registration', body, { effects, at: world.now() + 90_000_000 });
      world.vote(boss, approvalId);
      return take(activityIdOf(world.transfer(walletId)));
    },
  ),
  attack('payment', 'a frozen organisation', NOTHING, ({ world, reserve, take, id }) => {
    reserve(id);
    world.done(world.admin, 'x.freeze', {}, {});
    return take(id);
  }),
  attack('payment', 'a freeze undone without a signature', NOTHING, ({ world, reserve, take, id }) => {
    reserve(id);
    world.done(world.admin, 'x.freeze', {}, {});
    world.act({ userId: world.admin.userId, credential: stranger() }, 'x.unfreeze', {}, {});
    return take(id);
  }),
]);
