'use client';

import { Hourglass, KeyRound, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { Controller } from 'react-hook-form';
import { z } from 'zod';
import { FormProblem } from '@/components/frame/form-problem';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Person } from '@/components/people/person';
import { useNames } from '@/components/people/use-names';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, useZodForm } from '@/components/ui/form';
import { Section } from '@/components/ui/section';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { toast } from '@/components/ui/toast';
import { useAssign, useAssignments, useRevoke } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import type { Assignment, Permission } from '@/lib/client/shapes';
import { createAssignmentBody } from '@/lib/contract/permissions';
import { shownAssignmentVersion } from '@/lib/verifying/versions';

const assignForm = z.object({ identityId: createAssignmentBody.shape.identityId });

const AssignForm = ({ role, held }: { role: Permission; held: readonly string[] }) => {
  const names = useNames();
  const assign = useAssign();
  const form = useZodForm(assignForm, { identityId: '' });
  const options = [...names.entries()]
    .filter(([id]) => !held.includes(id))
    .map(([id, name]) => ({ value: id, label: name.label, ...(name.isServiceAccount && { note: 'service account' }) }));
  const submit = (body: z.output<typeof assignForm>) =>
    assign.mutate(
      { params: { permissionId: role.id }, body },
      {
        onSuccess: (answer) => {
          const who = names.get(body.identityId)?.label ?? body.identityId;
          if (answer.kind === 'waits') toast.note('Waiting for approval', `Giving ${who} “${role.name}” is governed.`);
          else toast.done(`Gave ${who} “${role.name}”`, 'It counts from the next request on.');
          // Somebody else may have been chosen meanwhile.
          if (form.getValues('identityId') === body.identityId) form.reset();
        },
      },
    );
  if (options.length === 0) return null;
  return (
    <Form form={form} className="space-y-2 border-t p-4" onSubmit={submit}>
      <div className="flex gap-2">
        <Controller
          control={form.control}
          name="identityId"
          render={({ field }) => (
            <Select
              {...field}
              aria-label="Person or service account"
              options={options}
              placeholder="Choose who gets it"
            />
          )}
        />
        <Button type="submit" busy={assign.isPending} disabled={form.watch('identityId') === ''}>
          <KeyRound aria-hidden />
          Give role
        </Button>
      </div>
      <FormProblem form={form} error={assign.error} />
    </Form>
  );
};

const RevokeDialog = ({
  role,
  assignment,
  onClose,
}: {
  role: Permission;
  assignment: Assignment;
  onClose: () => void;
}) => {
  const revoke = useRevoke();
  const submit = () =>
    revoke.mutate(
      {
        params: { permissionId: role.id, assignmentId: assignment.id },
        context: { replaces: shownAssignmentVersion(assignment) },
      },
      {
        onSuccess: (answer) => {
          onClose();
          if (answer.kind === 'waits') toast.note('Waiting for approval', 'Taking this role away is governed.');
          else toast.done(`Took “${role.name}” away`);
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Take “${role.name}” away?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="danger" busy={revoke.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            Take role with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          <Person userId={assignment.identityId} /> can no longer do what only this role allows. Approvals they gave and
          that need it stop counting.
        </p>
        <SigningProblem error={revoke.error} />
      </div>
    </Dialog>
  );
};

/** Who holds the role. */
export const Assignments = ({ role }: { role: Permission }) => {
  const mayRead = useMay('Permissions:Assignments:Read');
  const mayAssign = useMay('Permissions:Assign');
  const mayRevoke = useMay('Permissions:Revoke');
  const { query, table } = useAssignments(role.id);
  const [revoking, setRevoking] = useState<Assignment | null>(null);
  if (!mayRead)
    return (
      <Section title="Held by">
        <p className="text-muted">Seeing who holds it needs the permission Permissions:Assignments:Read.</p>
      </Section>
    );
  return (
    <Section title="Held by" flush>
      {query.error && !query.data ? (
        <p className="p-4 text-muted">{query.error.message}</p>
      ) : query.isPending ? (
        <div className="p-4">
          <Skeleton className="h-4 w-48" />
        </div>
      ) : (
        <ul className="divide-y">
          {table.rows.length === 0 && (
            <li className="p-4 text-muted">Nobody yet. A role allows nothing until somebody holds it.</li>
          )}
          {table.rows.map((row) => (
            <li key={row.id} className="flex min-h-10 items-center gap-3 px-4">
              <span className="min-w-0 flex-1 truncate">
                <Person userId={row.identityId} />
              </span>
              {row.pendingChangeRequest && (
                <Badge tone="pending" icon={Hourglass}>
                  Leaving pending
                </Badge>
              )}
              <Time at={row.dateCreated} className="text-faint text-xs" />
              {mayRevoke && !row.isImmutable && !row.pendingChangeRequest && (
                <Button look="quiet" size="icon" aria-label="Take role away" onClick={() => setRevoking(row)}>
                  <UserMinus aria-hidden />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {table.hasMore && (
        <div className="border-t p-3">
          <Button size="sm" busy={table.isFetchingMore} onClick={table.fetchMore}>
            Show more
          </Button>
        </div>
      )}
      {mayAssign && !role.isArchived && <AssignForm role={role} held={table.rows.map((row) => row.identityId)} />}
      {revoking && <RevokeDialog role={role} assignment={revoking} onClose={() => setRevoking(null)} />}
    </Section>
  );
};
