'use client';

import { Archive, ArchiveRestore, Pencil } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { StatusBadge } from '@/components/activities/status-badge';
import { ChangeFacts } from '@/components/approvals/change-facts';
import { PaneHeader } from '@/components/frame/pane-header';
import { Problem } from '@/components/frame/problem';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { DetailSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { usePermission } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import { ArchiveRole } from './archive-role';
import { Assignments } from './assignments';
import { RoleDrawer } from './role-drawer';
import { RoleRules } from './role-rules';

export const RoleDetail = ({ permissionId }: { permissionId: string }) => {
  const { data: role, error, refetch } = usePermission(permissionId);
  const mayUpdate = useMay('Permissions:Update');
  const mayArchive = useMay('Permissions:Archive');
  const [dialog, setDialog] = useState<'edit' | 'archive' | null>(null);
  if (error && !role) return <Problem error={error} what="this role" onRetry={() => void refetch()} />;
  if (!role) return <DetailSkeleton />;
  const pending = role.pendingChangeRequest;
  const isOpen = !role.isImmutable && !pending;
  const Icon = role.isArchived ? ArchiveRestore : Archive;
  return (
    <article>
      <PaneHeader
        backHref="/console/roles"
        backLabel="Roles"
        title={role.name}
        meta={
          <span className="flex flex-wrap items-center gap-2 text-muted">
            {role.isImmutable ? (
              <Badge>Managed</Badge>
            ) : (
              <StatusBadge status={role.isArchived ? 'Archived' : 'Active'} />
            )}
            <Copyable value={role.id} label="id" />
            <span>
              changed <Time at={role.dateUpdated} />
            </span>
          </span>
        }
        actions={
          <>
            {isOpen && mayUpdate && !role.isArchived && (
              <Button onClick={() => setDialog('edit')}>
                <Pencil aria-hidden />
                Edit
              </Button>
            )}
            {isOpen && mayArchive && (
              <Button look={role.isArchived ? 'secondary' : 'dangerQuiet'} onClick={() => setDialog('archive')}>
                <Icon aria-hidden />
                {role.isArchived ? 'Restore' : 'Archive'}
              </Button>
            )}
          </>
        }
      />
      <div className="space-y-4 p-4 sm:p-6">
        {pending && (
          <>
            <Notice
              tone="pending"
              title="A change waits for approval"
              action={
                pending.approvalId && (
                  <Button asChild size="sm">
                    <Link href={`/console/approvals/${pending.approvalId}`}>Open approval</Link>
                  </Button>
                )
              }
            >
              Until it is decided the role stays as below.
            </Notice>
            <Section title="The change">
              <ChangeFacts change={pending} />
            </Section>
          </>
        )}
        <Assignments role={role} />
        <RoleRules role={role} />
        <Section title="Operations">
          {role.isImmutable && role.operations.length === 0 ? (
            <p className="text-muted">Every operation, also those still to come.</p>
          ) : (
            <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
              {[...role.operations].sort().map((operation) => (
                <li key={operation} className="break-words">
                  {operation}
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
      {dialog === 'edit' && <RoleDrawer open onOpenChange={(open) => !open && setDialog(null)} role={role} />}
      <ArchiveRole
        role={role}
        open={dialog === 'archive'}
        onOpenChange={(open) => setDialog(open ? 'archive' : null)}
      />
    </article>
  );
};
