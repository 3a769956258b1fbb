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
