import { describe, expect, test } from 'vitest';
import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import type { StatementContext } from '@/lib/authentication/statement';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { contextFor } from './context';
import { find } from './state';
import { ALWAYS, asks, BLOCK, countLimit } from './testing/people';
import type { Signer } from './testing/requests';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const statusOf = (world: World, id: string) => world.activity(id).status;
const archive = (world: World, policyId: string) => world.act(world.admin, 'policies.archivePolicy', { policyId });

describe('statements', () => {
  test('a statement that expired before the last checkpoint is void', () => {
    const world = createWorld();
    const walletId = world.wallet();
    world.wait(10 * MINUTE);
    world.checkpoint();
    const at = world.now() - 7 * MINUTE;
    expect(fate(world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at + 1000 } }))).toBe(
      'authentication.user_action_invalid',
    );
  });
  test('a transfer whose context names no wallet, another fee ceiling or another wallet is void', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const other = world.wallet();
    const contexts: StatementContext[] = [
      {},
      { walletId, network: 'EthereumSepolia', feeCeiling: '1' },
      { walletId: other },
    ];
    for (const context of contexts)
      expect(fate(world.transfer(walletId, {}, world.admin, { statement: { context } }))).toBe('ledger.context');
  });
  test('a vote under policies that changed meanwhile is refused: look again', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    const policyId = world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    const approvalId = world.activity(id).approvalId ?? '';
    const stale = world.request(ann, 'policies.createApprovalDecision', { approvalId }, { value: 'Approved' });
    const body = { name: 'changed', activityKind: 'Wallets:Sign', rule: ALWAYS, action: asks([ann.userId]) };
    world.done(world.admin, 'policies.updatePolicy', { policyId }, body);
    expect(fate(world.place(stale))).toBe('policy.changed');
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
  });
  test('a vote over one request is void at the approval of another, whichever part of it is kept', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId]));
    const [a, b] = [world.transfer(walletId), world.transfer(walletId, { amount: '6' })].map(activityIdOf);
    const approvalOf = (id = '') => ({ approvalId: world.activity(id).approvalId ?? '' });
    const contextOf = (id = ''): StatementContext => {
      const params = approvalOf(id);
      const operationId = 'policies.createApprovalDecision';
      const context = contextFor(world.state, { operationId, params, body: {}, userId: ann.userId });
      return context.ok ? context.value : {};
    };
    const post = (context: StatementContext) =>
      fate(
        world.act(
          ann,
          'policies.createApprovalDecision',
          approvalOf(b),
          { value: 'Approved' },
          { statement: { context } },
        ),
      );
    expect(post(contextOf(a))).toBe('policy.changed');
    for (const member of ['activityId', 'activityDigest', 'rendering'] as const)
      expect(post({ ...contextOf(b), [member]: contextOf(a)[member] ?? '' })).toBe('policy.changed');
    expect(world.activity(b ?? '').status).toBe('Pending');
    // What she signed for A, path and all, counts for A alone.
    expect(fate(world.vote(ann, approvalOf(a).approvalId))).toBe('applied');
    expect([world.activity(a ?? '').status, world.activity(b ?? '').status]).toEqual(['Approved', 'Pending']);
    expect(post(contextOf(b))).toBe('applied');
  });
  test('an update that was signed over an older version of a policy is void', () => {
    const world = createWorld();
    const policyId = world.policy(ALWAYS, BLOCK);
    const body = { name: 'a', activityKind: 'Wallets:Sign', rule: ALWAYS, action: BLOCK };
    const stale = world.request(
      world.admin,
      'policies.updatePolicy',
      { policyId },
      { ...body, action: { kind: 'NoAction' } },
    );
    world.done(world.admin, 'policies.updatePolicy', { policyId }, body);
    expect(fate(world.place(stale))).toBe('ledger.context');
  });
  test('the first admin’s first action confirms the genesis, also when it freezes the organisation', () => {
    const world = createWorld();
    expect(find(world.state, 'org', world.orgId)?.confirmed).toBe(false);
    world.done(world.admin, 'x.freeze', {}, {});
    expect(find(world.state, 'org', world.orgId)).toMatchObject({ confirmed: true, frozen: true });
  });
  test('an id that was used before is void', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const id = activityIdOf(world.transfer(walletId));
    expect(fate(world.transfer(walletId, {}, world.admin, { effects: { activityId: id } }))).toBe('ledger.id_used');
    expect(fate(world.transfer(walletId, {}, world.admin, { effects: { activityId: 'xfr-1' } }))).toBe(
      'ledger.effects',
    );
  });
});

