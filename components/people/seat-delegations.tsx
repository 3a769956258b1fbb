'use client';

import { ArrowRight, Ban, CalendarClock, CircleCheck, CircleDashed, CirclePause, UserRoundCog } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Problem } from '@/components/frame/problem';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { minuteTime } from '@/components/ui/time';
import { useUrlFlag } from '@/components/ui/url-state';
import { useDelegations } from '@/lib/client/delegations';
import { useMay, useSession } from '@/lib/client/session';
import type { Delegation } from '@/lib/client/shapes';
import { Person } from './person';

const HandOverDialog = dynamic(() => import('./hand-over-dialog').then((module) => module.HandOverDialog), {
  ssr: false,
});
const WithdrawDelegation = dynamic(() => import('./withdraw-delegation').then((module) => module.WithdrawDelegation), {
  ssr: false,
});

const STANDING = {
  Scheduled: { tone: 'pending', icon: CalendarClock, word: 'Coming' },
  Active: { tone: 'good', icon: CircleCheck, word: 'In force' },
  Suspended: { tone: 'pending', icon: CirclePause, word: 'Suspended' },
  Ended: { tone: 'neutral', icon: CircleDashed, word: 'Over' },
  Revoked: { tone: 'neutral', icon: Ban, word: 'Taken back' },
} as const;

const isOver = ({ status }: Delegation): boolean => status === 'Ended' || status === 'Revoked';

const Row = ({ delegation, onWithdraw }: { delegation: Delegation; onWithdraw: (() => void) | null }) => {
  const { tone, icon, word } = STANDING[delegation.status];
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <span className="inline-flex min-w-0 items-center gap-1.5 font-medium">
        <Person userId={delegation.userId} />
        <ArrowRight aria-label="hands over to" className="size-3.5 shrink-0 text-faint" />
        <Person userId={delegation.toUserId} />
      </span>
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
      {onWithdraw && (
        <Button size="sm" look="quiet" className="ml-auto" onClick={onWithdraw}>
          Take back
        </Button>
      )}
      <span className="basis-full text-muted text-xs">
        {minuteTime(delegation.from)} – {minuteTime(delegation.until)}
        {delegation.status === 'Suspended' && ' · counts no more while who handed over could not decide themself'}
      </span>
    </li>
  );
};

/** Seats in approvals that a person handed over, and those handed over to them. */
export const SeatDelegations = ({ userId }: { userId: string }) => {
  const me = useSession().data?.userId;
  const given = useDelegations({ userId });
  const received = useDelegations({ toUserId: userId });
  const mayHandOver = useMay('Policies:Approvals:Approve');
  const mayEndAll = useMay('Permissions:Assign');
  const [handingOver, setHandingOver] = useUrlFlag('seats');
  const [ending, setEnding] = useState<Delegation | null>(null);
  const error = given.query.error ?? received.query.error;
  const isLoaded = given.query.data !== undefined && received.query.data !== undefined;
  const all = [...given.table.rows, ...received.table.rows].sort((a, b) => Date.parse(b.from) - Date.parse(a.from));
  const [current, over] = [all.filter((one) => !isOver(one)), all.filter(isOver)];
  const isMine = userId === me;
  const row = (delegation: Delegation) => {
    const isParty = delegation.userId === me || delegation.toUserId === me;
    const canEnd = !isOver(delegation) && (isParty || mayEndAll);
    return <Row key={delegation.id} delegation={delegation} onWithdraw={canEnd ? () => setEnding(delegation) : null} />;
  };
  return (
    <Section
      title="Seats in approvals handed over"
      flush
      aside={
        isMine &&
        (mayHandOver ? (
          <Button size="sm" onClick={() => setHandingOver(true)}>
            <UserRoundCog aria-hidden />
            Hand over my seats
          </Button>
        ) : (
          <span className="text-faint text-xs">Handing over needs Policies:Approvals:Approve</span>
        ))
      }
    >
      {error && !isLoaded ? (
        <Problem
          error={error}
          what="the seats handed over"
          onRetry={() => void Promise.all([given.query.refetch(), received.query.refetch()])}
        />
      ) : !isLoaded ? (
        <div className="p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : (
        <>
          {current.length > 0 ? (
            <ul className="divide-y">{current.map(row)}</ul>
          ) : (
            <p className="p-4 text-muted">
              {isMine
                ? 'None. While you are away somebody else can decide in your seats; both names are kept.'
                : 'None are handed over now.'}
            </p>
          )}
          {over.length > 0 && (
            <div className="border-t px-4 py-1">
              <Disclosure title={`${over.length} that ${over.length === 1 ? 'is' : 'are'} over`}>
                <ul className="-mx-4 divide-y pb-1">{over.map(row)}</ul>
              </Disclosure>
            </div>
          )}
        </>
      )}
      {handingOver && isMine && mayHandOver && <HandOverDialog onClose={() => setHandingOver(false)} />}
      {ending && <WithdrawDelegation delegation={ending} onClose={() => setEnding(null)} />}
    </Section>
  );
};
