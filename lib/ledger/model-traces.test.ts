import { expect, test } from 'vitest';
import { entryBytes } from './entry';
import { type SignedHead, startRecovery } from './recovery';
import { extendReplica, rootAt } from './replay';
import { find } from './state';
import { ALWAYS, asks, BLOCK, countLimit } from './testing/people';
import { TEST_PORTS } from './testing/ports';
import { activityIdOf, createWorld, fate, follow, type World } from './testing/world';

const MINUTE = 60_000;

/** One request an hour is allowed. */
const limited = () => {
  const world = createWorld();
  const walletId = world.wallet();
  world.policy(countLimit(1), BLOCK);
  world.checkpoint();
  return { world, walletId };
};
/** The same, and an approver whose decision must come within 20 minutes. */
const approved = () => {
  const base = limited();
  const voter = base.world.approver();
  base.world.policy(ALWAYS, asks([voter.userId], 1, { autoRejectTimeout: 20 }));
  return { ...base, voter };
};
const approvalOf = (world: World, id: string): string => world.activity(id).approvalId ?? '';
const ask = (world: World, walletId: string, dt = 0): string => {
  const at = world.now() + dt;
  return activityIdOf(world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at + 300_000 } }));
};

test('T1 V3: a future-dated request does not escape the window of the one before it', () => {
  const { world, walletId } = limited();
  expect(world.sign(ask(world, walletId), 0)).toBe('SIGNED');
  const b = ask(world, walletId, 3800_000);
  expect(world.sign(b, 1)).toBe('evidence.blocked');
});

test('T2 V2: an approved request that passes its expiry keeps its window', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  world.vote(voter, approvalOf(world, a));
  world.wait(21 * MINUTE);
  const b = ask(world, walletId);
  expect(world.activity(b).status).toBe('Rejected');
  expect(world.sign(a)).toBe('SIGNED');
});

test('T3 V7: a future-dated request that frees a pending one ends it for good', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  const b = ask(world, walletId, 25 * MINUTE);
  expect(world.activity(b).status).toBe('Pending');
  expect(fate(world.vote(voter, approvalOf(world, a)))).toBe('approval.resolved');
  expect(world.sign(a)).toBe('evidence.not_reserved');
});

test('T4 V1: a signed request whose release is withheld keeps its window when its initiator cancels', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  world.vote(voter, approvalOf(world, a));
  expect(world.sign(a)).toBe('SIGNED');
  expect(fate(world.vote(world.admin, approvalOf(world, a), 'Denied'))).toBe('approval.resolved');
  expect(world.activity(ask(world, walletId)).status).toBe('Rejected');
});

test('T5 V1: a signed request whose release is withheld keeps its window when its expiry passes', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  world.vote(voter, approvalOf(world, a));
  expect(world.sign(a)).toBe('SIGNED');
  world.wait(21 * MINUTE);
  expect(fate(world.append('expiry', { approvalId: approvalOf(world, a) }))).toBe('expiry.not_due');
  expect(fate(world.append('expiry', { activityId: a }))).toBe('expiry.not_due');
  expect(world.activity(ask(world, walletId)).status).toBe('Rejected');
});

test('T6 V4: settled times keep their order, so the earlier of two requests stays in the window of the later', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  world.wait(5000);
  const b = ask(world, walletId, 3600_000 - 5000 + 4000);
  world.wait(118_000);
  expect(world.sign(a, 0)).toBe('SIGNED');
  expect(world.sign(b, 1)).toBe('reserve.reject');
});

test('T7: a back-dated request is judged at the time of the checkpoint that covers it', () => {
  const { world, walletId } = limited();
  expect(world.sign(ask(world, walletId), 0)).toBe('SIGNED');
  world.wait(60 * MINUTE - 1000);
  const at = world.now() - 7_000_000;
  expect(fate(world.transfer(walletId, {}, world.admin, { at, statement: { expiresAt: at + 300_000 } }))).toBe(
    'authentication.user_action_invalid',
  );
});