describe('introduction of credentials', () => {
  const act = (world: World, person: Signer) =>
    fate(
      world.act(
        person,
        'permissions.createPermission',
        {},
        { name: `by ${person.userId}`, operations: ['Wallets:Read'] },
      ),
    );
  test('under server enrolment a registration introduces the key', () => {
    const world = createWorld({ enrolment: 'server' });
    const ann = world.register();
    world.grant(ann.userId, ['Permissions:Create']);
    expect(act(world, ann)).toBe('applied');
  });
  test('under vouched enrolment a key counts from the vouch over its fingerprint on', () => {
    const world = createWorld({ enrolment: 'vouched' });
    const ann = world.register();
    world.grant(ann.userId, ['Permissions:Create', 'Permissions:Assign']);
    expect(act(world, ann)).toBe('authentication.user_action_invalid');
    const vouch = (fingerprint: string) =>
      fate(
        world.act(
          world.admin,
          'x.vouchUser',
          { userId: ann.userId },
          { credentialUuid: ann.credentialId, fingerprint },
        ),
      );
    expect(vouch(keyFingerprint(softwareKey().publicKey))).toBe('enrolment.fingerprint');
    expect(vouch(keyFingerprint(ann.credential.publicKey))).toBe('applied');
    expect(act(world, ann)).toBe('applied');
  });
  test('the step to vouched enrolment keeps every key that counts and asks for a vouch over later ones, for good', () => {
    const world = createWorld({ enrolment: 'server' });
    const ann = world.register();
    world.grant(ann.userId, ['Permissions:Create']);
    const step = (enrolment: string) => fate(world.act(world.admin, 'x.requireVouching', {}, { enrolment }));
    expect(step('vouched')).toBe('applied');
    expect(act(world, ann)).toBe('applied');
    const bob = world.register();
    world.grant(bob.userId, ['Permissions:Create']);
    expect(act(world, bob)).toBe('authentication.user_action_invalid');
    expect(step('vouched')).toBe('enrolment.already_vouched');
    expect(step('server')).not.toBe('applied');
    expect(find(world.state, 'org', world.orgId)?.enrolment).toBe('vouched');
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('the step to vouched enrolment waits for those whom a policy on policies names, and does not hold up an unfreeze', () => {
    const world = createWorld({ enrolment: 'server' });
    const ann = world.approver();
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const { approvalId = '' } = world.done(world.admin, 'x.requireVouching', {}, { enrolment: 'vouched' });
    expect(find(world.state, 'org', world.orgId)?.enrolment).toBe('server');
    world.done(world.admin, 'x.freeze', {}, {});
    world.done(world.admin, 'x.unfreeze', {}, {});
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
    expect(find(world.state, 'org', world.orgId)?.enrolment).toBe('vouched');
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
  test('one registration names each key and id once', () => {
    const world = createWorld();
    const { userId = '' } = world.done(
      world.admin,
      'auth.createUser',
      {},
      { email: 'a@wallets.test', kind: 'CustomerEmployee' },
    );
    const key = softwareKey('P-256');
    const recovery = { ...softwareKey('P-256', 'RecoveryKey').attest('c'), encryptedPrivateKey: 'AAAA' };
    const body = { firstFactorCredential: key.attest('c'), recoveryCredential: recovery };
    const id = world.id('credential');
    const credentials = [
      { id, name: 'a' },
      { id, name: 'b' },
    ];
    expect(
      fate(world.append('registration', body as never, { effects: { userId, challenge: 'c', credentials } })),
    ).toBe('ledger.id_used');
    expect(find(world.state, 'user', userId)?.isRegistered).toBe(false);
  });
  test('a service account acts by its token and not once the token has expired', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const credential = softwareKey('Ed25519');
    const { permissionId } = world.grant(world.register().userId, ['Wallets:Transfers:Create']);
    const body = { name: 'bot', publicKey: credential.publicKey, permissionId, daysValid: 1 };
    const { userId = '', tokenId = '', credId = '' } = world.done(world.admin, 'auth.createServiceAccount', {}, body);
    const bot: Signer = {
      userId,
      tokenId,
      credential: { ...credential, assert: (challenge) => ({ ...credential.assert(challenge), credId }) },
    };
    expect(fate(world.transfer(walletId, {}, bot))).toBe('applied');
    expect(fate(world.transfer(walletId, {}, { userId, credential: bot.credential }))).toBe(
      'authentication.user_action_invalid',
    );
    world.wait(DAY);
    expect(fate(world.transfer(walletId, {}, bot))).toBe('authentication.token_invalid');
  });
  test('a service account whose permission a policy blocks does not come to be', () => {
    const world = createWorld();
    const { permissionId } = world.grant(world.register().userId, ['Wallets:Read']);
    world.policy(ALWAYS, BLOCK, 'Permissions:Assign');
    const { userId = '' } = world.done(
      world.admin,
      'auth.createServiceAccount',
      {},
      { name: 'bot', publicKey: softwareKey().publicKey, permissionId },
    );
    expect(find(world.state, 'user', userId)).toBeUndefined();
  });
});

describe('windows, reserve and abandon', () => {
  const limited = () => {
    const world = createWorld();
    const walletId = world.wallet();
    world.policy(countLimit(1), BLOCK);
    return { world, walletId, id: activityIdOf(world.transfer(walletId)) };
  };
  test('only an abandon of k nodes frees the window of a reserved request', () => {
    const { world, walletId, id } = limited();
    world.reserve(id);
    expect(fate(world.abandon(id, [1, 2]))).toBe('abandon.signatures');
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Rejected');
    expect(fate(world.abandon(id))).toBe('applied');
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Approved');
    expect(fate(world.release(id))).toBe('release.abandoned');
  });
  test('a window has no upper edge: an earlier request from the future counts', () => {
    const world = createWorld();
    const walletId = world.wallet();
    world.policy(countLimit(1), BLOCK);
    const at = world.now() + 2 * 60 * MINUTE;
    world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at } });
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Rejected');
  });
  test('a requester who lost the permission after the reserve is not signed for', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.register();
    const granted = world.grant(ann.userId, ['Wallets:Transfers:Create']);
    const id = activityIdOf(world.transfer(walletId, {}, ann));
    world.reserve(id);
    world.done(world.admin, 'permissions.deleteAssignment', granted);
    expect(world.judge(id)).toMatchObject({ refusal: { code: 'authorization.missing_permission' } });
  });
  test('a failure the server states frees nothing', () => {
    const { world, walletId, id } = limited();
    world.reserve(id);
    world.release(id);
    world.append('broadcast', { activityId: id, status: 'Failed' });
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Rejected');
  });
  test('a digest is released once; another attempt on the pin that was reserved before is released beside it', () => {
    const { world, id } = limited();
    const dearer = { maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 3_000_000_000n };
    world.reserve(id);
    const first = world.activity(id).reservation?.digest ?? '';
    expect(fate(world.reserve(id, dearer))).toBe('applied');
    const second = world.activity(id).reservation?.digest ?? '';
    expect(fate(world.release(id))).toBe('applied');
    expect(fate(world.release(id))).toBe('release.repeated');
    expect(fate(world.release(id, first))).toBe('applied');
    for (const digest of [first, second]) expect(fate(world.release(id, digest))).toBe('release.repeated');
    expect(world.activity(id)).toMatchObject({ release: { digest: first }, releasedBefore: [second] });
  });
  test('a confirmed transaction never goes back', () => {
    const { world, id } = limited();
    world.reserve(id);
    world.release(id);
    for (const [status, outcome] of [
      ['Broadcasted', 'applied'],
      ['Confirmed', 'applied'],
      ['Broadcasted', 'broadcast.order'],
      ['Failed', 'broadcast.order'],
      ['Confirmed', 'applied'],
    ])
      expect(fate(world.append('broadcast', { activityId: id, status: status ?? '' }))).toBe(outcome);
  });
  test('a pin that a CancelTransaction holds is not free when its holder ends', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const [a, b] = [activityIdOf(world.transfer(walletId)), activityIdOf(world.transfer(walletId))];
    world.reserve(a, { nonce: 0 });
    const cancel = () => world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: a }, {});
    const [c, d] = [activityIdOf(cancel()), activityIdOf(cancel())];
    expect(fate(world.reserve(c))).toBe('applied');
    expect(fate(world.reserve(d))).toBe('reserve.pin_held');
    expect(fate(cancel())).toBe('cancel.superseded');
    expect(fate(world.abandon(a))).toBe('abandon.superseded');
    expect(fate(world.reserve(b, { nonce: 0 }))).toBe('reserve.pin_held');
    expect(fate(world.abandon(c))).toBe('applied');
    expect(fate(world.reserve(d))).toBe('applied');
  });
  test('the same digest may be signed for two requests', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ask = () =>
      activityIdOf(
        world.act(
          world.admin,
          'wallets.generateSignature',
          { walletId },
          { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` },
        ),
      );
    expect([world.sign(ask()), world.sign(ask())]).toEqual(['SIGNED', 'SIGNED']);
  });
  test('a checkpoint does not uncover what it covers, also when a policy had blocked a request', () => {
    const { world, walletId, id } = limited();
    activityIdOf(world.transfer(walletId));
    expect(world.sign(id)).toBe('SIGNED');
  });
  test('an approved request that nobody reserved for seven days is not signed any more', () => {
    const { world, id } = limited();
    expect(fate(world.append('expiry', { activityId: id }))).toBe('expiry.not_due');
    world.wait(7 * DAY + 1);
    expect(fate(world.reserve(id))).toBe('evidence.expired');
    expect(fate(world.append('expiry', { activityId: id }))).toBe('applied');
    expect(statusOf(world, id)).toBe('Rejected');
  });
  test('another attempt on the same pin raises the fee by a tenth', () => {
    const { world, id } = limited();
    const gwei = (n: bigint) => ({
      maxFeePerGas: n * 1_000_000_000n,
      maxPriorityFeePerGas: (n * 1_000_000_000n) / 10n,
    });
    expect(fate(world.reserve(id, gwei(20n)))).toBe('applied');
    expect(fate(world.reserve(id, gwei(21n)))).toBe('reserve.underbid');
    expect(fate(world.reserve(id, gwei(22n)))).toBe('applied');
  });
  test('an externalId is used once', () => {
    const world = createWorld();
    const walletId = world.wallet();
    expect(fate(world.transfer(walletId, { externalId: 'one' }))).toBe('applied');
    expect(fate(world.transfer(walletId, { externalId: 'one' }))).toBe('activity.external_id');
    expect(fate(world.transfer(world.wallet(), { externalId: 'one' }))).toBe('activity.external_id');
  });
});

describe('several wallets on one key', () => {
  const twins = () => {
    const world = createWorld();
    const walletId = world.wallet();
    const keyId = find(world.state, 'wallet', walletId)?.keyId ?? '';
    return { world, walletId, keyId, twin: world.wallet(world.admin, { signingKey: { id: keyId } }) };
  };
  test('a second wallet on the same key and chain is no way around a policy on the first', () => {
    const { world, walletId, twin } = twins();
    world.policy(ALWAYS, BLOCK, 'Wallets:Sign', { filters: { walletId: { in: [walletId] } } });
    expect(statusOf(world, activityIdOf(world.transfer(twin)))).toBe('Rejected');
  });
  test('a signature by another wallet of the key is judged by the policies of all of them', () => {
    const { world, walletId, keyId } = twins();
    const elsewhere = world.wallet(world.admin, { network: 'Base', signingKey: { id: keyId } });
    world.policy(ALWAYS, BLOCK, 'Wallets:Sign', { filters: { walletId: { in: [walletId] } } });
    const hash = { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` };
    expect(
      statusOf(world, activityIdOf(world.act(world.admin, 'wallets.generateSignature', { walletId: elsewhere }, hash))),
    ).toBe('Rejected');
    expect(statusOf(world, activityIdOf(world.transfer(elsewhere)))).toBe('Approved');
  });
  test('a freeze of one wallet stops its twin, at the entry and at signing', () => {
    const { world, walletId, twin } = twins();
    const id = activityIdOf(world.transfer(twin));
    world.reserve(id);
    world.done(world.admin, 'x.freeze', {}, { walletId });
    expect(fate(world.transfer(twin))).toBe('freeze.wallet');
    expect(world.judge(id)).toMatchObject({ refusal: { code: 'freeze.wallet' } });
  });
  test('a wallet made later does not count the requests after this one as earlier', () => {
    const { world, twin, keyId } = twins();
    world.policy(countLimit(2), BLOCK);
    const id = activityIdOf(world.transfer(twin));
    const third = world.wallet(world.admin, { signingKey: { id: keyId } });
    world.transfer(third);
    world.transfer(third);
    expect(world.sign(id)).toBe('SIGNED');
  });
  test('a key that no wallet stands on has its window too', () => {
    const world = createWorld();
    const { keyId = '' } = world.done(world.admin, 'keys.createKey', {}, { scheme: 'ECDSA', curve: 'secp256k1' });
    world.certify(keyId);
    world.policy(countLimit(1), BLOCK);
    const ask = (digit: string) =>
      activityIdOf(
        world.act(world.admin, 'keys.generateSignature', { keyId }, { kind: 'Hash', hash: `0x${digit.repeat(64)}` }),
      );
    expect([statusOf(world, ask('a')), statusOf(world, ask('b'))]).toEqual(['Approved', 'Rejected']);
  });
});

