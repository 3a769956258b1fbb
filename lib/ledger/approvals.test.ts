import { describe, expect, test } from 'vitest';
import { earliestSignature, judgeActivity } from './judge';
import { evaluationsDeciding, formerEvaluations } from './rejudged';
import { standingOf } from './standing';
import { find } from './state';
import { testOracle } from './testing/oracle';
import { ALWAYS, asks, BLOCK } from './testing/people';
import { BOB } from './testing/signing';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const iso = (at: number) => new Date(at).toISOString();
const approvalOf = (world: World, id: string) => world.activity(id).approvalId ?? '';
const verdict = (world: World, id: string, at = world.now()) => {
  const judged = judgeActivity(world.state, id, { at });
  return judged.ok ? judged.value.verdict : judged.refusal.code;
};
const sameForFollowers = (world: World) => expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
const strictGroup = (users: readonly string[], quorum = 1) => ({ quorum, approvers: { userId: { in: users } } });

describe('a delegation', () => {
  const arrange = (quorum = 1) => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, bob, eve] = [world.approver(), world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, bob.userId], quorum));
    const hand = (more: { [name: string]: string } = {}) =>
      world.act(ann, 'x.createDelegation', {}, { toUserId: eve.userId, until: iso(world.now() + DAY), ...more });
    return { world, walletId, ann, bob, eve, hand };
  };

  test('lets its receiver vote in the seat of who signed it, with both names on record', () => {
    const { world, walletId, ann, eve, hand } = arrange();
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.vote(eve, approvalOf(world, id)))).toBe('policy.not_an_approver');
    expect(fate(hand())).toBe('applied');
    expect(fate(world.vote(eve, approvalOf(world, id)))).toBe('applied');
    const approval = find(world.state, 'approval', approvalOf(world, id));
    expect(approval).toMatchObject({
      status: 'Approved',
      decisions: [{ userId: eve.userId, inPlaceOf: [{ userId: ann.userId }] }],
    });
    expect(verdict(world, id)).toBe('sign');
    sameForFollowers(world);
  });
  test('never makes one human two', () => {
    const { world, walletId, ann, bob, hand } = arrange(2);
    hand({ toUserId: bob.userId });
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.vote(bob, approvalOf(world, id)))).toBe('applied');
    expect(world.activity(id).status).toBe('Pending');
    expect(fate(world.vote(ann, approvalOf(world, id)))).toBe('applied');
    expect(world.activity(id).status).toBe('Approved');
  });
  test('counts within its dates only', () => {
    const { world, walletId, eve, hand } = arrange();
    expect(fate(hand({ from: iso(world.now() + 60 * MINUTE) }))).toBe('applied');
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.vote(eve, approvalOf(world, id)))).toBe('policy.not_an_approver');
    world.wait(DAY);
    expect(fate(world.vote(eve, approvalOf(world, id)))).toBe('policy.not_an_approver');
  });
  test('is not handed on', () => {
    const { world, walletId, eve, hand } = arrange();
    const fay = world.approver();
    hand();
    world.done(eve, 'x.createDelegation', {}, { toUserId: fay.userId, until: iso(world.now() + DAY) });
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.vote(fay, approvalOf(world, id)))).toBe('policy.not_an_approver');
  });
  test('once revoked drops the vote that was given by it', () => {
    const { world, walletId, ann, eve, hand } = arrange();
    const made = hand();
    const id = activityIdOf(world.transfer(walletId));
    world.vote(eve, approvalOf(world, id));
    const delegationId = made.kind === 'applied' ? String(made.entry.effects.delegationId) : '';
    world.done(ann, 'x.revokeDelegation', { delegationId }, {});
    expect(verdict(world, id)).toBe('reopen');
    expect(fate(world.act(ann, 'x.revokeDelegation', { delegationId }, {}))).toBe('delegation.revoked');
    sameForFollowers(world);
  });
  test('ends with the credential that signed it', () => {
    const { world, walletId, ann, eve, hand } = arrange();
    const other = world.addCredential(ann);
    hand();
    const id = activityIdOf(world.transfer(walletId));
    world.vote(eve, approvalOf(world, id));
    expect(verdict(world, id)).toBe('sign');
    expect(other).not.toBe('');
    world.done(ann, 'auth.deactivateCredential', {}, { credentialUuid: ann.credentialId });
    expect(verdict(world, id)).toBe('reopen');
  });
  test('does not bring who asks into a seat, nor somebody they chose into theirs', () => {
    const { world, walletId, ann, bob, eve } = arrange();
    world.grant(ann.userId, ['Wallets:Sign']);
    world.done(bob, 'x.createDelegation', {}, { toUserId: ann.userId, until: iso(world.now() + DAY) });
    world.done(ann, 'x.createDelegation', {}, { toUserId: eve.userId, until: iso(world.now() + DAY) });
    const id = activityIdOf(world.transfer(walletId, {}, ann));
    expect(fate(world.vote(ann, approvalOf(world, id)))).toBe('policy.initiator_cannot_approve');
    expect(fate(world.vote(eve, approvalOf(world, id)))).toBe('policy.not_an_approver');
  });
  test('is refused to oneself, to somebody who may not approve, for too long, twice at a time, and by a token', () => {
    const { world, ann, hand } = arrange();
    world.grant(ann.userId, ['Auth:Pats:Create']);
    const token = world.token(ann, ['Policies:Approvals:Approve']);
    const until = iso(world.now() + DAY);
    expect(fate(hand({ toUserId: ann.userId }))).toBe('delegation.to_oneself');
    expect(fate(hand({ toUserId: world.register().userId }))).toBe('delegation.no_approver');
    expect(fate(hand({ toUserId: world.serviceAccount(['Policies:Approvals:Approve']).userId }))).toBe(
      'user.not_found',
    );
    expect(fate(hand({ until: iso(world.now()) }))).toBe('delegation.time');
    expect(fate(hand({ until: iso(world.now() + 91 * DAY) }))).toBe('delegation.time');
    expect(fate(hand({ from: iso(world.now() + 400 * DAY), until: iso(world.now() + 401 * DAY) }))).toBe(
      'delegation.time',
    );
    expect(fate(world.act(token, 'x.createDelegation', {}, { toUserId: world.admin.userId, until }))).toBe(
      'delegation.own_credential',
    );
    expect(fate(hand())).toBe('applied');
    expect(fate(hand({ toUserId: world.admin.userId }))).toBe('delegation.overlap');
    expect(fate(hand({ from: until, until: iso(world.now() + 2 * DAY) }))).toBe('applied');
  });
  test('is revoked by both people of it, by who assigns permissions, and by nobody else', () => {
    const { world, eve, hand } = arrange();
    const made = hand();
    const delegationId = made.kind === 'applied' ? String(made.entry.effects.delegationId) : '';
    expect(fate(world.act(world.register(), 'x.revokeDelegation', { delegationId }, {}))).toBe(
      'authorization.missing_permission',
    );
    expect(fate(world.act(eve, 'x.revokeDelegation', { delegationId }, {}))).toBe('applied');
    const again = hand();
    const other = again.kind === 'applied' ? String(again.entry.effects.delegationId) : '';
    expect(fate(world.act(world.admin, 'x.revokeDelegation', { delegationId: other }, {}))).toBe('applied');
  });
});

