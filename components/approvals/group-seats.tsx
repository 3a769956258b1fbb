'use client';

import { Check, CircleDashed, X } from 'lucide-react';
import { Person } from '@/components/people/person';
import { classNames } from '@/components/ui/class-names';
import { Time } from '@/components/ui/time';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { type ShownDecision, seats } from '@/lib/client/seats';
import { useMay } from '@/lib/client/session';
import type { RequiredGroup } from '@/lib/policy/policy';

type GroupSeatsProps = {
  groups: readonly RequiredGroup[];
  decisions: readonly ShownDecision[];
  initiatorId: string;
  isOpen: boolean;
};

const Names = ({ ids }: { ids: readonly string[] }) => (
  <>
    {ids.slice(0, 6).map((userId, at) => (
      <span key={userId}>
        {at > 0 && ', '}
        <Person userId={userId} />
      </span>
    ))}
    {ids.length > 6 && ` and ${ids.length - 6} more`}
  </>
);

const Decided = ({ decision }: { decision: ShownDecision }) => (
  <li className="flex items-start gap-2.5">
    {decision.value === 'Approved' ? (
      <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
    ) : (
      <X aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
    )}
    <div className="min-w-0">
      <Person userId={decision.userId} />{' '}
      <span className={decision.value === 'Approved' ? 'text-good' : 'text-bad'}>
        {decision.value === 'Approved' ? 'approved' : 'rejected'}
      </span>{' '}
      <Time at={decision.date} className="text-faint text-xs" />
      {decision.live === false && (
        <p className="text-pending text-xs">No longer counts: the credential or role is gone.</p>
      )}
      {decision.reason && <p className="break-words text-muted">“{decision.reason}”</p>}
    </div>
  </li>
);

/** Each group as its seats: filled ones with the person and reason, open ones with who is awaited. */
export const GroupSeats = ({ groups, decisions, initiatorId, isOpen }: GroupSeatsProps) => {
  const people = usePeople({ enabled: useMay('Auth:Users:Read') }).table.rows;
  const serviceAccounts = useServiceAccounts({ enabled: useMay('Auth:ServiceAccounts:Read') }).data?.items ?? [];
  const progress = seats({ groups, decisions, initiatorId, people, serviceAccounts });
  const seated = new Set(progress.flatMap((one) => one.approvedBy));
  const others = decisions.filter((decision) => !seated.has(decision.userId));
  return (
    <div className="space-y-5">
      {progress.map((one) => (
        <section key={`${one.group.policyId}-${one.group.index}`}>
          <h3 className="mb-2 flex flex-wrap items-center gap-2 font-medium">
            {one.group.name ?? `Group ${one.group.index + 1}`}
            <span className="flex gap-0.5" aria-hidden>
              {Array.from({ length: Math.min(12, one.required ?? 0) }, (_, seat) => (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: seats have no identity
                  key={seat}
                  className={classNames(
                    'size-2 rounded-full',
                    seat < one.approvedBy.length ? 'bg-good' : 'border border-line-strong',
                  )}
                />
              ))}
            </span>
            <span className="tabular font-normal text-muted text-xs">
              {one.approvedBy.length} of {one.required ?? '?'}
            </span>
          </h3>
          <ul className="space-y-2">
            {one.approvedBy.map((userId) => {
              const decision = decisions.find((given) => given.userId === userId);
              return decision && <Decided key={userId} decision={decision} />;
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
                        <Names ids={one.awaited} />
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
          </ul>
        </section>
      ))}
      {others.length > 0 && (
        <ul className="space-y-2">
          {others.map((decision) => (
            <Decided key={`${decision.userId}-${decision.date}`} decision={decision} />
          ))}
        </ul>
      )}
    </div>
  );
};