test('V3: one entry a year ahead stops neither later requests nor later governance', () => {
  const { world, walletId } = limited();
  const year = 365 * 86_400_000;
  ask(world, walletId, year);
  const at = world.now() + year;
  world.act(
    world.admin,
    'permissions.createPermission',
    {},
    { name: 'far', operations: ['Wallets:Read'] },
    { at, statement: { expiresAt: at } },
  );
  expect(fate(world.transfer(walletId))).toBe('applied');
  expect(
    fate(world.act(world.admin, 'permissions.createPermission', {}, { name: 'near', operations: ['Wallets:Read'] })),
  ).toBe('applied');
});

test('V5: a vote given in time counts, however late a checkpoint covers it', () => {
  const world = createWorld();
  const voter = world.approver();
  const policyId = world.policy(
    ALWAYS,
    asks([voter.userId, world.admin.userId], 1, { autoRejectTimeout: 20 }),
    'Policies:Modify',
  );
  world.checkpoint();
  const { changeRequestId = '', approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
  world.wait(10 * MINUTE);
  expect(fate(world.vote(voter, approvalId))).toBe('applied');
  world.wait(30 * MINUTE);
  world.checkpoint();
  expect(find(world.state, 'changeRequest', changeRequestId)?.status).toBe('Applied');
  expect(follow(world).state.tables.policy).toEqual(world.state.tables.policy);
});

test('V6: only checkpoint entries settle times, so equal heads are equal states', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  const before = structuredClone(world.state.tables.window);
  world.judge(a, {
    under: { seq: world.items.length - 1, root: rootAt(world.replica, world.items.length - 1) ?? '', at: world.now() },
  });
  expect(world.state.tables.window).toEqual(before);
  world.checkpoint(world.now() + 60_000);
  expect(follow(world).state.tables.window).toEqual(world.state.tables.window);
  expect(find(world.state, 'window', a)?.settledAt).toBe(world.now() + 60_000 - 60_000);
});

test('V8: after a revocation stands in the ledger the older checkpoint no longer carries a release', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  world.vote(voter, approvalOf(world, a));
  world.reserve(a);
  const under = world.checkpoint();
  expect(world.judge(a, { under })).toMatchObject({ ok: true });
  const assignment = [...world.state.tables.assignment.values()].find((item) => item.identityId === voter.userId);
  const { permissionId = '', id: assignmentId = '' } = assignment ?? {};
  world.done(world.admin, 'permissions.deleteAssignment', { permissionId, assignmentId });
  expect(world.judge(a, { under })).toMatchObject({ refusal: { code: 'evidence.uncovered' } });
  expect(world.judge(a)).toMatchObject({ refusal: { code: 'evidence.approvals_missing' } });
});

test('V8: a checkpoint that covers activity and reserve and not the vote carries no release', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  const under = world.checkpoint();
  world.vote(voter, approvalOf(world, a));
  world.reserve(a);
  expect(world.judge(a, { under })).toMatchObject({ refusal: { code: 'evidence.uncovered' } });
});

test('V9: requests made during an outage count as made at its end', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  world.wait(2 * 3600_000);
  const b = ask(world, walletId);
  expect(world.activity(b).status).toBe('Approved');
  expect(world.sign(a, 0)).toBe('SIGNED');
  expect(world.sign(b, 1)).toBe('reserve.reject');
});

test('V10: a pin that can be neither retried nor abandoned is taken by a CancelTransaction', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  expect(world.sign(a, 0)).toBe('SIGNED');
  world.policy(ALWAYS, BLOCK);
  expect(world.sign(a, 0)).toBe('evidence.blocked');
  expect(fate(world.abandon(a, [3, 4]))).toBe('abandon.signatures');
  const c = activityIdOf(world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: a }, {}));
  expect(world.sign(c, 0)).toBe('SIGNED');
  expect(world.sign(a, 0)).toBe('evidence.superseded');
  expect(find(world.state, 'window', a)?.counts).toBe(true);
});

test('V10: a freed nonce below a released one is filled by a CancelTransaction', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const [a, b] = [ask(world, walletId), ask(world, walletId)];
  world.reserve(a, { nonce: 0 });
  expect(world.sign(b, 1)).toBe('SIGNED');
  expect(fate(world.abandon(a))).toBe('applied');
  const c = activityIdOf(world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: a }, {}));
  expect(world.sign(c)).toBe('SIGNED');
});

