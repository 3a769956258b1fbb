import { expect, test } from 'vitest';
import { find, put } from '@/lib/ledger/state';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
import { jobsOf } from './jobs-of';

const arrange = () => {
  const world = createWorld();
  const walletId = world.wallet();
  world.policy(ALWAYS, asks([world.approver().userId]));
  const activity = world.activity(activityIdOf(world.transfer(walletId)));
  const approval = find(world.state, 'approval', activity.approvalId ?? '');
  if (!approval) throw new Error('No approval.');
  const names = (changes: Parameters<typeof jobsOf>[0]['changes'], by?: string) =>
    jobsOf({ orgId: world.orgId, by, before: world.state, changes }).map(({ name, payload }) =>
      'about' in payload ? `${name} ${payload.about}` : name,
    );
  return { world, activity, approval, names };
};

test('a request that ends later than its own entry is told to who asked, whatever ended it', () => {
  const { activity, names } = arrange();
  for (const ended of [
    { ...activity, status: 'Rejected' as const, reason: 'A policy in force now blocks it.' },
    { ...activity, status: 'Abandoned' as const },
    { ...activity, status: 'Released' as const, chain: { status: 'Failed' as const } },
  ])
    expect(names([put('activity', ended)])).toEqual(['mail-request']);
  expect(names([put('activity', { ...activity, status: 'Released' })])).toEqual([]);
});
test('nobody is told twice, nor of what they did themselves', () => {
  const { activity, approval, names } = arrange();
  const changes = [
    put('activity', { ...activity, status: 'Rejected' }),
    put('approval', { ...approval, status: 'Denied' }),
  ] as const;
  expect(names(changes)).toEqual(['mail-approval decided']);
  expect(names(changes, activity.requester.userId)).toEqual([]);
  expect(names(changes, 'us-somebody')).toEqual(['mail-approval decided']);
});
test('a new approval and a new delegation are told to those who may decide by them', () => {
  const { approval, names } = arrange();
  expect(names([put('approval', { ...approval, id: 'ap-new' })])).toEqual(['ask-approvers']);
  expect(names([put('approval', approval)])).toEqual([]);
  const requester = { userId: 'us-1', credentialId: 'cr-1' };
  const delegation = { id: 'dl-1', requester, toUserId: 'us-2', from: 1, until: 2, isRevoked: false, dateCreated: 1 };
  expect(names([put('delegation', delegation)])).toEqual(['ask-deputy']);
});
test('the vendor that screened a transfer is told once, of the transaction that was confirmed', () => {
  const { activity, names } = arrange();
  const kyt = {
    vendor: 'Chainalysis',
    outcome: 'screened',
    sources: ['Chainalysis KYT'],
    findings: [],
    at: 1,
  } as const;
  const sent = { ...activity, status: 'Released' as const, screening: [kyt] };
  const chain = { status: 'Confirmed', txHash: '0x01' } as const;
  expect(names([put('activity', { ...sent, chain: { status: 'Broadcasted', txHash: '0x01' } })])).toEqual([]);
  expect(names([put('activity', { ...sent, chain })])).toEqual(['register-sent']);
  expect(names([put('activity', { ...sent, chain, screening: [{ ...kyt, sources: ['a list'] }] })])).toEqual([]);
  expect(names([put('activity', { ...sent, chain, screening: [] })])).toEqual([]);
});