describe('an escalation', () => {
  test('lets further people vote after its time, at API and signers by the nodes’ own time', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, boss] = [world.approver(), world.approver()];
    const escalation = { afterMinutes: 60, approvers: { userId: { in: [boss.userId] } } };
    world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [{ ...strictGroup([ann.userId]), escalation }] });
    const id = activityIdOf(world.transfer(walletId));
    world.checkpoint();
    expect(fate(world.vote(boss, approvalOf(world, id)))).toBe('policy.not_an_approver');
    const start = world.now();
    world.wait(60 * MINUTE);
    expect(fate(world.vote(boss, approvalOf(world, id)))).toBe('applied');
    expect(world.activity(id).status).toBe('Approved');
    // A server that dated the vote forward does not get it signed before the time has come for the nodes.
    expect(verdict(world, id, start + 59 * MINUTE)).toBe('reopen');
    expect(verdict(world, id)).toBe('sign');
    sameForFollowers(world);
  });
  test('begins anew where the request is opened again: who voted by it may vote again later, others’ votes stay', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, boss, cy] = [world.approver(), world.approver(), world.approver()];
    const escalation = { afterMinutes: 60, approvers: { userId: { in: [boss.userId] } } };
    const group = { ...strictGroup([ann.userId, cy.userId], 2), escalation };
    world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] });
    const id = activityIdOf(world.transfer(walletId));
    world.vote(ann, approvalOf(world, id));
    world.wait(60 * MINUTE);
    world.vote(boss, approvalOf(world, id));
    world.policy(ALWAYS, asks([world.admin.userId, cy.userId]));
    expect(verdict(world, id)).toBe('reopen');
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    const kept = find(world.state, 'approval', approvalOf(world, id))?.decisions.map((vote) => vote.userId);
    expect(kept).toEqual([ann.userId]);
    expect(fate(world.vote(boss, approvalOf(world, id)))).toBe('policy.not_an_approver');
    expect(fate(world.vote(cy, approvalOf(world, id)))).toBe('applied');
    expect(verdict(world, id)).toBe('sign');
    sameForFollowers(world);
  });
  test('is told with the standing of the approval', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, boss] = [world.approver(), world.approver()];
    const escalation = { afterMinutes: 60, approvers: { userId: { in: [boss.userId] } } };
    world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [{ ...strictGroup([ann.userId]), escalation }] });
    const approval = find(world.state, 'approval', approvalOf(world, activityIdOf(world.transfer(walletId))));
    if (!approval) throw new Error('No approval.');
    const stand = (at: number) => standingOf(world.state, approval, at).groups[0];
    expect(stand(world.now())).toMatchObject({ awaited: [ann.userId], isEscalated: false });
    expect(stand(world.now() + 60 * MINUTE)?.awaited).toEqual([ann.userId, boss.userId]);
  });
});

