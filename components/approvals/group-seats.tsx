'use client';

import { Check, CircleDashed, X } from 'lucide-react';
import { Person } from '@/components/people/person';
import { classNames } from '@/components/ui/class-names';
import { Time } from '@/components/ui/time';
import { type ShownDecision, sittingForOthers } from '@/lib/client/seats';
import type { GroupProgress } from '@/lib/policy/quorum';
import { AwaitedNames, awaitedOf, Escalation } from './awaited';
import { InPlaceOf } from './in-place-of';
import { type AskedApproval, useOpenMs } from './use-seats';

type GroupSeatsProps = {
  asked: AskedApproval;
  /** The same groups as seats. */
  progress: readonly GroupProgress[];
  isOpen: boolean;
};

const Decided = ({
  decision,
  holders,
  isUnseated,
}: {
  decision: ShownDecision;
  holders: readonly string[];
  isUnseated?: boolean;
}) => (
  <li className="flex items-start gap-2.5">
    {decision.value === 'Approved' ? (
      <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
    ) : (
      <X aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
    )}
    <div className="min-w-0">
      <Person userId={decision.userId} />
      <InPlaceOf holders={holders} />{' '}
      <span className={decision.value === 'Approved' ? 'text-good' : 'text-bad'}>
        {decision.value === 'Approved' ? 'approved' : 'rejected'}
      </span>{' '}
      <Time at={decision.date} className="text-faint text-xs" />
      {decision.live === false && (
        <p className="text-pending text-xs">No longer counts: the credential or role is gone.</p>
      )}
      {isUnseated && <p className="text-pending text-xs">No longer counts: the seat is not handed over any more.</p>}
      {decision.reason && <p className="break-words text-muted">“{decision.reason}”</p>}
    </div>
  </li>
);

const Dots = ({ filled, required }: { filled: number; required: number }) => (
  <span className="flex gap-0.5" aria-hidden>
    {Array.from({ length: Math.min(12, required) }, (_, seat) => (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: seats have no identity
        key={seat}
        className={classNames('size-2 rounded-full', seat < filled ? 'bg-good' : 'border border-line-strong')}
      />
    ))}
  </span>
);

/** Each group as its seats: filled ones with the person and reason, open ones with who is awaited. */
export const GroupSeats = ({ asked, progress, isOpen }: GroupSeatsProps) => {
  const { decisions, dateAsked } = asked;
  const openMs = useOpenMs(dateAsked);
  const seated = new Set(progress.flatMap((one) => one.approvedBy));
  const sitting = sittingForOthers(progress);
  const others = decisions.filter((decision) => !seated.has(decision.userId));
  return (
    <div className="space-y-5">
      {progress.map((one) => (
        <section key={`${one.group.policyId}-${one.group.index}`}>
          <h3 className="mb-2 flex flex-wrap items-center gap-2 font-medium">
            {one.group.name ?? `Group ${one.group.index + 1}`}
            <Dots filled={one.approvedBy.length} required={one.required ?? 0} />
            <span className="tabular font-normal text-muted text-xs">
              {one.approvedBy.length} of {one.required ?? '?'}
            </span>
          </h3>
          <ul className="space-y-2">
            {one.seats.map(({ holder, takenBy }) => {
              const decision = decisions.findLast((given) => given.userId === takenBy);
              return (
                decision && <Decided key={takenBy} decision={decision} holders={holder === takenBy ? [] : [holder]} />
              );
            })}
            {isOpen && one.openSeats > 0 && (
              <li className="flex items-start gap-2.5">
                <CircleDashed aria-hidden className="mt-0.5 size-4 shrink-0 text-pending" />
                <p className="min-w-0 text-muted">
                  {one.openSeats === 1 ? '1 seat open' : `${one.openSeats} seats open`}
                  {one.awaited.length > 0 && (
                    <>
                      , waiting on {one.awaited.length > one.openSeats && `${one.openSeats} of `}
                      <span className="text-ink">
                        <AwaitedNames people={awaitedOf(one)} />
                      </span>
                    </>
                  )}
                  {!one.isReachable && (
                    <span className="block text-bad">
                      Nobody is left who could fill this. Reject it, or change the policy.
                    </span>
                  )}
                </p>
              </li>
            )}
            {isOpen && !one.isFilled && one.group.escalation && dateAsked && (
              <Escalation escalation={one.group.escalation} dateAsked={dateAsked} openMs={openMs} />
            )}
          </ul>
        </section>
      ))}
      {others.length > 0 && (
        <ul className="space-y-2">
          {others.map((decision) => (
            <Decided
              key={`${decision.userId}-${decision.date}`}
              decision={decision}
              holders={sitting.get(decision.userId) ?? decision.inPlaceOf ?? []}
              isUnseated={decision.value === 'Approved' && decision.live !== false && decision.inPlaceOf?.length === 0}
            />
          ))}
        </ul>
      )}
    </div>
  );
};
