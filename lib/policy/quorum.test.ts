import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalProgress, couldSit, judgeApproval, mayDecide, type Vote, type Voter } from './quorum';
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

test('a refusal to decide says why, and what is accepted says nothing', () => {
  const refusal = (result: ReturnType<typeof decide>) => (result.ok ? result.value : result.refusal);
  expect(refusal(decide('us-i', 'Denied'))).toBe(true);
  expect(refusal(decide('us-a', 'Approved', { votes: [approves('us-a')] }))).toEqual({
    status: 409,
    code: 'policy.already_decided',
    message: 'This user has already decided on this approval.',
  });
  expect(refusal(decide('us-i', 'Approved'))).toEqual({
    status: 403,
    code: 'policy.initiator_cannot_approve',
    message: 'The initiator of an activity cannot approve it.',
  });
  expect(refusal(decide('us-z', 'Denied'))).toEqual({
    status: 403,
    code: 'policy.not_an_approver',
    message: 'This user is not an approver of this approval.',
  });
  const deputy = { userId: 'us-e', isServiceAccount: false, inPlaceOf: ['us-a'] };
  expect(refusal(decide('us-e', 'Approved', { voter: deputy, votes: [approves('us-a')] }))).toEqual({
    status: 409,
    code: 'policy.seat_taken',
    message: 'Who handed their seat over to this user has decided themself.',
  });
});
test('somebody who decided may not decide again, also where a seat handed over to them is still free', () => {
  const voter = { userId: 'us-b', isServiceAccount: false, inPlaceOf: ['us-a'] };
  expect(status(decide('us-b', 'Approved', { voter }))).toBe(200);
  expect(status(decide('us-b', 'Approved', { voter, votes: [approves('us-b')] }))).toBe(409);
});
test('who asks takes a seat for another where the group lets them approve', () => {
  const inPlaceOf = approves('us-i', { inPlaceOf: ['us-a'] });
  const group = (initiatorCanApprove: boolean) => [aRequiredGroup(1, ['us-a'], { initiatorCanApprove })];
  expect(judge({ groups: group(true), votes: [inPlaceOf] })).toBe('Approved');
  expect(judge({ groups: group(false), votes: [inPlaceOf] })).toBe('Pending');
});
test('somebody could sit where any group has a seat for them, and a seat is what the group’s own words give', () => {
  const input = {
    groups: [aRequiredGroup(1, ['us-a']), aRequiredGroup(1, ['us-b'])],
    votes: [],
    initiatorId: 'us-i',
    isEligible: everybody,
  };
  const could = (userId: string, more: object = {}) => couldSit(input, { userId, isServiceAccount: false, ...more });
  expect([could('us-a'), could('us-b'), could('us-c'), could('us-c', { inPlaceOf: ['us-b'] })]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

const progressOf = (
  quorum: number,
  named: readonly string[],
  votes: readonly Vote[],
  voters: readonly Voter[] = ['us-a', 'us-b', 'us-c'].map((userId) => ({ userId, isServiceAccount: false })),
) =>
  approvalProgress({
    groups: [aRequiredGroup(quorum, named)],
    votes,
    initiatorId: 'us-i',
    isEligible: everybody,
    voters,
  })[0];

test('who denied did not approve and is not awaited; one whose denial is no longer live is', () => {
  const denies = (live: boolean) => approves('us-a', { value: 'Denied', live });
  expect(progressOf(1, ['us-a', 'us-b'], [denies(true)])).toMatchObject({ approvedBy: [], awaited: ['us-b'] });
  expect(progressOf(1, ['us-a', 'us-b'], [denies(false)])).toMatchObject({ approvedBy: [], awaited: ['us-a', 'us-b'] });
});
test('somebody who approved is not counted once more in a seat that was handed over to them', () => {
  const ann = { userId: 'us-a', isServiceAccount: false, inPlaceOf: ['us-z'] };
  expect(progressOf(2, ['us-a', 'us-z'], [approves('us-a', ann)], [ann])).toMatchObject({
    approvedBy: ['us-a'],
    isReachable: false,
    awaited: [],
  });
});
test('a filled group awaits nobody, and one more approval than asked for leaves no seat open', () => {
  expect(progressOf(1, ['us-a', 'us-b', 'us-c'], [approves('us-a'), approves('us-b')])).toMatchObject({
    isFilled: true,
    openSeats: 0,
    awaited: [],
    isReachable: true,
  });
});
test('a group whose quorum is no number from 1 on has no seats and can’t be reached', () => {
  expect(progressOf(0, ['us-a'], [])).toMatchObject({
    required: null,
    openSeats: 0,
    isFilled: false,
    isReachable: false,
  });
});