test('V11: the signature alone proves a release, no node has to sign for it', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  world.reserve(a);
  expect(fate(world.release(a))).toBe('applied');
  expect(world.activity(a).status).toBe('Released');
});

test('V12: nothing may leave a governing policy without voters', () => {
  const world = createWorld();
  const voter = world.approver();
  const [{ permissionId, id: assignmentId } = { permissionId: '', id: '' }] = [
    ...world.state.tables.assignment.values(),
  ].filter((item) => item.identityId === voter.userId);
  world.policy(ALWAYS, asks([voter.userId, world.admin.userId]), 'Policies:Modify');
  expect(fate(world.act(world.admin, 'permissions.deleteAssignment', { permissionId, assignmentId }))).toBe(
    'policy.dead_end',
  );
  expect(fate(world.act(world.admin, 'permissions.archivePermission', { permissionId }, { isArchived: true }))).toBe(
    'policy.dead_end',
  );
});

test('V13: a vote that is no longer live is dropped, the activity is reopened and its user decides again', () => {
  const { world, walletId, voter } = approved();
  const a = ask(world, walletId);
  world.vote(voter, approvalOf(world, a));
  const assignment = [...world.state.tables.assignment.values()].find((item) => item.identityId === voter.userId);
  world.done(world.admin, 'permissions.deleteAssignment', {
    permissionId: assignment?.permissionId ?? '',
    assignmentId: assignment?.id ?? '',
  });
  const approvalId = world.id('approval');
  expect(fate(world.append('reopen', { activityId: a }, { effects: { approvalId } }))).toBe('applied');
  expect(fate(world.vote(voter, approvalId))).toBe('authorization.missing_permission');
  world.done(
    world.admin,
    'permissions.createAssignment',
    { permissionId: assignment?.permissionId ?? '' },
    { identityId: voter.userId },
  );
  expect(fate(world.vote(voter, approvalId))).toBe('applied');
  expect(world.sign(a)).toBe('SIGNED');
});

/** What nodes say of their heads: each of the named nodes holds the first `count` entries. */
const headsAt = (world: World, count: number, nodes: readonly number[]): SignedHead[] =>
  nodes.map((node) => ({
    node,
    signingKey: world.nodes[node - 1]?.certificate.signingKey ?? '',
    seq: count - 1,
    hash: follow(world, count).head?.hash ?? '',
  }));
/** A database restored to its first `held` entries is offered the rest of what a node holds. */
const recovering = (world: World, held: number, offered = world.items.slice(held)) => {
  const recovery = startRecovery(world.orgId, TEST_PORTS);
  for (const item of world.items.slice(0, held)) recovery.hold(item);
  for (const item of offered) recovery.offer(item);
  return recovery;
};
/** `act; cp; restore` of the model, with a request signed after the copy was made. */
const restored = () => {
  const { world, walletId } = limited();
  const held = world.items.length;
  world.sign(ask(world, walletId));
  world.checkpoint();
  return { world, walletId, held };
};

test('V14: a restored server takes back what k nodes hold, entry by entry as it was', () => {
  const { world, held } = restored();
  const all = world.items.length;
  const recovery = recovering(world, held).settle(headsAt(world, all, [1, 2, 4]));
  if (recovery.kind !== 'take') throw new Error(recovery.reason);
  expect(recovery.entries.map(({ bytes }) => bytes)).toEqual(world.items.slice(held).map(({ bytes }) => bytes));
  expect(recovery.entries.at(-1)).toMatchObject({
    hash: world.replica.head?.hash,
    root: rootAt(world.replica, world.items.length - 1),
  });
});

test('V14: whoever holds more never follows what a restored server would chain instead', () => {
  const { world, held } = restored();
  const node = follow(world);
  const instead = world.nodeEntry('expiry', { activityId: 'ac-none' });
  const head = follow(world, held).head;
  const entry = { ...instead.leaf, seq: held, prev: head?.hash ?? '' };
  expect(extendReplica(node, entryBytes(entry), instead.body, TEST_PORTS)).toMatchObject({ kind: 'broken' });
});

test('V14: a checkpoint in the chain lets one node alone give back what k witnessed, and no more', () => {
  const { world, walletId, held } = restored();
  const witnessed = find(world.state, 'checkpoint', 'last')?.seq;
  ask(world, walletId);
  const recovery = recovering(world, held).settle(headsAt(world, world.items.length, [4]));
  if (recovery.kind !== 'take') throw new Error(recovery.reason);
  expect(recovery.entries.at(-1)?.entry.seq).toBe(witnessed);
});

