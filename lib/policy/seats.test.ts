import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequiredGroup } from './policy';
import { approvalProgress, judgeApproval, mayDecide, standInsOf, type Vote } from './quorum';
import { namedIn, seatPeople } from './seats';
import { approves, aRequiredGroup } from './testing/builders';

const everybody = () => true;
const groupOf = (quorum: number, users: readonly string[], extra: Partial<RequiredGroup> = {}, index = 0) => ({
  ...aRequiredGroup(quorum, users, extra),
  index,
});
const inputOf = (groups: readonly RequiredGroup[], votes: readonly Vote[]) => ({
  groups,
  votes,
  initiatorId: 'us-i',
  isEligible: everybody as (userId: string) => boolean,
});
const judge = (groups: readonly RequiredGroup[], votes: readonly Vote[], more = {}) =>
  judgeApproval({ ...inputOf(groups, votes), ...more });
const standsIn = (userId: string, ...inPlaceOf: string[]) => approves(userId, { inPlaceOf });

test('who was handed a seat fills it in place of its holder', () => {
  const groups = [groupOf(2, ['us-a', 'us-b'])];
  expect(judge(groups, [approves('us-a'), approves('us-e')])).toBe('Pending');
  expect(judge(groups, [approves('us-a'), standsIn('us-e', 'us-b')])).toBe('Approved');
});
test('one seat is never filled twice: holder and deputy together are one', () => {
  expect(judge([groupOf(2, ['us-a', 'us-b'])], [approves('us-b'), standsIn('us-e', 'us-b')])).toBe('Pending');
});
test('one person never fills two seats of a group, their own and one handed over', () => {
  const groups = [groupOf(2, ['us-a', 'us-b'])];
  expect(judge(groups, [standsIn('us-a', 'us-b')])).toBe('Pending');
  expect(judge(groups, [standsIn('us-e', 'us-a', 'us-b')])).toBe('Pending');
});
test('a holder who votes moves the deputy to another seat that was handed over too', () => {
  const groups = [groupOf(2, ['us-a', 'us-b'])];
  expect(judge(groups, [standsIn('us-e', 'us-a', 'us-b'), approves('us-a')])).toBe('Approved');
});
test('a seat that was handed over is not handed on', () => {
  // A handed over to E, E to F: F may take E's seats, and E has none here.
  expect(judge([groupOf(1, ['us-a'])], [standsIn('us-f', 'us-e')])).toBe('Pending');
});
test('who asks neither takes a seat for another nor leaves one behind', () => {
  const groups = [groupOf(1, ['us-a', 'us-i'])];
  expect(judge(groups, [standsIn('us-i', 'us-a')])).toBe('Pending');
  expect(judge(groups, [standsIn('us-e', 'us-i')])).toBe('Pending');
  const open = [groupOf(1, ['us-a', 'us-i'], { initiatorCanApprove: true })];
  expect(judge(open, [standsIn('us-e', 'us-i')])).toBe('Approved');
});
test('neither somebody ineligible nor for somebody ineligible is a seat taken', () => {
  const groups = [groupOf(1, ['us-a'])];
  for (const gone of ['us-a', 'us-e'])
    expect(judge(groups, [standsIn('us-e', 'us-a')], { isEligible: (userId: string) => userId !== gone })).toBe(
      'Pending',
    );
});
test('a service account takes nobody’s seat, and a group of anybody has none to hand over', () => {
  const robot = standsIn('us-s', 'us-a');
  expect(
    judge([groupOf(1, ['us-a'], { serviceAccountsCanApprove: true })], [{ ...robot, isServiceAccount: true }]),
  ).toBe('Pending');
  expect(judge([aRequiredGroup(1)], [{ ...robot, isServiceAccount: true }])).toBe('Pending');
});
test('people must be distinct across groups where that is asked for', () => {
  const groups = [groupOf(1, ['us-a', 'us-b'], {}, 0), groupOf(1, ['us-a'], {}, 1)];
  const across = { distinct: 'acrossGroups' };
  expect(judge(groups, [approves('us-a')])).toBe('Approved');
  expect(judge(groups, [approves('us-a')], across)).toBe('Pending');
  expect(judge(groups, [approves('us-a'), approves('us-b')], across)).toBe('Approved');
  const three = [groupOf(2, ['us-a', 'us-b', 'us-c'], {}, 0), groupOf(1, ['us-a'], {}, 1)];
  expect(judge(three, [approves('us-a'), approves('us-b')], across)).toBe('Pending');
  expect(judge(three, [approves('us-a'), approves('us-b'), approves('us-c')], across)).toBe('Approved');
});

const escalating = (more = {}) =>
  groupOf(2, ['us-a', 'us-b'], {
    escalation: { afterMinutes: 60, approvers: { userId: { in: ['us-x'] } } },
    ...more,
  });
