import type { World } from '@/lib/ledger/testing/world';
import { attack, group } from './attack';
import { LOOT, stranger } from './scenes';

const remove = (world: World, userId: string, how: 'deactivate' | 'archive' = 'deactivate') =>
  world.done(world.admin, `auth.${how}User`, { userId }, {});

/** People who are deactivated or removed: nothing of theirs counts from that entry on. */
export const REMOVALS = group('removals', [
  attack(
    'approvals',
    'a deactivated approver still votes',
    'Ben, who was deactivated',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.vote(ann, approvalId);
      remove(world, ben.userId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'the vote of an approver deactivated before the last vote',
    'votes of both; Ben was deactivated in between',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.vote(ben, approvalId);
      remove(world, ben.userId);
      world.vote(ann, approvalId);
      return take(id);
    },
  ),
  ...(['deactivate', 'archive'] as const).map((how) =>
    attack(
      'approvals',
      `the vote of an approver since ${how}d`,
      `votes of both, before Ben was ${how}d`,
      ({ world, ann, ben, approvalId, reserve, take, id }) => {
        world.vote(ann, approvalId);
        world.vote(ben, approvalId);
        reserve(id);
        remove(world, ben.userId, how);
        return take(id);
      },
    ),
  ),
  attack(
    'approvals',
    'a deactivated approver who activates himself',
    'Ben, who may activate people and was deactivated',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.grant(ben.userId, ['Auth:Users:Activate']);
      remove(world, ben.userId);
      world.act(ben, 'auth.activateUser', { userId: ben.userId });
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a deactivated approver activated without a signature',
    'Ben, who was deactivated',
    ({ world, ann, ben, approvalId, take, id }) => {
      remove(world, ben.userId);
      const thief = { userId: world.admin.userId, credential: stranger() };
      world.act(thief, 'auth.activateUser', { userId: ben.userId });
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a removed approver brought back by an old entry',
    'an old signed activation of the administrator',
    ({ world, ann, ben, approvalId, take, id }) => {
      remove(world, ben.userId);
      const old = world.request(world.admin, 'auth.activateUser', { userId: ben.userId });
      world.place(old);
      remove(world, ben.userId);
      world.place(old);
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'the token of a deactivated approver votes',
    'Ben’s token, and Ann’s vote',
    ({ world, ann, ben, approvalId, take, id }) => {
      world.grant(ben.userId, ['Auth:Pats:Create']);
      const token = world.token(ben, ['Policies:Approvals:Approve']);
      world.vote(ann, approvalId);
      remove(world, ben.userId);
      world.vote(token, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'an approver and his token count as two',
    'Ben and his token',
    ({ world, ben, approvalId, take, id }) => {
      world.grant(ben.userId, ['Auth:Pats:Create']);
      const token = world.token(ben, ['Policies:Approvals:Approve']);
      world.vote(ben, approvalId);
      world.vote(token, approvalId);
      return take(id);
    },
  ),
  attack(
    'payment',
    'the request of a person deactivated since',
    'a signed request of a member',
    ({ world, request, enter, take }) => {
      const member = world.register(stranger());
      world.grant(member.userId, ['Wallets:Transfers:Create']);
      const id = enter(request(member, LOOT));
      remove(world, member.userId);
      return take(id, { body: LOOT });
    },
  ),
  attack(
    'payment',
    'an archived person activated again',
    'the administrator, and the key of a removed member',
    ({ world, request, enter, take }) => {
      const member = world.register(stranger());
      world.grant(member.userId, ['Wallets:Transfers:Create']);
      remove(world, member.userId, 'archive');
      world.act(world.admin, 'auth.activateUser', { userId: member.userId });
      return take(enter(request(member, LOOT)), { body: LOOT });
    },
  ),
]);
