'use client';

import { LogOut } from 'lucide-react';
import { Problem } from '@/components/frame/problem';
import { SeatDelegations } from '@/components/people/seat-delegations';
import { Button } from '@/components/ui/button';
import { CharacterKeysSwitch } from '@/components/ui/character-keys';
import { Copyable } from '@/components/ui/copyable';
import { FactsList, fact } from '@/components/ui/facts-list';
import { PageHeader } from '@/components/ui/page-header';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { useOrganisation } from '@/lib/client/organisation';
import { useSession } from '@/lib/client/session';
import { signOutHere } from '@/lib/client/sign-out';
import { Enrolment } from './enrolment';
import { Networks } from './networks';
import { Notifications } from './notifications';
import { OrgSettings } from './org-settings';
import { Passkeys } from './passkeys';
import { PersonalTokens } from './personal-tokens';
import { Reminders } from './reminders';
import { Sessions } from './sessions';

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
          fact('Passkeys for', data.rpId),
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
        <Sessions />
        {user && <SeatDelegations userId={user.userId} />}
        <PersonalTokens />
        <Section title="You">
          <FactsList
            rows={[
              fact('User name', user?.username),
              fact('Roles', user?.permissionAssignments.map((held) => held.permissionName).join(', ') || 'none'),
              fact('Id', user ? <Copyable value={user.userId} label="id" /> : null),
            ]}
          />
        </Section>
        <Notifications />
        <Section title="Keyboard">
          <CharacterKeysSwitch />
        </Section>
        <Enrolment />
        <OrgSettings />
        <Reminders />
        <OrganisationFacts />
        <Networks />
      </div>
    </div>
  );
};
