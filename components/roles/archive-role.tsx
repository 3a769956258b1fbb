'use client';

import { KeyRound } from 'lucide-react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { toast } from '@/components/ui/toast';
import { useArchivePermission } from '@/lib/client/permissions';
import type { Permission } from '@/lib/client/shapes';
import { shownPermissionVersion } from '@/lib/verifying/versions';

/** Archives a role, or restores it. */
export const ArchiveRole = ({
  role,
  open,
  onOpenChange,
}: {
  role: Permission;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) => {
  const archive = useArchivePermission();
  const isArchived = !role.isArchived;
  const verb = isArchived ? 'Archive' : 'Restore';
  const submit = () =>
    archive.mutate(
      { params: { permissionId: role.id }, body: { isArchived }, context: { replaces: shownPermissionVersion(role) } },
      {
        onSuccess: (answer) => {
          onOpenChange(false);
          if (answer.kind === 'waits') toast.note('Waiting for approval', `${verb} “${role.name}” is governed.`);
          else toast.done(`${isArchived ? 'Archived' : 'Restored'} “${role.name}”`);
        },
      },
    );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        archive.reset();
        onOpenChange(next);
      }}
      title={`${verb} “${role.name}”?`}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Leave it</Button>
          <Button look={isArchived ? 'danger' : 'primary'} busy={archive.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {verb} with passkey
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <p>
          {isArchived
            ? 'From the next request on it allows nothing, to anybody who holds it. Its name stays taken.'
            : 'It allows again what it holds, to everybody who still has it.'}
        </p>
        <SigningProblem error={archive.error} />
      </div>
    </Dialog>
  );
};
