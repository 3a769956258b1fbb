'use client';

import { Bot, CircleCheck, CircleDashed, Hourglass, User as UserIcon, UserPlus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useSelectedLayoutSegment } from 'next/navigation';
import { EnrolmentWarning } from '@/components/frame/enrolment-warning';
import { ListBody } from '@/components/frame/list-body';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { onDemand } from '@/components/ui/on-demand';
import { PageHeader } from '@/components/ui/page-header';
import type { Column } from '@/components/ui/table-types';
import { useUrlFlag } from '@/components/ui/url-state';
import { usePeople, useServiceAccounts } from '@/lib/client/people';
import { useMay } from '@/lib/client/session';
import type { User } from '@/lib/client/shapes';

const CreateServiceAccount = onDemand(
  dynamic(() => import('./create-service-account').then((module) => module.CreateServiceAccount), { ssr: false }),
);
const InviteDialog = onDemand(
  dynamic(() => import('./invite-dialog').then((module) => module.InviteDialog), { ssr: false }),
);

type Identity = Omit<User, 'isSSORequired'>;

const standing = (row: Identity): string => (!row.isActive ? 'Deactivated' : row.isRegistered ? 'Active' : 'Invited');

export const StandingBadge = ({ identity }: { identity: Identity }) => {
  const word = standing(identity);
  if (word === 'Active')
    return (
      <Badge tone="good" icon={CircleCheck}>
        Active
      </Badge>
    );
  if (word === 'Invited')
    return (
      <Badge tone="pending" icon={Hourglass}>
        Invited
      </Badge>
    );
  return <Badge icon={CircleDashed}>Deactivated</Badge>;
};

const rolesOf = (row: Identity): string => row.permissionAssignments.map((held) => held.permissionName).join(', ');

const COLUMNS: readonly Column<Identity>[] = [
  {
    id: 'name',
    header: 'Person or service account',
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        {row.isServiceAccount ? (
          <Bot aria-label="service account" className="size-4 text-faint" />
        ) : (
          <UserIcon aria-hidden className="size-4 text-faint" />
        )}
        {row.isServiceAccount ? row.name || row.username : row.username}
      </span>
    ),
    text: (row) => row.username || row.name,
  },
  {
    id: 'roles',
    header: 'Roles',
    optional: true,
    cell: (row) => rolesOf(row) || <span className="text-faint">none: may do nothing</span>,
    text: rolesOf,
  },
  { id: 'status', header: 'Status', width: 'w-32', cell: (row) => <StandingBadge identity={row} />, text: standing },
];

/** Everybody who can ask or decide: people and service accounts. */
export const PeopleList = () => {
  const [isInviting, setInviting] = useUrlFlag('new');
  const [isCreating, setCreating] = useUrlFlag('account');
  const { query, table } = usePeople();
  const mayReadAccounts = useMay('Auth:ServiceAccounts:Read');
  const accounts = useServiceAccounts({ enabled: mayReadAccounts });
  const selected = useSelectedLayoutSegment() ?? undefined;
  const mayInvite = useMay('Auth:Users:Create');
  const mayCreateAccount = useMay('Auth:ServiceAccounts:Create');
  const rows: readonly Identity[] = [...table.rows, ...(accounts.data?.items ?? []).map((account) => account.userInfo)];
  const invite = mayInvite && (
    <Button look="primary" onClick={() => setInviting(true)}>
      <UserPlus aria-hidden />
      Invite person
    </Button>
  );
  return (
    <>
      <PageHeader
        title="People"
        actions={
          <>
            {mayCreateAccount && (
              <Button aria-label="Create service account" onClick={() => setCreating(true)}>
                <Bot aria-hidden />
                <span className="beside:hidden max-sm:hidden">Create service account</span>
              </Button>
            )}
            {invite}
          </>
        }
      />
      <EnrolmentWarning className="m-3" />
      <ListBody query={query} what="the people">
        <DataTable
          name="people"
          data={{
            ...table,
            rows,
            fetchAll: async () => [
              ...(await table.fetchAll()),
              ...(accounts.data?.items ?? []).map((account) => account.userInfo),
            ],
          }}
          columns={COLUMNS}
          rowKey={(row) => row.userId}
          rowHref={(row) => `/console/people/${row.userId}`}
          selectedKey={selected}
          empty={
            <EmptyState icon={UserPlus} title="Nobody here yet" actions={invite}>
              Invite the people who will approve. One person alone should not be able to move money.
            </EmptyState>
          }
        />
      </ListBody>
      <InviteDialog open={isInviting} onOpenChange={setInviting} />
      <CreateServiceAccount open={isCreating} onOpenChange={setCreating} />
    </>
  );
};
