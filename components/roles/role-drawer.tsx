'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useController } from 'react-hook-form';
import { z } from 'zod';
import { ChangedMeanwhile } from '@/components/frame/changed-meanwhile';
import { FormProblem } from '@/components/frame/form-problem';
import { JsonDiff } from '@/components/policies/json-diff';
import { Button } from '@/components/ui/button';
import { Drawer } from '@/components/ui/dialog';
import { Form, FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Section } from '@/components/ui/section';
import { toast } from '@/components/ui/toast';
import { useCreatePermission, useUpdatePermission } from '@/lib/client/permissions';
import type { Permission } from '@/lib/client/shapes';
import { typed } from '@/lib/client/typed';
import { createPermissionBody } from '@/lib/contract/permissions';
import { shownPermissionVersion } from '@/lib/verifying/versions';
import { OperationsPicker } from './operations-picker';

const roleForm = z.object({
  name: typed(createPermissionBody.shape.name, 'Give the role a name.'),
  operations: z.array(z.string()).min(1, 'Choose at least one operation.').pipe(createPermissionBody.shape.operations),
});

const inputOf = (role: Permission | undefined) => ({
  name: role?.name ?? '',
  operations: [...(role?.operations ?? [])],
});
const shownOf = (role: Permission) => ({ name: role.name, operations: [...role.operations].sort() });

/** Makes or changes a role; changes the version that was there when it was opened, and no later one. */
export const RoleDrawer = ({
  open,
  onOpenChange,
  role: now,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  role?: Permission;
}) => {
  const router = useRouter();
  const create = useCreatePermission();
  const update = useUpdatePermission();
  const [role, setRole] = useState(now);
  const mutation = role ? update : create;
  const form = useZodForm(roleForm, inputOf(role));
  const { field: chosen, fieldState } = useController({ control: form.control, name: 'operations' });
  const submit = (body: z.output<typeof roleForm>) => {
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
            form.reset();
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
          <Button type="submit" form={form.id} look="primary" busy={mutation.isPending}>
            <KeyRound aria-hidden />
            {role ? 'Save with passkey' : 'Create with passkey'}
          </Button>
        </>
      }
    >
      <Form form={form} className="space-y-4" onSubmit={submit}>
        {role && now && (
          <ChangedMeanwhile
            what="this role"
            opened={shownPermissionVersion(role)}
            now={shownPermissionVersion(now)}
            onReload={() => {
              setRole(now);
              form.reset(inputOf(now));
              mutation.reset();
            }}
          >
            <JsonDiff before={shownOf(role)} after={shownOf(now)} />
          </ChangedMeanwhile>
        )}
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} maxLength={100} placeholder="Treasury approver" />}
        </FormField>
        {fieldState.error && (
          <p role="alert" className="text-bad">
            {fieldState.error.message}
          </p>
        )}
        <OperationsPicker chosen={chosen.value} onChange={chosen.onChange} />
        {role && (
          <Section title="What differs">
            <JsonDiff
              before={shownOf(role)}
              after={{ name: form.watch('name').trim(), operations: [...chosen.value].sort() }}
            />
          </Section>
        )}
        <FormProblem form={form} error={mutation.error} />
      </Form>
    </Drawer>
  );
};
