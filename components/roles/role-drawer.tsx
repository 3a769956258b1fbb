'use client';

import { KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useController } from 'react-hook-form';
import { z } from 'zod';
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
  const form = useZodForm(roleForm, { name: role?.name ?? '', operations: [...(role?.operations ?? [])] });
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
              before={{ name: role.name, operations: [...role.operations].sort() }}
              after={{ name: form.watch('name').trim(), operations: [...chosen.value].sort() }}
            />
          </Section>
        )}
        <FormProblem form={form} error={mutation.error} />
      </Form>
    </Drawer>
  );
};
