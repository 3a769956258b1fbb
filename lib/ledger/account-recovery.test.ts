import { describe, expect, test } from 'vitest';
import { RECOVERY_LIFE_MS } from '@/lib/authentication/recovery';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { RECOVERY_WAIT_MS } from './recovery-wait';
import { rootAt } from './replay';
import { find } from './state';
import { ALWAYS, asks } from './testing/people';
import { type RecoveryForgery, recoveryEntry, registerRecoverable } from './testing/recoveries';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

const arrange = (options: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(options);
  world.done(world.admin, 'permissions.createPermission', {}, { name: 'first', operations: ['Wallets:Read'] });
  const ann = registerRecoverable(world);
  world.grant(ann.userId, ['Auth:Users:Create', 'Policies:Approvals:Approve', 'Wallets:Sign']);
  const key = softwareKey('P-256');
  const recovered = { userId: ann.userId, credential: key };
  return { world, ann, key, recovered };
};
const invite = (world: World, by: { userId: string; credential: ReturnType<typeof softwareKey> }): string =>
  fate(world.act(by, 'auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' }));

describe('a recovery', () => {
  test('puts the new credential in the place of the former ones, which end for good', () => {
    const { world, ann, key, recovered } = arrange();
    expect(fate(world.place(recoveryEntry(world, ann, key)))).toBe('applied');
    expect(invite(world, ann)).toBe('authentication.user_action_invalid');
    expect(invite(world, recovered)).toBe('applied');
    const activation = { credentialUuid: ann.credentialId };
    expect(fate(world.act(recovered, 'auth.activateCredential', {}, activation))).toBe('credential.retired');
  });

  test('spends its key: neither the same entry nor another one recovers again', () => {
    const { world, ann, key } = arrange();
    const entry = recoveryEntry(world, ann, key);
    world.place(entry);
    const { leaf, body } = entry;
    const credentials = [{ id: world.id('credential'), name: 'New' }];
    expect(fate(world.place({ leaf: { ...leaf, effects: { ...leaf.effects, credentials } }, body }))).toBe(
      'recovery.factor',
    );
    expect(fate(world.place(recoveryEntry(world, ann, softwareKey('P-256'))))).toBe('recovery.factor');
  });

  test('drops the votes given before it; the same person may vote again', () => {
    const { world, ann, key, recovered } = arrange();
    const walletId = world.wallet();
    world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    world.vote(ann, world.activity(id).approvalId ?? '');
    expect(world.activity(id).status).toBe('Approved');
    world.place(recoveryEntry(world, ann, key));
    const approvalId = world.id('approval');
    expect(fate(world.append('reopen', { activityId: id }, { effects: { approvalId } }))).toBe('applied');
    expect(world.activity(id).status).toBe('Pending');
    expect(fate(world.vote(recovered, approvalId))).toBe('applied');
    expect(world.sign(id)).toBe('SIGNED');
  });

  test('ends personal tokens for good', () => {
    const { world, ann, key, recovered } = arrange();
    world.grant(ann.userId, ['Auth:Pats:Create', 'Wallets:Read']);
    const token = world.token(ann, ['Auth:Users:Create']);
    expect(invite(world, token)).toBe('applied');
    world.place(recoveryEntry(world, ann, key));
    expect(invite(world, token)).not.toBe('applied');
    const params = { tokenId: token.tokenId };
    expect(fate(world.act(recovered, 'auth.activatePersonalAccessToken', params, {}))).toBe('token.not_found');
  });

  test('takes with it what a former credential had signed and nobody entered', () => {
    const { world, ann, key } = arrange();
    const held = world.request(ann, 'auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' });
    world.place(recoveryEntry(world, ann, key));
    expect(fate(world.place(held))).toBe('authentication.user_action_invalid');
  });

  test('by a recovery key of the genesis confirms it', () => {
    const recoveryKey = softwareKey('Ed25519', 'RecoveryKey');
    const world = createWorld({ recoveryKey });
    const recoveryId = world.genesis.firstAdmin.credentials[1]?.id ?? '';
    const key = softwareKey('P-256');
    const { userId } = world.admin;
    expect(find(world.state, 'org', world.orgId)?.confirmed).toBe(false);
    expect(fate(world.place(recoveryEntry(world, { userId, recoveryKey, recoveryId }, key)))).toBe('applied');
    expect(find(world.state, 'org', world.orgId)?.confirmed).toBe(true);
    expect(invite(world, world.admin)).toBe('authentication.user_action_invalid');
    expect(invite(world, { userId, credential: key })).toBe('applied');
  });

  test('replays to the same state', () => {
    const { world, ann, key } = arrange();
    world.place(recoveryEntry(world, ann, key));
    expect([...follow(world).state.tables.credential]).toEqual([...world.state.tables.credential]);
  });
});

