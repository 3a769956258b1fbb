import type { ApprovalRecord } from './records';
import type { GroupStanding } from './standing';

/** Most people who are told of one approval by mail. Those whom its groups name come first, so that only "anybody" is cut short. */
export const MOST_TOLD = 50;

/** Who is awaited and gets a mail: everybody but the one who asks, as many as are told at most. */
export const peopleToTell = (
  groups: readonly GroupStanding[],
  { initiatorId }: Pick<ApprovalRecord, 'initiatorId'>,
): readonly string[] => {
  const named = new Set(
    groups.flatMap(({ group }) => [
      ...(group.approvers.userId?.in ?? []),
      ...(group.escalation?.approvers.userId.in ?? []),
    ]),
  );
  const ofNamed = groups.flatMap(({ couldTake }) => couldTake.filter(({ holder }) => named.has(holder)));
  const awaited = groups.flatMap((group) => group.awaited);
  const inOrder = new Set([...ofNamed.map((seat) => seat.takenBy), ...awaited]);
  return [...inOrder].filter((userId) => userId !== initiatorId).slice(0, MOST_TOLD);
};
