'use client';

import { KeyRound, LogOut, Plus } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { StatusBadge } from '@/components/activities/status-badge';
import { Problem } from '@/components/frame/problem';
import { CountsBadge } from '@/components/people/person-keys';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Section } from '@/components/ui/section';
import { DetailSkeleton, Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { useCredentials } from '@/lib/client/credentials';
import { pemFingerprint } from '@/lib/client/fingerprint';
import { useOrganisation } from '@/lib/client/organisation';
import { usePersonCredentials } from '@/lib/client/people';
import { useSession } from '@/lib/client/session';
import { signOutHere } from '@/lib/client/sign-in';
import { AddPasskey } from './add-passkey';
import { Enrolment } from './enrolment';

const Passkeys = () => {
  const { data, error, isPending, refetch } = useCredentials();
  const router = useRouter();
  const pathname = usePathname();
  const adding = useSearchParams().has('passkey');
  const setAdding = (open: boolean) => router.replace(open ? `${pathname}?passkey=1` : pathname, { scroll: false });
  const known = usePersonCredentials(useSession().data?.userId).data?.items;
  const active = data?.items.filter((one) => one.isActive) ?? [];
  return (
    <Section
      title="Your passkeys"
      flush
      aside={
        <Button size="sm" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add passkey
        </Button>
      }
    >
      {data && active.length === 1 && (
        <Notice tone="pending" title="You have only one passkey" className="m-3">
          If this device is lost you are locked out. Add a second one on another device or a security key.
        </Notice>
      )}
      {error && !data ? (
        <Problem error={error} what="your passkeys" onRetry={() => void refetch()} />
      ) : isPending ? (
        <div className="space-y-3 p-4">
          <Skeleton className="h-4 w-64" />
        </div>
      ) : (
        <ul className="divide-y">
          {data?.items.map((one) => {
            const fingerprint = one.publicKey.startsWith('SHA256:') ? one.publicKey : pemFingerprint(one.publicKey);
            const counts = known?.find((key) => key.uuid === one.credentialUuid)?.introduced;
            return (
              <li key={one.credentialUuid} className="space-y-1 px-4 py-3">
                <div className="flex flex-wrap items-center gap-2">
                  <KeyRound aria-hidden className="size-4 text-faint" />
                  <span className="font-medium">{one.name}</span>
                  <Badge>{one.kind === 'Fido2' ? 'Passkey' : one.kind}</Badge>
                  {one.isActive && counts !== undefined ? (
                    <CountsBadge introduced={counts} />
                  ) : (
                    <StatusBadge status={one.isActive ? 'Active' : 'Inactive'} />
                  )}
                  <Time at={one.dateCreated} className="ml-auto text-faint text-xs" />
                </div>
                {fingerprint && (
                  <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
                    Fingerprint <Copyable value={fingerprint} label="fingerprint" full />
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <AddPasskey open={adding} onOpenChange={setAdding} />
    </Section>
  );
};

const OrganisationFacts = () => {
  const { data, error, refetch } = useOrganisation();
  if (error && !data) return <Problem error={error} what="the organisation" onRetry={() => void refetch()} />;
  if (!data) return <DetailSkeleton />;
  return (
    <Section title="Organisation">
      <FactsList
        rows={[
          fact('Name', data.name),
          fact(
            'Genesis',
            <span className="space-y-1">
              <span className="block font-mono">{data.fingerprint}</span>
              <span className="block text-muted text-xs">
                Compare this with what each signer prints at its start. Every signature of yours names it, so a server
                that shows another organisation under this name gets none.
              </span>
            </span>,
          ),
          fact('Genesis hash', <Copyable value={data.genesis} label="genesis hash" />),
          fact(
            'State',
            data.confirmed
              ? 'signed by the first administrator'
              : 'not yet signed: the signers refuse everything until the first administrator signs something',
          ),
          fact(
            'Enrolment',
            data.enrolment === 'vouched'
              ? 'vouched: a new passkey counts once somebody vouches for it'
              : 'server: a registration code is enough, so a compromised server could impersonate people who have not registered yet',
          ),
          fact('Signers', `${data.threshold} of ${data.signers} sign together`),
          fact('Profile', `${data.profile}, ${data.mainnet ? 'mainnets (experimental)' : 'testnets only'}, unaudited`),
          fact('Strict', data.strict ? 'yes' : 'no'),
          fact('Passkeys for', data.rpId),
          fact('Origins', data.origins.join(', ')),
          fact('Id', <Copyable value={data.id} label="organisation id" />),
        ]}
      />
    </Section>
  );
};

export const SettingsPage = () => {
  const user = useSession().data?.user;
  return (
    <div className="thin-scroll h-full overflow-y-auto">
      <PageHeader
        title="Settings"
        actions={
          <Button onClick={() => void signOutHere()}>
            <LogOut aria-hidden />
            Sign out
          </Button>
        }
      />
      <div className="max-w-3xl space-y-4 p-4 sm:p-6">
        <Passkeys />
        <Section title="You">
          <FactsList
            rows={[
              fact('User name', user?.username),
              fact('Roles', user?.permissionAssignments.map((held) => held.permissionName).join(', ') || 'none'),
              fact('Id', user ? <Copyable value={user.userId} label="id" /> : null),
            ]}
          />
        </Section>
        <Enrolment />
        <OrganisationFacts />
      </div>
    </div>
  );
};