describe('a minimum delay', () => {
  const delayed = (world: World, users: readonly string[], minutes: number) =>
    world.policy(ALWAYS, asks(users, 1, { minimumDelay: minutes }));
  test('keeps an approved request from being reserved and signed until its time has passed', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    delayed(world, [ann.userId], 120);
    const id = activityIdOf(world.transfer(walletId));
    world.checkpoint();
    world.vote(ann, approvalOf(world, id));
    expect(world.activity(id).status).toBe('Approved');
    expect(fate(world.reserve(id))).toBe('evidence.delayed');
    world.wait(119 * MINUTE);
    expect(verdict(world, id)).toBe('evidence.delayed');
    world.wait(MINUTE);
    expect(verdict(world, id)).toBe('sign');
    expect(fate(world.reserve(id))).toBe('applied');
    // Whatever time the server wrote: nodes judge by the checkpoint they sign under.
    expect(verdict(world, id, world.now() - MINUTE)).toBe('evidence.delayed');
    sameForFollowers(world);
  });
  test('runs from the settled time, so that a request dated back waits as long', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    delayed(world, [ann.userId], 10);
    const made = world.now();
    world.wait(9 * MINUTE);
    const id = activityIdOf(
      world.transfer(walletId, {}, world.admin, { at: made, statement: { expiresAt: made + 300_000 } }),
    );
    world.checkpoint();
    world.vote(ann, approvalOf(world, id));
    world.wait(MINUTE);
    expect(verdict(world, id)).toBe('evidence.delayed');
    world.wait(7 * MINUTE);
    expect(verdict(world, id)).toBe('sign');
  });
  test('of a policy made later holds too, and that of one archived later still does', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    const first = world.policy(ALWAYS, asks([ann.userId], 1));
    const id = activityIdOf(world.transfer(walletId));
    world.vote(ann, approvalOf(world, id));
    expect(verdict(world, id)).toBe('sign');
    expect(earliestSignature(world.state, world.activity(id), world.now())).toBeNull();
    const second = delayed(world, [ann.userId], 60);
    expect(verdict(world, id)).toBe('evidence.delayed');
    expect(earliestSignature(world.state, world.activity(id), world.now())).toBe(world.activity(id).at + 60 * MINUTE);
    const other = activityIdOf(world.transfer(walletId));
    world.vote(ann, approvalOf(world, other));
    for (const policyId of [first, second]) world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(verdict(world, id)).toBe('sign');
    expect(verdict(world, other)).toBe('evidence.delayed');
  });
});

