import { expect, test } from 'vitest';
import type { Delegation } from '@/lib/client/shapes';
import { standingOf } from './standing';

const group = { policyId: 'plc-1', index: 0, quorum: 1, approvers: { userId: { in: ['us-bob'] } } };
const handed: Delegation = {
  id: 'dg-1',
  userId: 'us-bob',
  toUserId: 'us-carol',
  from: '2026-01-01T00:00:00.000Z',
  until: '2026-01-08T00:00:00.000Z',
  status: 'Active',
  dateCreated: '2026-01-01T00:00:00.000Z',
};
const asked = {
  groups: [group],
  decisions: [],
  initiatorId: 'us-ada',
  userId: 'us-carol',
  mayApprove: true,
  delegations: [],
  openMs: 0,
};
const approved = (userId: string, live = true) => ({
  userId,
  value: 'Approved' as const,
  reason: null,
  date: '2026-01-02T00:00:00.000Z',
  live,
});

test('whom nobody named decides for nobody, unless seats were handed over to them and are in force', () => {
  expect(standingOf(asked)).toMatchObject({ canApprove: false, note: 'No group that must agree names you.' });
  expect(standingOf({ ...asked, delegations: [handed] })).toMatchObject({ canApprove: true, note: null });
  const coming: Delegation = { ...handed, status: 'Scheduled' };
  expect(standingOf({ ...asked, delegations: [coming] }).canApprove).toBe(false);
});

test('a seat is offered to nobody once its holder decided', () => {
  const decided = {
    ...asked,
    groups: [{ ...group, quorum: 2 }],
    delegations: [handed],
    decisions: [approved('us-bob')],
  };
  expect(standingOf(decided)).toMatchObject({ canApprove: false, note: expect.stringContaining('decided themself') });
});

test('somebody asked later may decide from then on, and is told before', () => {
  const escalation = { afterMinutes: 60, approvers: { userId: { in: ['us-carol'] } } };
  const later = { ...asked, groups: [{ ...group, escalation }] };
  expect(standingOf(later)).toMatchObject({ canApprove: false, note: expect.stringContaining('if it takes long') });
  expect(standingOf({ ...later, openMs: 3_600_000 })).toMatchObject({ canApprove: true, note: null });
});

test('who asked withdraws instead of rejecting, and whose vote fell away may decide again', () => {
  const own = standingOf({ ...asked, userId: 'us-ada' });
  expect(own).toMatchObject({ canReject: false, note: expect.stringContaining('withdraw') });
  const mine = { ...asked, userId: 'us-bob' };
  expect(standingOf({ ...mine, decisions: [approved('us-bob')] }).canApprove).toBe(false);
  expect(standingOf({ ...mine, decisions: [approved('us-bob', false)] }).canApprove).toBe(true);
});
