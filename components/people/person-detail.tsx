'use client';

import { HeartHandshake } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { useOrganisation } from '@/lib/client/organisation';
import { usePerson, usePersonCredentials } from '@/lib/client/people';
import { useMay, useSession } from '@/lib/client/session';
import type { UserCredential } from '@/lib/client/shapes';
import { EffectiveAccessSection } from './effective-access';
import { StandingBadge } from './people-list';
import { PersonKeys } from './person-keys';
import { ResendCode } from './resend-code';
import { SeatDelegations } from './seat-delegations';
import { ServiceAccountTokens } from './service-account-tokens';
import { StandingActs } from './standing-acts';

const VouchDialog = dynamic(() => import('./vouch-dialog').then((module) => module.VouchDialog), { ssr: false });

export const PersonDetail = ({ userId }: { userId: string }) => {
  const { data: person, error, refetch } = usePerson(userId);
  const organisation = useOrganisation().data;
  const me = useSession().data?.userId;
  const keys = usePersonCredentials(userId, { enabled: useMay('Auth:Users:Read') }).data;
  const mayVouch = useMay('Permissions:Assign');
  const mayReadApprovals = useMay('Policies:Approvals:Read');
  const mayReview = useMay('Permissions:Assignments:Read');
  // The key being vouched for stays while the dialog is open: right after it counts it is no longer one that waits.
  const [vouching, setVouching] = useState<UserCredential | null>(null);
  if (error && !person) return <Problem error={error} what="this person" onRetry={() => void refetch()} />;
  if (!person) return <DetailSkeleton />;
  const name = person.isServiceAccount ? person.name || person.username : person.username;
  const waiting = person.isServiceAccount ? undefined : keys?.items.find((one) => one.isActive && !one.introduced);
  const canVouch = mayVouch && waiting !== undefined && person.userId !== me;
  return (
    <article>
      <PaneHeader
        backHref="/console/people"
        backLabel="People"
        title={name}
        meta={
          <span className="flex flex-wrap items-center gap-2 text-muted">
            <StandingBadge identity={person} />
            {person.isServiceAccount ? 'Service account' : 'Person'}
            <Copyable value={person.userId} label="id" />
          </span>
        }
        actions={
          <>
            {canVouch && (
              <Button onClick={() => setVouching(waiting)}>
                <HeartHandshake aria-hidden />
                Vouch
              </Button>
            )}
            {!person.isRegistered && !person.isServiceAccount && organisation && (
              <ResendCode orgId={organisation.id} username={person.username} />
            )}
            {person.userId !== me && (
              <StandingActs
                identity={{ userId: person.userId, name, isServiceAccount: person.isServiceAccount }}
                isActive={person.isActive}
              />
            )}
          </>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        {!person.isRegistered && !person.isServiceAccount && (
          <Notice tone="pending" title="Has not registered yet">
            They got a code by e-mail. With it they make a passkey at /console/register.
          </Notice>
        )}
        {waiting && (
          <Notice tone="pending" title="Not vouched for yet">
            They can sign in and read, and sign nothing, until somebody who may assign roles has compared the
            fingerprint of their passkey with them, in person or by telephone, and vouches for it.
          </Notice>
        )}
        <Section title="Roles" flush>
          <ul className="divide-y">
            {person.permissionAssignments.length === 0 && (
              <li className="p-4 text-muted">None, so they may do nothing. Give one under Roles.</li>
            )}
            {person.permissionAssignments.map((held) => (
              <li key={held.assignmentId}>
                <Link
                  href={`/console/roles/${held.permissionId}`}
                  prefetch={false}
                  className="flex min-h-10 items-center px-4 font-medium hover:bg-hover"
                >
                  {held.permissionName}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
        {(mayReview || person.userId === me) && <EffectiveAccessSection identityId={person.userId} />}
        {!person.isServiceAccount && person.isRegistered && (mayReadApprovals || person.userId === me) && (
          <SeatDelegations userId={userId} />
        )}
        {!person.isServiceAccount && person.isRegistered && <PersonKeys userId={userId} />}
        {person.isServiceAccount && <ServiceAccountTokens userId={person.userId} />}
        <Section title="Identity">
          <FactsList
            rows={[
              fact('User name', person.username),
              fact('Kind', person.kind),
              fact('Id', <Copyable value={person.userId} label="id" />),
            ]}
          />
        </Section>
      </div>
      {vouching && <VouchDialog person={person} credential={vouching} open onOpenChange={() => setVouching(null)} />}
    </article>
  );
};