describe('in a strict organisation', () => {
  const waitsFor = (world: World, ms: number) => {
    world.wait(ms);
    world.checkpoint();
  };
  test('the new credential waits until a witnessed checkpoint says that its day is over', () => {
    const { world, ann, key, recovered } = arrange({ strict: true });
    world.place(recoveryEntry(world, ann, key));
    waitsFor(world, 0);
    expect(invite(world, recovered)).toBe('recovery.waiting');
    waitsFor(world, RECOVERY_WAIT_MS - 1);
    expect(invite(world, recovered)).toBe('recovery.waiting');
    // The day is over, and nobody but the server has said so.
    world.wait(60_000);
    expect(invite(world, recovered)).toBe('recovery.waiting');
    waitsFor(world, 0);
    expect(invite(world, recovered)).toBe('applied');
    expect(find(world.state, 'org', world.orgId)).not.toHaveProperty('recovered');
    expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
  });

  test('a recovery dated back to the last entry waits a whole day from the checkpoint that covers it', () => {
    const { world, ann, key, recovered } = arrange({ strict: true });
    const long = 3 * RECOVERY_WAIT_MS;
    const former = world.now();
    world.wait(long);
    world.place(recoveryEntry(world, ann, key, { at: former, statement: { expiresAt: former + 60_000 } }));
    expect(find(world.state, 'org', world.orgId)?.recovered?.[0]).toMatchObject({ at: former });
    expect(invite(world, recovered)).toBe('recovery.waiting');
    waitsFor(world, 0);
    expect(invite(world, recovered)).toBe('recovery.waiting');
    waitsFor(world, RECOVERY_WAIT_MS - 120_001);
    expect(invite(world, recovered)).toBe('recovery.waiting');
    waitsFor(world, 1);
    expect(invite(world, recovered)).toBe('applied');
  });

  test('a checkpoint over earlier entries alone, held back until then, begins no wait', () => {
    const { world, ann, key } = arrange({ strict: true });
    const { head } = world.replica;
    const seq = head?.seq ?? 0;
    const at = world.now();
    const root = rootAt(world.replica, seq) ?? '';
    world.wait(2 * RECOVERY_WAIT_MS);
    world.place(recoveryEntry(world, ann, key, { at, statement: { expiresAt: at + 60_000 } }));
    const nodeSignatures = world.signatures(checkpointHash({ orgId: world.orgId, seq, root, at }), world.quorum);
    expect(fate(world.append('checkpoint', { seq, root, at }, { at, nodeSignatures }))).toBe('applied');
    expect(find(world.state, 'org', world.orgId)?.recovered?.[0]).not.toHaveProperty('settledAt');
  });

  test('no entry dated forward ends the wait: neither a request nor a change of who may do what', () => {
    const { world, ann, key, recovered } = arrange({ strict: true });
    const walletId = world.wallet();
    world.place(recoveryEntry(world, ann, key));
    world.checkpoint();
    const at = world.now() + 2 * RECOVERY_WAIT_MS;
    const ahead = { at, statement: { expiresAt: at + 300_000 } };
    expect(fate(world.transfer(walletId, {}, recovered, ahead))).toBe('recovery.waiting');
    const person = { email: 'x@wallets.test', kind: 'CustomerEmployee' };
    expect(fate(world.act(recovered, 'auth.createUser', {}, person, ahead))).toBe('recovery.waiting');
  });
});

