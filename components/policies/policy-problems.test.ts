import { expect, test } from 'vitest';
import { draftFor } from './drafts';
import { policyProblems } from './policy-problems';

const at = (definition: unknown) => policyProblems(definition).map(({ path, message }) => [path.join('.'), message]);
const limit = draftFor('limit');

test('a beginning of the gallery has nothing wrong', () => {
  for (const start of ['approval', 'limit', 'day', 'rate', 'recipients', 'governance', 'roles'])
    expect(at(draftFor(start))).toEqual([]);
});

test('what is missing is said at its own field, in words for people', () => {
  expect(at({ ...limit, name: '' })).toEqual([['name', 'Give the policy a name, of at most 100 characters.']]);
  expect(
    at({ ...limit, rule: { kind: 'TransactionAmountLimit', configuration: { limit: Number.NaN, currency: 'USD' } } }),
  ).toEqual([['rule.configuration.limit', 'Write a number: 0 or more.']]);
});

test('a group nobody was ticked for, and one whose quorum is out of reach, say so at the group', () => {
  const group = { quorum: 2, approvers: { userId: { in: [] } } };
  const asked = (approvalGroups: readonly unknown[]) => ({
    ...limit,
    action: { kind: 'RequestApproval', approvalGroups, autoRejectTimeout: 0 },
  });
  expect(at(asked([group]))).toEqual([
    ['action.approvalGroups.0.approvers.userId.in', 'Tick at least one person, and at most 100.'],
    ['action.autoRejectTimeout', 'Write whole minutes, from 1 to 5,256,000 (ten years).'],
  ]);
  expect(at(asked([{ ...group, quorum: Number.NaN }]))).toContainEqual([
    'action.approvalGroups.0.quorum',
    'Write how many must agree: 1 or more.',
  ]);
  expect(
    at({
      ...limit,
      action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 2, approvers: { userId: { in: ['us-a'] } } }] },
    }),
  ).toEqual([['action.approvalGroups.0.quorum', "A quorum of 2 can't be reached by 1 listed approver."]]);
});

test('an address that is none is told by its line, at the field of all', () => {
  const addresses = ['0x1', 'x'.repeat(257)];
  expect(at({ ...limit, rule: { kind: 'TransactionRecipientWhitelist', configuration: { addresses } } })).toEqual([
    ['rule.configuration.addresses', 'Line 2 is too long to be an address.'],
  ]);
});