describe('taking back', () => {
  test('a request that waits is ended by who asked, and its window is free again', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    const params = { walletId, transferId: id, activityId: id };
    expect(fate(world.act(ann, 'x.abortActivity', params, {}))).toBe('authorization.missing_permission');
    expect(fate(world.act(world.admin, 'x.abortActivity', params, {}))).toBe('applied');
    expect(world.activity(id)).toMatchObject({ status: 'Rejected', reason: 'Withdrawn by who asked for it.' });
    expect(find(world.state, 'approval', approvalOf(world, id))?.status).toBe('Denied');
    expect(find(world.state, 'window', id)?.counts).toBe(false);
    expect(fate(world.vote(ann, approvalOf(world, id)))).toBe('approval.resolved');
    expect(fate(world.act(world.admin, 'wallets.abortTransfer', params, {}))).toBe('abort.status');
    sameForFollowers(world);
  });
  test('a request that holds its nonce is not', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const id = activityIdOf(world.transfer(walletId));
    expect(verdict(world, id)).toBe('sign');
    world.reserve(id);
    expect(fate(world.act(world.admin, 'x.abortActivity', { activityId: id }, {}))).toBe('abort.status');
    expect(verdict(world, id)).toBe('sign');
  });
  test('somebody who may abort does it for others', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, bob] = [world.approver(), world.register()];
    world.grant(bob.userId, ['Wallets:Transfers:Abort']);
    world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.act(bob, 'wallets.abortTransfer', { walletId, transferId: id }, {}))).toBe('applied');
    expect(world.activity(id).reason).toBe('Withdrawn by somebody who may abort requests.');
  });
  test('a change is taken back by who asked for it and by nobody else', () => {
    const world = createWorld();
    const ann = world.approver();
    const policyId = world.policy(ALWAYS, BLOCK);
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const { changeRequestId = '', approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(fate(world.act(ann, 'x.cancelChangeRequest', { changeRequestId }, {}))).toBe('change_request.not_own');
    expect(fate(world.act(world.admin, 'x.cancelChangeRequest', { changeRequestId }, {}))).toBe('applied');
    expect(find(world.state, 'approval', approvalId)?.status).toBe('Denied');
    expect(fate(world.vote(ann, approvalId))).toBe('approval.resolved');
    expect(fate(world.act(world.admin, 'policies.archivePolicy', { policyId }))).toBe('applied');
    sameForFollowers(world);
  });
});

describe('asking again', () => {
  const body = { kind: 'Native', to: BOB, amount: '5' };
  test('makes a request of its own that names the one it stands for, and is judged anew', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    const params = { walletId, transferId: id };
    expect(fate(world.act(world.admin, 'x.recreateTransfer', params, body))).toBe('recreate.not_ended');
    world.vote(ann, approvalOf(world, id), 'Denied');
    const again = activityIdOf(world.act(world.admin, 'x.recreateTransfer', params, body));
    expect(world.activity(again)).toMatchObject({ status: 'Pending', recreates: id, requestBody: body });
    expect(world.activity(again).approvalId).not.toBe(world.activity(id).approvalId);
    expect(world.activity(id).status).toBe('Rejected');
    sameForFollowers(world);
  });
  test('is of the same kind and wallet', () => {
    const world = createWorld();
    const [walletId, other] = [world.wallet(), world.wallet()];
    world.policy(ALWAYS, BLOCK);
    const id = activityIdOf(world.transfer(walletId));
    const ask = (operationId: string, params: { [name: string]: string }) =>
      fate(world.act(world.admin, operationId, params, body));
    expect(ask('x.recreateTransfer', { walletId: other, transferId: id })).toBe('transfer.not_found');
    expect(
      fate(
        world.act(
          world.admin,
          'x.recreateTransaction',
          { walletId, transactionId: id },
          { kind: 'Evm', to: BOB, value: '1' },
        ),
      ),
    ).toBe('transaction.not_found');
  });
});

