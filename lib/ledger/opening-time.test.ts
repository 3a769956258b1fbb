import { expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { WITNESSED_OPENINGS_SINCE } from './opening-time';
import { isCooling } from './org-settings';
import { all, find } from './state';
import { ORIGIN, START } from './testing/chain';
import { ALWAYS, asks } from './testing/people';
import { createWorld, fate, follow, pictureOf, type World } from './testing/world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEFORE = { start: START };
const SINCE = { start: WITNESSED_OPENINGS_SINCE + DAY };

/** Somebody registers, and the server dates it: governance counts everything after it as that late. */
const dateAhead = (world: World, ms: number): void => {
  const invited = { email: 'someone@wallets.test', kind: 'CustomerEmployee' };
  const { userId = '' } = world.done(world.admin, 'auth.createUser', {}, invited);
  const challenge = 'registration challenge';
  const effects = { userId, challenge, credentials: [{ id: world.id('credential'), name: 'Key' }] };
  const body = { firstFactorCredential: softwareKey('Ed25519').attest(challenge) as unknown as Json };
  expect(fate(world.append('registration', body, { effects, at: world.now() + ms }))).toBe('applied');
};
const sameForFollowers = (world: World) => expect(pictureOf(follow(world))).toEqual(pictureOf(world.replica));

/** A change of a policy that Ann must approve, and after a day the boss may. */
const escalating = (options: { readonly start: number }, isWitnessed = true) => {
  const world = createWorld(options);
  const [ann, boss, cy] = [world.approver(), world.approver(), world.approver()];
  const policyId = world.policy(ALWAYS, asks([ann.userId]));
  const escalation = { afterMinutes: 1440, approvers: { userId: { in: [boss.userId] } } };
  const group = { quorum: 1, approvers: { userId: { in: [ann.userId, cy.userId] } }, escalation };
  world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] }, 'Policies:Modify');
  if (isWitnessed) world.checkpoint();
  const { approvalId = '' } = world.done(world.admin, 'policies.archivePolicy', { policyId });
  const status = () => find(world.state, 'policy', policyId)?.status;
  return { world, ann, boss, approvalId, status };
};

test('no entry dated ahead opens the escalation of a change; a day by the nodes’ clocks does', () => {
  const { world, boss, approvalId, status } = escalating(SINCE);
  dateAhead(world, DAY + HOUR);
  expect(fate(world.vote(boss, approvalId))).toBe('policy.not_an_approver');
  world.checkpoint();
  expect(fate(world.vote(boss, approvalId))).toBe('policy.not_an_approver');
  expect(status()).toBe('Active');
  world.wait(DAY + 2 * HOUR);
  expect(fate(world.vote(boss, approvalId))).toBe('policy.not_an_approver');
  world.checkpoint();
  expect(fate(world.vote(boss, approvalId))).toBe('applied');
  expect(status()).toBe('Archived');
  sameForFollowers(world);
});

test('what was opened by the counted time before nodes witnessed the new rule stays as it was decided', () => {
  const { world, boss, approvalId, status } = escalating(BEFORE);
  world.wait(DAY);
  expect(fate(world.vote(boss, approvalId))).toBe('applied');
  expect(status()).toBe('Archived');
  sameForFollowers(world);
});

test('before its first checkpoint nothing is opened in an organisation', () => {
  const { world, boss, approvalId } = escalating(SINCE, false);
  world.wait(2 * DAY);
  expect(fate(world.vote(boss, approvalId))).toBe('policy.not_an_approver');
});

test('a delegation that begins later begins by the nodes’ clocks; one that begins at once begins with its entry', () => {
  const world = createWorld(SINCE);
  const walletId = world.wallet();
  const [ann, eve, fay] = [world.approver(), world.approver(), world.approver()];
  world.policy(ALWAYS, asks([ann.userId]));
  world.checkpoint();
  const iso = (ms: number) => new Date(world.now() + ms).toISOString();
  world.done(ann, 'x.createDelegation', {}, { toUserId: eve.userId, from: iso(7 * DAY), until: iso(8 * DAY) });
  world.done(ann, 'x.createDelegation', {}, { toUserId: fay.userId, until: iso(6 * DAY) });
  const approvalId = world.activity(
    String(world.done(world.admin, 'wallets.transferAsset', { walletId }, PAY).activityId),
  ).approvalId;
  const at = world.now() + 7 * DAY;
  const ahead = { at, statement: { expiresAt: at } };
  expect(fate(world.vote(eve, approvalId ?? '', 'Approved', ahead))).toBe('policy.not_an_approver');
  expect(fate(world.vote(fay, approvalId ?? ''))).toBe('applied');
  world.wait(7 * DAY);
  const next = world.done(world.admin, 'wallets.transferAsset', { walletId }, PAY).activityId ?? '';
  expect(fate(world.vote(eve, world.activity(next).approvalId ?? ''))).toBe('policy.not_an_approver');
  world.checkpoint();
  expect(fate(world.vote(eve, world.activity(next).approvalId ?? ''))).toBe('applied');
  sameForFollowers(world);
});
const PAY = { kind: 'Native', to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', amount: '1' };

test('no entry dated ahead ends the day after an organisation is strict no more', () => {
  const world = createWorld({ ...SINCE, strict: true });
  const ann = world.approver();
  const policyId = world.policy(ALWAYS, asks([ann.userId]));
  world.checkpoint();
  const sessions = { lifeMinutes: null, idleMinutes: null };
  world.done(world.admin, 'x.changeSettings', {}, { strict: false, origins: [ORIGIN], sessions });
  dateAhead(world, DAY + HOUR);
  const body = { name: 'free', activityKind: 'Wallets:Sign', rule: ALWAYS, action: { kind: 'NoAction' } };
  world.done(world.admin, 'policies.updatePolicy', { policyId }, body);
  expect(find(world.state, 'policy', policyId)?.cooling).toHaveLength(1);
  expect(isCooling(all(world.state, 'org')[0], world.now())).toBe(true);
  sameForFollowers(world);
});
