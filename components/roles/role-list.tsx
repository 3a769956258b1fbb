'use client';

import { Hourglass, Lock, Plus, ShieldCheck, UserSearch } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useSelectedLayoutSegment } from 'next/navigation';
import { StatusBadge } from '@/components/activities/status-badge';
import { ListBody } from '@/components/frame/list-body';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { onDemand } from '@/components/ui/on-demand';
import { PageHeader } from '@/components/ui/page-header';
import type { Column } from '@/components/ui/table-types';
import { Time } from '@/components/ui/time';
import { useUrlFlag, useUrlState } from '@/components/ui/url-state';
import { ViewTabs } from '@/components/ui/view-tabs';
import { usePermissions } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import type { Permission } from '@/lib/client/shapes';
import { AccessReview } from './access-review';
import { OperationMatrix } from './operation-matrix';
import { WhoCan } from './who-can';

const RoleDrawer = onDemand(dynamic(() => import('./role-drawer').then((module) => module.RoleDrawer), { ssr: false }));

/** A full administrator holds every operation, also those still to come. */
const count = (role: Permission): string =>
  role.isImmutable && role.operations.length === 0 ? 'all' : String(role.operations.length);

const COLUMNS: readonly Column<Permission>[] = [
  { id: 'name', header: 'Role', cell: (row) => row.name, text: (row) => row.name },
  {
    id: 'operations',
    header: 'Operations',
    width: 'w-28',
    align: 'right',
    optional: true,
    cell: count,
    text: count,
    order: (row) => row.operations.length,
  },
  {
    id: 'status',
    header: 'Status',
    width: 'w-36',
    cell: (row) =>
      row.pendingChangeRequest ? (
        <Badge tone="pending" icon={Hourglass}>
          Change pending
        </Badge>
      ) : row.isArchived ? (
        <StatusBadge status="Archived" />
      ) : row.isImmutable ? (
        <Badge icon={Lock}>Managed</Badge>
      ) : (
        <StatusBadge status="Active" />
      ),
    text: (row) => (row.isArchived ? 'Archived' : row.isImmutable ? 'Managed' : 'Active'),
  },
  {
    id: 'changed',
    header: 'Changed',
    width: 'w-24',
    align: 'right',
    optional: true,
    cell: (row) => <Time at={row.dateUpdated} className="text-muted" />,
    text: (row) => row.dateUpdated,
  },
];

export const RoleList = () => {
  const [isCreating, setCreating] = useUrlFlag('new');
  const [isAsking, setAsking] = useUrlFlag('who');
  const { query, table } = usePermissions();
  const selected = useSelectedLayoutSegment() ?? undefined;
  const mayCreate = useMay('Permissions:Create');
  const mayAsk = useMay('Permissions:Assignments:Read');
  const [view, setView] = useUrlState('view', 'list');
  const create = mayCreate && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      Create role
    </Button>
  );
  const ask = mayAsk && (
    <Button onClick={() => setAsking(true)}>
      <UserSearch aria-hidden />
      <span className="beside:sr-only">Who can …</span>
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Roles"
        actions={
          <>
            {mayAsk && <AccessReview />}
            {ask}
            {create}
          </>
        }
      />
      {!selected && (
        <ViewTabs
          label="Roles"
          tabs={[
            { value: 'list', label: 'Roles' },
            { value: 'matrix', label: 'Operation matrix' },
          ]}
          value={view === 'matrix' ? 'matrix' : 'list'}
          onChange={setView}
          panelId="roles"
        />
      )}
      <div id="roles" className="flex min-h-0 flex-1 flex-col">
        {!selected && view === 'matrix' ? (
          <OperationMatrix />
        ) : (
          <ListBody query={query} what="the roles">
            <DataTable
              name="roles"
              data={table}
              columns={COLUMNS}
              rowKey={(row) => row.id}
              rowHref={(row) => `/console/roles/${row.id}`}
              selectedKey={selected}
              empty={
                <EmptyState icon={ShieldCheck} title="No roles yet" actions={create}>
                  A role is a named set of operations, called a permission in the API. People can do what their roles
                  hold and nothing else; policies then decide whether others must agree.
                </EmptyState>
              }
            />
          </ListBody>
        )}
      </div>
      <WhoCan open={isAsking} onOpenChange={setAsking} />
      <RoleDrawer open={isCreating} onOpenChange={setCreating} />
    </>
  );
};