describe('a strict organisation', () => {
  test('counts a human once across all groups', () => {
    const world = createWorld({ strict: true });
    const walletId = world.wallet();
    const [ann, bob] = [world.approver(), world.approver()];
    world.policy(ALWAYS, {
      kind: 'RequestApproval',
      approvalGroups: [strictGroup([ann.userId, bob.userId]), strictGroup([ann.userId])],
    });
    const id = activityIdOf(world.transfer(walletId));
    world.vote(ann, approvalOf(world, id));
    expect(world.activity(id).status).toBe('Pending');
    world.vote(bob, approvalOf(world, id));
    expect(world.activity(id).status).toBe('Approved');
    expect(verdict(world, id)).toBe('sign');
  });
  test('lets what a changed or archived policy said bind for a day, however often it is changed', () => {
    const world = createWorld({ strict: true });
    const walletId = world.wallet();
    const ann = world.approver();
    const policyId = world.policy(ALWAYS, asks([ann.userId]));
    const body = { name: 'a policy', activityKind: 'Wallets:Sign', rule: ALWAYS, action: { kind: 'NoAction' } };
    world.done(world.admin, 'policies.updatePolicy', { policyId }, body);
    const id = activityIdOf(world.transfer(walletId));
    expect(world.activity(id)).toMatchObject({ status: 'Pending', groups: [{ policyId }] });
    world.done(world.admin, 'policies.updatePolicy', { policyId }, { ...body, name: 'renamed' });
    world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(world.activity(activityIdOf(world.transfer(walletId))).status).toBe('Pending');
    world.wait(DAY);
    const later = activityIdOf(world.transfer(walletId));
    expect(world.activity(later).status).toBe('Approved');
    // What asked for approval goes on asking for it.
    expect(verdict(world, id)).toBe('evidence.not_approved');
    sameForFollowers(world);
  });
  test('counts the most a network fee may be into amounts', () => {
    const oracle = testOracle();
    const limit = { kind: 'TransactionAmountLimit', configuration: { limit: 3000, currency: 'USD' } };
    const outcome = (strict: boolean, priced: boolean) => {
      const world = createWorld({ strict, oracleKeys: [oracle.publicKey] });
      const walletId = world.wallet();
      world.policy(limit, BLOCK);
      const effects = priced ? { price: oracle.price('EthereumSepolia', world.now()) as never } : {};
      // Exactly the limit, without its fee.
      const made = world.transfer(walletId, { amount: '1000000000000000000' }, world.admin, { effects });
      return world.activity(activityIdOf(made)).status;
    };
    expect([outcome(false, true), outcome(true, true), outcome(true, false)]).toEqual([
      'Approved',
      'Rejected',
      'Rejected',
    ]);
  });
});

describe('what the policies said', () => {
  const said = (world: World, id: string) =>
    evaluationsDeciding(world.activity(id)).map(({ policyId, triggered, action }) => [policyId, triggered && action]);
  test('is kept each time a request is judged again, and what decided last is known', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    const id = activityIdOf(world.transfer(walletId));
    const asking = world.policy(ALWAYS, asks([ann.userId]));
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    expect(said(world, id)).toEqual([[asking, 'RequestApproval']]);
    world.vote(ann, approvalOf(world, id));
    const stopping = world.policy(ALWAYS, BLOCK);
    world.append('reject', { activityId: id });
    expect(world.activity(id).status).toBe('Rejected');
    expect(said(world, id).toSorted()).toEqual(
      [
        [asking, 'RequestApproval'],
        [stopping, 'Block'],
      ].toSorted(),
    );
    expect(formerEvaluations(world.activity(id)).map((one) => one.evaluations.length)).toEqual([0, 1]);
    sameForFollowers(world);
  });
  test('at its entry goes on deciding where only those groups are open again', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [ann, bob] = [world.approver(), world.approver()];
    const first = world.policy(ALWAYS, asks([ann.userId, bob.userId]));
    const id = activityIdOf(world.transfer(walletId));
    world.vote(ann, approvalOf(world, id));
    const { version } = find(world.state, 'policy', first) ?? {};
    world.done(world.admin, 'policies.archivePolicy', { policyId: first }, {});
    world.done(world.admin, 'auth.deactivateUser', { userId: ann.userId }, {});
    expect(verdict(world, id)).toBe('reopen');
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    expect(evaluationsDeciding(world.activity(id))).toMatchObject([{ policyId: first, version, triggered: true }]);
    sameForFollowers(world);
  });
});
