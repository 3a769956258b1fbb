'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { SigningProblem } from '@/components/frame/signing-problem';
import { JsonDiff } from '@/components/policies/json-diff';
import { Button } from '@/components/ui/button';
import { Drawer } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useCreatePermission, useUpdatePermission } from '@/lib/client/permissions';
import type { Permission } from '@/lib/client/shapes';
import { shownPermissionVersion } from '@/lib/verifying/versions';
import { OperationsPicker } from './operations-picker';

/** Makes or changes a role. */
export const RoleDrawer = ({
  open,
  onOpenChange,
  role,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  role?: Permission;
}) => {
  const router = useRouter();
  const create = useCreatePermission();
  const update = useUpdatePermission();
  const mutation = role ? update : create;
  const [name, setName] = useState(role?.name ?? '');
  const [operations, setOperations] = useState<readonly string[]>(role?.operations ?? []);
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!name.trim() || operations.length === 0) return;
    const body = { name: name.trim(), operations };
    if (role)
      update.mutate(
        { params: { permissionId: role.id }, body, context: { replaces: shownPermissionVersion(role) } },
        {
          onSuccess: (answer) => {
            onOpenChange(false);
            if (answer.kind === 'waits')
              toast.note('Waiting for approval', `The change of “${role.name}” is governed.`);
            else toast.done(`Changed “${body.name}”`);
          },
        },
      );
    else
      create.mutate(
        { body },
        {
          onSuccess: (answer) => {
            toast.done(`Created “${body.name}”`, 'Give it to people to take effect.');
            setName('');
            setOperations([]);
            setTried(false);
            if (answer.kind === 'done') router.replace(`/console/roles/${answer.result.id}`);
          },
        },
      );
  };
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => {
        mutation.reset();
        onOpenChange(next);
      }}
      title={role ? `Edit “${role.name}”` : 'Create role'}
      description="A role allows; it never asks. Approvals come from policies."
      wide
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button look="primary" busy={mutation.isPending} onClick={submit}>
            <KeyRound aria-hidden />
            {role ? 'Save with passkey' : 'Create with passkey'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Field label="Name" error={tried && !name.trim() ? 'Give the role a name.' : undefined}>
          <Input
            value={name}
            maxLength={100}
            placeholder="Treasury approver"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {tried && operations.length === 0 && (
          <p role="alert" className="text-bad">
            Choose at least one operation.
          </p>
        )}
        <OperationsPicker chosen={operations} onChange={setOperations} />
        {role && (
          <Section title="What differs">
            <JsonDiff
              before={{ name: role.name, operations: [...role.operations].sort() }}
              after={{ name: name.trim(), operations: [...operations].sort() }}
            />
          </Section>
        )}
        <SigningProblem error={mutation.error} />
      </div>
    </Drawer>
  );
};
