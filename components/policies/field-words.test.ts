import { expect, test } from 'vitest';
import { fieldName, fieldValue } from './field-words';

test('members of a definition are called what people call them', () => {
  expect(fieldName('rule.configuration.limit')).toBe('Limit');
  expect(fieldName('action.approvalGroups.1.quorum')).toBe('Group 2: quorum');
  expect(fieldName('action.approvalGroups.0')).toBe('Group 1');
  expect(fieldName('rule.unheardOf')).toBe('rule.unheardOf');
});

test('values are told in words, ids by their names, and nothing is told as nothing', () => {
  const nameOf = (id: string) => (id === 'us-1' ? 'Ann' : id);
  expect(fieldValue('action.approvalGroups.0.approvers.userId.in', ['us-1', 'us-2'], nameOf)).toBe('Ann, us-2');
  expect(fieldValue('rule.configuration.timeframe', 1440, nameOf)).toBe('1 day');
  expect(fieldValue('rule.configuration.addresses', [], nameOf)).toBe('none');
  expect(fieldValue('filters', null, nameOf)).toBeNull();
});

test('escalation and delay are told in words, changed in part or whole', () => {
  const nameOf = (id: string) => (id === 'us-1' ? 'Ann' : id === 'us-2' ? 'Ben' : id);
  const escalation = { afterMinutes: 90, approvers: { userId: { in: ['us-2'] } } };
  const group = { name: 'Finance', quorum: 1, approvers: { userId: { in: ['us-1'] } }, escalation };
  expect(fieldName('action.minimumDelay')).toBe('Waits at least');
  expect(fieldValue('action.minimumDelay', 120, nameOf)).toBe('2 hours');
  expect(fieldName('action.approvalGroups.0.escalation')).toBe('Group 1: asks more people');
  expect(fieldValue('action.approvalGroups.0.escalation', escalation, nameOf)).toBe('after 90 minutes also Ben');
  expect(fieldValue('action.approvalGroups.0.escalation.afterMinutes', 60, nameOf)).toBe('1 hour');
  expect(fieldValue('action.approvalGroups.0', group, nameOf)).toBe('Finance: 1 of Ann; after 90 minutes also Ben');
  expect(fieldValue('action.approvalGroups', [group, { quorum: 2, approvers: {} }], nameOf)).toBe(
    'Finance: 1 of Ann; after 90 minutes also Ben and 2 of anybody in the organisation',
  );
});