test('V14: what only one node has heard is taken where the heads of k nodes lie below it', () => {
  const { world, walletId, held } = restored();
  const before = headsAt(world, world.items.length, [1, 2]);
  ask(world, walletId);
  const recovery = recovering(world, held).settle([...before, ...headsAt(world, world.items.length, [3])]);
  expect(recovery).toMatchObject({ kind: 'take', entries: { length: world.items.length - held } });
});

test('V14: entries that no k nodes vouch for are not taken', () => {
  const { world, walletId } = restored();
  const held = world.items.length;
  ask(world, walletId);
  const all = world.items.length;
  const code = (heads: SignedHead[]) => {
    const recovery = recovering(world, held).settle(heads);
    return recovery.kind === 'refused' ? recovery.code : recovery.kind;
  };
  expect(code(headsAt(world, all, [1, 2]))).toBe('recovery.unwitnessed');
  expect(code([...headsAt(world, all, [1, 2]), ...headsAt(world, all, [2])])).toBe('recovery.unwitnessed');
  const stranger = headsAt(world, all, [3]).map((head) => ({ ...head, signingKey: '00'.repeat(32) }));
  expect(code([...headsAt(world, all, [1, 2]), ...stranger])).toBe('recovery.unwitnessed');
  const elsewhere = headsAt(world, all, [3]).map((head) => ({ ...head, hash: '00'.repeat(32) }));
  expect(code([...headsAt(world, all, [1, 2]), ...elsewhere])).toBe('recovery.fork');
  expect(code([...headsAt(world, all, [1, 2, 4]), ...elsewhere])).toBe('take');
});

test('V14: a database with a history of its own is refused what nodes hold', () => {
  const { world, held } = restored();
  const own = world.nodeEntry('expiry', { activityId: 'ac-none' });
  const entry = { ...own.leaf, seq: held, prev: follow(world, held).head?.hash ?? '' };
  const recovery = startRecovery(world.orgId, TEST_PORTS);
  for (const item of world.items.slice(0, held)) recovery.hold(item);
  expect(recovery.hold({ bytes: entryBytes(entry), body: own.body })).toBeNull();
  for (const item of world.items.slice(held + 1)) recovery.offer(item);
  expect(recovery.settle(headsAt(world, world.items.length, [1, 2, 3]))).toMatchObject({
    kind: 'refused',
    code: 'recovery.fork',
  });
});

test('V14: a void entry that fewer than k nodes hold ends what is taken', () => {
  const { world, held } = restored();
  const before = headsAt(world, world.items.length, [1, 2]);
  const good = world.items.length;
  world.append('expiry', { activityId: 'ac-none' });
  const recovery = recovering(world, held).settle([...before, ...headsAt(world, world.items.length, [3])]);
  expect(recovery).toMatchObject({ kind: 'take', entries: { length: good - held } });
});

test('V15: a checkpoint the node did not sign by its own recent clock carries nothing', () => {
  const { world, walletId } = limited();
  const a = ask(world, walletId);
  world.reserve(a);
  const under = world.checkpoint();
  expect(world.judge(a, { under: { ...under, root: '00'.repeat(32) } })).toMatchObject({
    refusal: { code: 'evidence.head' },
  });
  const elsewhere = { ...under, seq: under.seq - 1, root: rootAt(world.replica, under.seq - 1) ?? '' };
  expect(world.judge(a, { under: elsewhere })).toMatchObject({ refusal: { code: 'evidence.uncovered' } });
});

test('V16: a pin has one holder', () => {
  const world = createWorld();
  const walletId = world.wallet();
  const [a, b] = [ask(world, walletId), ask(world, walletId)];
  expect(fate(world.reserve(a, { nonce: 0 }))).toBe('applied');
  expect(fate(world.reserve(b, { nonce: 0 }))).toBe('reserve.pin_held');
  expect(fate(world.reserve(a, { nonce: 1 }))).toBe('reserve.other_pin');
  expect(fate(world.reserve(b, { nonce: 1 }))).toBe('applied');
});