describe('changes of policies mid-flight', () => {
  const pending = () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    return { world, walletId, ann, id: activityIdOf(world.transfer(walletId)) };
  };
  test('a policy that asks for more reopens an approved request, and only such a one', () => {
    const { world, ann, id } = pending();
    const reopen = (approvalId = world.id('approval')) =>
      fate(world.append('reopen', { activityId: id }, { effects: { approvalId } }));
    expect(reopen()).toBe('reopen.not_due');
    world.policy(ALWAYS, asks([ann.userId]));
    expect(reopen('not an id')).toBe('ledger.effects');
    expect(reopen()).toBe('applied');
    expect(reopen()).toBe('reopen.status');
    world.vote(ann, world.activity(id).approvalId ?? '');
    expect(world.sign(id)).toBe('SIGNED');
    expect(reopen()).toBe('reopen.status');
  });
  test('a Block found later is made final by a reject, and its window stays counted', () => {
    const { world, walletId, id } = pending();
    expect(fate(world.append('reject', { activityId: id }))).toBe('reject.not_due');
    const policyId = world.policy(ALWAYS, BLOCK);
    expect(fate(world.append('reject', { activityId: id }))).toBe('applied');
    archive(world, policyId);
    world.policy(countLimit(1), BLOCK);
    expect(world.sign(id)).toBe('evidence.not_reserved');
    expect(statusOf(world, activityIdOf(world.transfer(walletId)))).toBe('Rejected');
  });
  test('groups in force at the entry bind also after their policy is gone', () => {
    const { world, walletId, ann } = pending();
    const policyId = world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    archive(world, policyId);
    expect(world.sign(id)).toBe('evidence.not_reserved');
  });
});