describe('a forged recovery is void', () => {
  const stranger = softwareKey('Ed25519', 'RecoveryKey');
  const FORGERIES: readonly [string, RecoveryForgery, string][] = [
    ['by a stranger’s recovery key', { recoveryKey: stranger }, 'authentication.bad_assertion'],
    [
      'over other new credentials',
      { signedOver: (challenge) => ({ firstFactorCredential: softwareKey('P-256').attest(challenge) }) },
      'authentication.bad_assertion',
    ],
    ['transplanted from another organisation', { statement: { genesis: '00'.repeat(32) } }, 'recovery.organisation'],
    ['with another organisation in the entry', { statement: { orgId: 'or-1' } }, 'recovery.organisation'],
    [
      'signed for another organisation and entered for this one',
      { statement: { genesis: '00'.repeat(32) }, entered: { genesis: 'own' } },
      'authentication.bad_attestation',
    ],
    ['past its time', { statement: { expiresAt: 1_600_000_000_000 } }, 'recovery.expired'],
    ['that lives too long', { statement: { expiresAt: 1_700_000_000_000 + RECOVERY_LIFE_MS + 1 } }, 'recovery.expired'],
    ['with an id used before', { effects: { credentials: [{ id: 'used', name: 'x' }] } }, 'ledger.id_used'],
    ['without its statement', { effects: { recovery: null } }, 'recovery.malformed'],
  ];
  test.each(FORGERIES)('%s', (_name, forgery, code) => {
    const { world, ann, key } = arrange();
    const genesis = find(world.state, 'org', world.orgId)?.genesisHash ?? '';
    const entered = forgery.entered?.genesis ? { genesis } : {};
    const effects = forgery.effects?.credentials
      ? { credentials: [{ id: ann.credentialId, name: 'x' }] }
      : forgery.effects;
    const entry = recoveryEntry(world, ann, key, { ...forgery, entered, ...(effects ? { effects } : {}) });
    const before = [...world.state.tables.credential];
    expect(fate(world.place(entry))).toBe(code);
    expect([...world.state.tables.credential]).toEqual(before);
  });

  test('begun before a checkpoint that is long past, entered with its old time', () => {
    const { world, ann, key } = arrange();
    const at = world.now();
    world.wait(RECOVERY_LIFE_MS + 200_000);
    world.checkpoint();
    const statement = { expiresAt: at + RECOVERY_LIFE_MS };
    expect(fate(world.place(recoveryEntry(world, ann, key, { statement, at })))).toBe('recovery.expired');
  });

  test('of somebody else’s account', () => {
    const { world, ann, key } = arrange();
    const ben = registerRecoverable(world);
    const { userId } = ann;
    expect(fate(world.place(recoveryEntry(world, { ...ben, userId }, key)))).toBe('recovery.factor');
    // Ben's own, honest but for whose account the entry says it is.
    expect(
      fate(world.place(recoveryEntry(world, ben, key, { entered: { userId, credentialId: ann.recoveryId } }))),
    ).toBe('authentication.bad_assertion');
  });

  test('by a credential that signs requests, or by a recovery key that does not count', () => {
    const { world, ann, key } = arrange();
    const signing = { userId: ann.userId, recoveryKey: ann.credential, recoveryId: ann.credentialId };
    expect(fate(world.place(recoveryEntry(world, signing, key)))).toBe('recovery.malformed');
    world.done(ann, 'auth.deactivateCredential', {}, { credentialUuid: ann.recoveryId });
    expect(fate(world.place(recoveryEntry(world, ann, key)))).toBe('recovery.factor');
    const inert = arrange({ enrolment: 'vouched' });
    expect(fate(inert.world.place(recoveryEntry(inert.world, inert.ann, key)))).toBe('recovery.factor');
  });

  test('with somebody else’s credential among the new ones', () => {
    const { world, ann } = arrange();
    expect(fate(world.place(recoveryEntry(world, ann, world.admin.credential)))).toBe('credential.duplicate');
  });
});

test('a recovery key signs no request', () => {
  const { world, ann } = arrange();
  expect(invite(world, { userId: ann.userId, credential: ann.recoveryKey })).toBe('authentication.user_action_invalid');
});
