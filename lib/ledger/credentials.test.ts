import { describe, expect, test } from 'vitest';
import type { StatementContext } from '@/lib/authentication/statement';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { find } from './state';
import { ALWAYS, asks } from './testing/people';
import { activityIdOf, createWorld, fate, type World } from './testing/world';

const withSecond = (options: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld(options);
  const key = softwareKey('Ed25519');
  const credentialUuid = world.addCredential(world.admin, key);
  return { world, key, credentialUuid, second: { userId: world.admin.userId, credential: key } };
};
const firstOf = (world: World): string => world.genesis.firstAdmin.credentials[0]?.id ?? '';
const invite = (world: World, by = world.admin): string =>
  fate(world.act(by, 'auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' }));

describe('a deactivated credential', () => {
  test('signs nothing any more, until its owner activates it again', () => {
    const { world, credentialUuid, second } = withSecond();
    expect(invite(world, second)).toBe('applied');
    world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
    expect(invite(world, second)).toBe('authentication.user_action_invalid');
    expect(fate(world.act(second, 'auth.activateCredential', {}, { credentialUuid }))).toBe(
      'authentication.user_action_invalid',
    );
    world.done(world.admin, 'auth.activateCredential', {}, { credentialUuid });
    expect(invite(world, second)).toBe('applied');
  });

  test('takes with it what it had signed and nobody entered', () => {
    const { world, credentialUuid, second } = withSecond();
    const held = world.request(second, 'auth.createUser', {}, { email: 'x@wallets.test', kind: 'CustomerEmployee' });
    world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
    expect(fate(world.place(held))).toBe('authentication.user_action_invalid');
  });

  test('takes its vote with it: the nodes ask for another one, and the same person may vote again', () => {
    const world = createWorld();
    const walletId = world.wallet();
    const ann = world.approver();
    const key = softwareKey('P-256');
    world.addCredential(ann, key);
    world.policy(ALWAYS, asks([ann.userId]));
    const id = activityIdOf(world.transfer(walletId));
    const approvalId = world.activity(id).approvalId ?? '';
    expect(fate(world.vote(ann, approvalId))).toBe('applied');
    expect(world.activity(id).status).toBe('Approved');
    const again = { userId: ann.userId, credential: key };
    world.done(again, 'auth.deactivateCredential', {}, { credentialUuid: ann.credentialId });
    const approval = world.id('approval');
    expect(fate(world.append('reopen', { activityId: id }, { effects: { approvalId: approval } }))).toBe('applied');
    expect(world.activity(id).status).toBe('Pending');
    expect(fate(world.vote(ann, approval))).toBe('authentication.user_action_invalid');
    expect(fate(world.vote(again, approval))).toBe('applied');
    expect(world.sign(id)).toBe('SIGNED');
  });

  test('may be one that asked already: a repeated call changes nothing', () => {
    const { world, credentialUuid } = withSecond();
    const call = (operationId: string) => fate(world.act(world.admin, operationId, {}, { credentialUuid }));
    expect(call('auth.activateCredential')).toBe('applied');
    expect(call('auth.deactivateCredential')).toBe('applied');
    const before = find(world.state, 'credential', credentialUuid);
    expect(call('auth.deactivateCredential')).toBe('applied');
    expect(find(world.state, 'credential', credentialUuid)).toBe(before);
  });

  test('is never the last one its owner signs with, so that no group loses a voter by it', () => {
    const { world, credentialUuid, second } = withSecond();
    const [ann, ben] = [world.approver(), world.approver()];
    world.policy(ALWAYS, asks([ann.userId, ben.userId]), 'Policies:Modify');
    expect(fate(world.act(ann, 'auth.deactivateCredential', {}, { credentialUuid: ann.credentialId }))).toBe(
      'credential.last',
    );
    world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
    expect(fate(world.act(world.admin, 'auth.deactivateCredential', {}, { credentialUuid: firstOf(world) }))).toBe(
      'credential.last',
    );
    world.done(world.admin, 'auth.activateCredential', {}, { credentialUuid });
    expect(fate(world.act(second, 'auth.deactivateCredential', {}, { credentialUuid: firstOf(world) }))).toBe(
      'applied',
    );
    expect(fate(world.act(second, 'auth.deactivateCredential', {}, { credentialUuid }))).toBe('credential.last');
  });

  test('is the owner’s own: not a colleague’s, not a service account’s', () => {
    const { world, credentialUuid } = withSecond();
    const colleague = world.register();
    const bot = world.done(
      world.admin,
      'auth.createServiceAccount',
      {},
      {
        name: 'bot',
        publicKey: softwareKey('P-256').publicKey,
      },
    );
    for (const operationId of ['auth.activateCredential', 'auth.deactivateCredential']) {
      expect(fate(world.act(colleague, operationId, {}, { credentialUuid }))).toBe('credential.not_found');
      expect(fate(world.act(world.admin, operationId, {}, { credentialUuid: colleague.credentialId }))).toBe(
        'credential.not_found',
      );
      expect(fate(world.act(world.admin, operationId, {}, { credentialUuid: bot.credentialId ?? '' }))).toBe(
        'credential.not_found',
      );
    }
  });
});

test('an activation names the key: one signed over another key is void', () => {
  const { world, credentialUuid } = withSecond();
  world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
  const publicKey = softwareKey('Ed25519').publicKey;
  const contexts: StatementContext[] = [{ publicKey }, {}];
  for (const context of contexts)
    expect(
      fate(world.act(world.admin, 'auth.activateCredential', {}, { credentialUuid }, { statement: { context } })),
    ).toBe('ledger.context');
  expect(find(world.state, 'credential', credentialUuid)?.isActive).toBe(false);
});