describe('governance', () => {
  test('the last administrator keeps full access', () => {
    const world = createWorld();
    const { permissionId, assignmentId } = world.genesis.fullAdmin;
    expect(fate(world.act(world.admin, 'permissions.deleteAssignment', { permissionId, assignmentId }))).toBe(
      'permission.last_admin',
    );
  });
  test('a change whose precondition is gone when it is approved is Failed', () => {
    const world = createWorld();
    const ann = world.approver();
    const first = world.grant(world.register().userId, ['Wallets:Read']);
    const second = world.grant(world.register().userId, ['Wallets:Read']);
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Permissions:Modify');
    const rename = ({ permissionId }: { permissionId: string }) =>
      world.done(world.admin, 'permissions.updatePermission', { permissionId }, { name: 'treasurer' });
    const [a, b] = [rename(first), rename(second)];
    expect(fate(world.vote(ann, a.approvalId ?? ''))).toBe('applied');
    expect(fate(world.vote(ann, b.approvalId ?? ''))).toBe('applied');
    expect(find(world.state, 'changeRequest', a.changeRequestId ?? '')?.status).toBe('Applied');
    expect(find(world.state, 'changeRequest', b.changeRequestId ?? '')?.status).toBe('Failed');
  });
  test('one change of an object waits at a time, its initiator may cancel it, and it expires', () => {
    const world = createWorld();
    const ann = world.approver();
    const policyId = world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const { approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
    expect(fate(archive(world, policyId))).toBe('change_request.pending');
    expect(fate(world.vote(world.admin, approvalId))).toBe('policy.initiator_cannot_approve');
    expect(fate(world.vote(world.admin, approvalId, 'Denied'))).toBe('applied');
    const again = world.done(world.admin, 'policies.archivePolicy', { policyId });
    world.wait(31 * DAY);
    expect(fate(world.vote(ann, again.approvalId ?? ''))).toBe('approval.resolved');
    expect(fate(world.append('expiry', { approvalId: again.approvalId ?? '' }))).toBe('applied');
    expect(fate(archive(world, policyId))).toBe('applied');
  });
  test('a dead end is looked for again where a change request is applied', () => {
    const world = createWorld();
    const [ann, ben, carl] = [world.approver(), world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId, world.admin.userId]), 'Policies:Modify');
    world.policy(ALWAYS, asks([carl.userId, world.admin.userId]), 'Permissions:Assign');
    const remove = (userId: string) => {
      const found = [...world.state.tables.assignment.values()].find((item) => item.identityId === userId);
      const params = { permissionId: found?.permissionId ?? '', assignmentId: found?.id ?? '' };
      return world.done(world.admin, 'permissions.deleteAssignment', params);
    };
    const requests = [remove(ann.userId), remove(ben.userId)];
    for (const { approvalId = '' } of requests) expect(fate(world.vote(carl, approvalId))).toBe('applied');
    const statuses = requests.map((item) => find(world.state, 'changeRequest', item.changeRequestId ?? '')?.status);
    expect(statuses).toEqual(['Applied', 'Failed']);
  });
  test('each policy is looked at for itself when a dead end is searched', () => {
    const world = createWorld();
    const ann = world.approver();
    const both = [ann.userId, world.admin.userId];
    world.policy(ALWAYS, asks(both), 'Policies:Modify');
    expect(
      fate(
        world.act(
          world.admin,
          'policies.createPolicy',
          {},
          { name: 'x', activityKind: 'Permissions:Assign', rule: ALWAYS, action: asks(both, 2) },
        ),
      ),
    ).toBe('policy.dead_end');
  });
  test('a freeze stops requests and votes on them, at the entry and at signing; un-freeze is exempt', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    const approved = activityIdOf(world.transfer(walletId));
    world.reserve(approved);
    world.policy(ALWAYS, asks([ann.userId]));
    world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
    const waiting = activityIdOf(world.transfer(walletId));
    world.done(world.admin, 'x.freeze', {}, {});
    expect(fate(world.transfer(walletId))).toBe('freeze.organisation');
    expect(fate(world.vote(ann, world.activity(waiting).approvalId ?? ''))).toBe('freeze.organisation');
    expect(world.judge(approved)).toMatchObject({ refusal: { code: 'freeze.organisation' } });
    const { approvalId = '' } = world.done(world.admin, 'x.unfreeze', {}, {});
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
    expect(find(world.state, 'org', world.orgId)?.frozen).toBe(false);
    expect(fate(world.transfer(walletId))).toBe('applied');
  });
  test('void entries leave every other replica as they leave ours', () => {
    const world = createWorld();
    const walletId = world.wallet();
    world.transfer(walletId, {}, { userId: world.admin.userId, credential: softwareKey() });
    world.append('expiry', { approvalId: 'none' });
    world.transfer(walletId);
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });
});
