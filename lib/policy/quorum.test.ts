import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalProgress, judgeApproval, mayDecide } from './quorum';
import { approves, aRequiredGroup } from './testing/builders';

const everybody = () => true;
const judge = (input: Partial<Parameters<typeof judgeApproval>[0]>) =>
  judgeApproval({
    groups: [aRequiredGroup(1, ['us-a'])],
    votes: [],
    initiatorId: 'us-i',
    isEligible: everybody,
    ...input,
  });

test('a group is filled by distinct users, not by votes', () => {
  const groups = [aRequiredGroup(2, ['us-a', 'us-b'])];
  expect(judge({ groups, votes: [approves('us-a'), approves('us-a')] })).toBe('Pending');
  expect(judge({ groups, votes: [approves('us-a'), approves('us-b')] })).toBe('Approved');
});
test('one vote counts in every group that names its user', () => {
  const groups = [aRequiredGroup(1, ['us-a', 'us-b']), aRequiredGroup(1, ['us-a'])];
  expect(judge({ groups, votes: [approves('us-a')] })).toBe('Approved');
  expect(judge({ groups, votes: [approves('us-b')] })).toBe('Pending');
});
test('an approval without groups, or with a quorum below one, is never approved', () => {
  expect(judge({ groups: [], votes: [approves('us-a')] })).toBe('Pending');
  for (const quorum of [0, -1, 0.5, Number.NaN])
    expect(judge({ groups: [aRequiredGroup(quorum, ['us-a'])], votes: [approves('us-a')] })).toBe('Pending');
});
test('a group that names nobody is never filled', () => {
  expect(judge({ groups: [aRequiredGroup(1, [])], votes: [approves('us-a')] })).toBe('Pending');
});
test('open approvers means any human, never a service account', () => {
  const groups = [aRequiredGroup(1, undefined, { serviceAccountsCanApprove: true })];
  expect(judge({ groups, votes: [approves('us-x')] })).toBe('Approved');
  expect(judge({ groups, votes: [approves('us-x', { isServiceAccount: true })] })).toBe('Pending');
});
test('a service account counts only where it is listed and service accounts may approve', () => {
  const votes = [approves('us-a', { isServiceAccount: true })];
  expect(judge({ votes })).toBe('Pending');
  expect(judge({ votes, groups: [aRequiredGroup(1, ['us-a'], { serviceAccountsCanApprove: true })] })).toBe('Approved');
});
test('the initiator cannot approve their own activity unless the group says so', () => {
  const votes = [approves('us-i')];
  expect(judge({ votes, groups: [aRequiredGroup(1, ['us-i'])] })).toBe('Pending');
  expect(judge({ votes, groups: [aRequiredGroup(1, ['us-i'], { initiatorCanApprove: true })] })).toBe('Approved');
});
test('votes that are no longer live and those of ineligible users fill no seat', () => {
  expect(judge({ votes: [approves('us-a', { live: false })] })).toBe('Pending');
  expect(judge({ votes: [approves('us-a')], isEligible: () => false })).toBe('Pending');
});
test('a user whose dropped vote was replaced by a live one counts', () => {
  expect(judge({ votes: [approves('us-a', { live: false }), approves('us-a')] })).toBe('Approved');
});
test('no number of approvals outweighs a denial', () => {
  expect(judge({ votes: [approves('us-a'), approves('us-b', { value: 'Denied' })] })).toBe('Pending');
});

const users = ['us-a', 'us-b', 'us-c', 'us-i'] as const;
const anyGroup = fc
  .record({
    quorum: fc.integer({ min: 1, max: 4 }),
    listed: fc.option(fc.subarray([...users])),
    initiatorCanApprove: fc.boolean(),
  })
  .map(({ quorum, listed, initiatorCanApprove }) =>
    aRequiredGroup(quorum, listed ?? undefined, { initiatorCanApprove }),
  );
const anyVotes = fc.array(
  fc.record({
    userId: fc.constantFrom(...users),
    isServiceAccount: fc.constant(false),
    live: fc.boolean(),
    value: fc.constant('Approved' as const),
  }),
  { maxLength: 8 },
);

test('fewer distinct approvers than a quorum never approve', () => {
  fc.assert(
    fc.property(fc.array(anyGroup, { minLength: 1, maxLength: 3 }), anyVotes, (groups, votes) => {
      const distinct = new Set(votes.filter((vote) => vote.live).map((vote) => vote.userId)).size;
      if (groups.some((group) => distinct < group.quorum)) expect(judge({ groups, votes })).toBe('Pending');
    }),
  );
});
test('the order of votes never matters, and neither a further vote nor one group less turns an approval back', () => {
  fc.assert(
    fc.property(fc.array(anyGroup, { minLength: 2, maxLength: 3 }), anyVotes, (groups, votes) => {
      const result = judge({ groups, votes });
      expect(judge({ groups, votes: votes.toReversed() })).toBe(result);
      if (result !== 'Approved') return;
      expect(judge({ groups, votes: [...votes, approves('us-c')] })).toBe('Approved');
      expect(judge({ groups: groups.slice(1), votes })).toBe('Approved');
    }),
  );
});

test('the progress of a group names who approved, who is awaited and whether it can still be filled', () => {
  const [progress, closed] = approvalProgress({
    groups: [aRequiredGroup(2, ['us-a', 'us-b', 'us-i']), aRequiredGroup(2, ['us-a', 'us-i'])],
    votes: [approves('us-a')],
    initiatorId: 'us-i',
    isEligible: everybody,
    voters: users.map((userId) => ({ userId, isServiceAccount: false })),
  });
  expect(progress).toMatchObject({
    required: 2,
    approvedBy: ['us-a'],
    openSeats: 1,
    isFilled: false,
    awaited: ['us-b'],
    isReachable: true,
  });
  expect(closed).toMatchObject({ openSeats: 1, awaited: [], isReachable: false });
});

const decide = (userId: string, value: 'Approved' | 'Denied', extra = {}) =>
  mayDecide({
    groups: [aRequiredGroup(1, ['us-a', 'us-i'])],
    votes: [],
    initiatorId: 'us-i',
    isEligible: everybody,
    voter: { userId, isServiceAccount: false },
    value,
    ...extra,
  });
const status = (result: ReturnType<typeof decide>) => (result.ok ? 200 : result.refusal.status);

test('the initiator may always deny and approves only where allowed', () => {
  expect(status(decide('us-i', 'Denied'))).toBe(200);
  expect(status(decide('us-i', 'Approved'))).toBe(403);
});
test('somebody in no group may neither approve nor deny', () => {
  expect([status(decide('us-z', 'Approved')), status(decide('us-z', 'Denied'))]).toEqual([403, 403]);
});
test('a user has one live decision, and may decide again once it is no longer live', () => {
  expect(status(decide('us-a', 'Denied', { votes: [approves('us-a')] }))).toBe(409);
  expect(status(decide('us-a', 'Denied', { votes: [approves('us-a', { live: false })] }))).toBe(200);
});
