import { expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { find } from './state';
import { ALWAYS, asks, BLOCK } from './testing/people';
import type { Signer } from './testing/requests';
import { activityIdOf, createWorld, fate, follow, pictureOf, type World } from './testing/world';

/** An organisation with a wallet tagged `hot` and `eu`, and a policy that blocks what is tagged `hot`. */
const tagged = (strict: boolean) => {
  const world = createWorld({ strict });
  const walletId = world.wallet(world.admin, { tags: ['hot', 'eu'] });
  const definition = {
    name: 'Hot wallets rest',
    activityKind: 'Wallets:Sign',
    rule: ALWAYS,
    action: BLOCK,
    filters: { walletTags: { hasAny: ['hot'] } },
  };
  const { policyId = '' } = world.done(world.admin, 'policies.createPolicy', {}, definition);
  return { world, walletId, policyId };
};
const untag = (world: World, walletId: string, tags: readonly string[]) =>
  fate(world.act(world.admin, 'wallets.untagWallet', { walletId }, { tags: [...tags] }));
const ask = (world: World, walletId: string, remove: readonly string[], signer: Signer = world.admin) =>
  fate(world.act(signer, 'x.createTagChange', {}, { walletId, remove: [...remove] }));
const tagsOf = (world: World, walletId: string) => find(world.state, 'wallet', walletId)?.tags;

test('a strict organisation keeps a tag that a policy in force goes by; others go as ever', () => {
  const { world, walletId, policyId } = tagged(true);
  expect(untag(world, walletId, ['hot'])).toBe('wallet.tag_in_policy');
  expect(untag(world, walletId, ['eu', 'hot'])).toBe('wallet.tag_in_policy');
  expect(untag(world, walletId, ['eu'])).toBe('applied');
  expect(tagsOf(world, walletId)).toEqual(['hot']);
  const refused = world.act(world.admin, 'wallets.untagWallet', { walletId }, { tags: ['hot'] });
  expect(refused.kind === 'void' && refused.refusal).toMatchObject({
    status: 409,
    message: expect.stringContaining('POST /x/tag-changes'),
    details: { policyIds: [policyId] },
  });
});

test('an archived policy binds for a day more there, and so does its tag', () => {
  const { world, walletId, policyId } = tagged(true);
  world.done(world.admin, 'policies.archivePolicy', { policyId });
  expect(untag(world, walletId, ['hot'])).toBe('wallet.tag_in_policy');
  world.wait(86_400_000);
  expect(untag(world, walletId, ['hot'])).toBe('applied');
});

test('elsewhere a tag goes although a policy goes by it, as in the dialect', () => {
  const { world, walletId } = tagged(false);
  expect(untag(world, walletId, ['hot'])).toBe('applied');
});

test('asked for as a change it waits for those who approve changes of policies, and every follower agrees', () => {
  const { world, walletId } = tagged(true);
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId, world.admin.userId]), 'Policies:Modify');
  const { approvalId = '' } = world.done(world.admin, 'x.createTagChange', {}, { walletId, remove: ['hot'] });
  expect(tagsOf(world, walletId)).toEqual(['hot', 'eu']);
  expect(ask(world, walletId, ['eu'])).toBe('change_request.pending');
  expect(fate(world.vote(ann, approvalId))).toBe('applied');
  expect(tagsOf(world, walletId)).toEqual(['eu']);
  expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
});

test('where no policy governs changes it is applied at once', () => {
  const { world, walletId } = tagged(true);
  expect(ask(world, walletId, ['hot'])).toBe('applied');
  expect(tagsOf(world, walletId)).toEqual(['eu']);
});

test('a policy on signatures goes by a tag for a day after it was taken away, as it binds itself after a change', () => {
  const { world, walletId } = tagged(true);
  expect(ask(world, walletId, ['hot'])).toBe('applied');
  const status = () => find(world.state, 'activity', activityIdOf(world.transfer(walletId)))?.status;
  expect(status()).toBe('Rejected');
  world.wait(86_400_000);
  expect(status()).toBe('Approved');
  expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));
});

test('for a day after an organisation is strict no longer nothing is loosened at once', () => {
  const { world, walletId, policyId } = tagged(true);
  const { origins } = world.genesis;
  const settings = { strict: false, origins: [...origins], sessions: { lifeMinutes: null, idleMinutes: null } };
  world.done(world.admin, 'x.changeSettings', {}, settings);
  expect(untag(world, walletId, ['hot'])).toBe('wallet.tag_in_policy');
  expect(ask(world, walletId, ['hot'])).toBe('applied');
  world.done(world.admin, 'policies.archivePolicy', { policyId });
  const status = () => find(world.state, 'activity', activityIdOf(world.transfer(walletId)))?.status;
  expect(status()).toBe('Rejected');
  world.wait(86_400_000);
  expect(status()).toBe('Approved');
});

test('needs the permission to take tags away, and tags that are there', () => {
  const { world, walletId } = tagged(true);
  expect(ask(world, walletId, ['hot'], world.register(softwareKey('Ed25519')))).toBe(
    'authorization.missing_permission',
  );
  expect(ask(world, walletId, ['cold'])).toBe('wallet.no_such_tag');
  expect(ask(world, 'wa-00000-00000-0000000000000000', ['hot'])).toBe('wallet.not_found');
});