test('people a group escalates to take its seats from that minute on, and the quorum stays', () => {
  const votes = [approves('us-a'), approves('us-x')];
  expect(judge([escalating()], votes)).toBe('Pending');
  expect(judge([escalating()], votes, { openMs: 3_599_999 })).toBe('Pending');
  expect(judge([escalating()], votes, { openMs: 3_600_000 })).toBe('Approved');
  expect(judge([escalating()], [approves('us-x')], { openMs: 3_600_000 })).toBe('Pending');
});
test('an escalation whose time can’t be read never comes', () => {
  const broken = { afterMinutes: Number.NaN, approvers: { userId: { in: ['us-x'] } } };
  expect(namedIn(escalating({ escalation: broken }), 1e15)).toEqual(['us-a', 'us-b']);
});
test('a list of people that can’t be read names nobody, and no list names anybody', () => {
  const approvers: RequiredGroup['approvers'] = JSON.parse('{"userId":{"in":"us-a"}}');
  expect(namedIn({ ...groupOf(1, []), approvers }, 0)).toEqual([]);
  expect(namedIn(aRequiredGroup(1), 0)).toBeUndefined();
});
test('a deputy whose holder decided is refused, and may decide before', () => {
  const decide = (votes: readonly Vote[], value: 'Approved' | 'Denied' = 'Denied') =>
    mayDecide({
      ...inputOf([groupOf(2, ['us-a', 'us-b'])], votes),
      voter: { userId: 'us-e', isServiceAccount: false, inPlaceOf: ['us-a'] },
      value,
    });
  expect(decide([])).toEqual({ ok: true, value: true });
  expect(decide([approves('us-a')])).toMatchObject({ refusal: { status: 409, code: 'policy.seat_taken' } });
  expect(decide([approves('us-a', { live: false })], 'Approved')).toEqual({ ok: true, value: true });
});
test('progress shows whose seat is taken by whom, and does not await a holder whose seat is taken', () => {
  const voters = ['us-a', 'us-b', 'us-c'].map((userId) => ({ userId, isServiceAccount: false }));
  const [progress] = approvalProgress({
    ...inputOf([groupOf(2, ['us-a', 'us-b'])], [standsIn('us-e', 'us-a')]),
    voters,
  });
  expect(progress).toMatchObject({
    approvedBy: ['us-e'],
    seats: [{ holder: 'us-a', takenBy: 'us-e' }],
    awaited: ['us-b'],
    openSeats: 1,
    isReachable: true,
  });
});
test('who waits for whom: open seats of their own first, and those of others by name', () => {
  const voters = [
    { userId: 'us-b', isServiceAccount: false, inPlaceOf: ['us-a'] },
    { userId: 'us-e', isServiceAccount: false, inPlaceOf: ['us-a', 'us-b', 'us-x'] },
  ];
  const input = inputOf([groupOf(1, ['us-a', 'us-b'])], []);
  const [open] = approvalProgress({ ...input, voters });
  expect(open?.awaited).toEqual(['us-b', 'us-e']);
  expect(standInsOf(open?.couldTake ?? [])).toEqual([
    { holder: 'us-a', takenBy: 'us-e' },
    { holder: 'us-b', takenBy: 'us-e' },
  ]);
  const [filled] = approvalProgress({ ...input, votes: [approves('us-a')], voters });
  expect(filled).toMatchObject({ awaited: [], couldTake: [] });
});
test('groups that need more different people than there are can’t be reached together', () => {
  const voters = ['us-a', 'us-b'].map((userId) => ({ userId, isServiceAccount: false }));
  const groups = [groupOf(2, ['us-a', 'us-b'], {}, 0), groupOf(1, ['us-a'], {}, 1)];
  const reach = (distinct: 'perGroup' | 'acrossGroups') =>
    approvalProgress({ ...inputOf(groups, []), voters, distinct }).every((group) => group.isReachable);
  expect([reach('perGroup'), reach('acrossGroups')]).toEqual([true, false]);
});

/** Tries every way to seat people: the slow truth. */
const bestByTrying = (people: readonly (readonly (readonly string[])[])[], most: readonly number[]): number => {
  const walk = (at: number, taken: ReadonlySet<string>, counts: readonly number[]): number => {
    const person = people[at];
    if (!person) return 0;
    let best = walk(at + 1, taken, counts);
    for (const [group, holders] of person.entries())
      for (const holder of holders) {
        const key = `${group} ${holder}`;
        if (taken.has(key) || (counts[group] ?? 0) >= (most[group] ?? 0)) continue;
        const next = counts.map((count, index) => (index === group ? count + 1 : count));
        best = Math.max(best, 1 + walk(at + 1, new Set([...taken, key]), next));
      }
    return best;
  };
  return walk(
    0,
    new Set(),
    most.map(() => 0),
  );
};

test('as many people sit as any way of seating them allows, each once and no seat twice', () => {
  const holders = fc.subarray(['a', 'b', 'c']);
  const people = fc.array(fc.tuple(holders, holders), { maxLength: 5 });
  fc.assert(
    fc.property(people, fc.tuple(fc.nat(3), fc.nat(3)), (seats, most) => {
      const candidates = seats.map((own, index) => ({ userId: `us-${index}`, seats: own }));
      const placed = seatPeople(candidates, most, 'acrossGroups');
      const all = placed.flatMap((group, index) => group.map((seat) => ({ ...seat, index })));
      expect(all.length).toBe(bestByTrying(seats, most));
      expect(new Set(all.map((seat) => seat.takenBy)).size).toBe(all.length);
      expect(new Set(all.map((seat) => `${seat.index} ${seat.holder}`)).size).toBe(all.length);
      for (const [index, group] of placed.entries()) expect(group.length).toBeLessThanOrEqual(most[index] ?? 0);
      const alone = seatPeople(candidates, most, 'perGroup');
      for (const [index, group] of alone.entries())
        expect(group.length).toBe(
          bestByTrying(
            seats.map((own) => [own[index] ?? []]),
            [9],
          ),
        );
    }),
    { numRuns: 300, seed: 7 },
  );
});
