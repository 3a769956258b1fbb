'use client';

import { z } from 'zod';
import { CodeBlock } from '@/components/ui/code-block';
import { FormField, type FormOf } from '@/components/ui/form';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { pemFingerprint } from '@/lib/client/fingerprint';
import { usePermissions } from '@/lib/client/permissions';
import { useMay } from '@/lib/client/session';
import { readNumber, typed } from '@/lib/client/typed';
import { createServiceAccountBody } from '@/lib/contract/service-accounts';

const NONE = 'none';
const MAKE_KEY = 'openssl ecparam -genkey -name prime256v1 -noout -out service.key\nopenssl ec -in service.key -pubout';

const { name, publicKey, permissionId, daysValid } = createServiceAccountBody.shape;
const pem = publicKey.refine((text) => pemFingerprint(text) !== null);

/** What somebody types to make a token: its name, key, role and life. It reads as the request's body. */
export const tokenForm = z
  .object({
    name: typed(name, 'Give it the name of what will use it.'),
    publicKey: typed(pem, 'Paste a public key in PEM, from -----BEGIN PUBLIC KEY----- on.'),
    permissionId: typed(permissionId, 'Choose a role, or none.', (text) => (text === NONE ? undefined : text)),
    daysValid: typed(daysValid.unwrap(), 'From 1 to 730 days.', readNumber),
  })
  .transform(({ permissionId, ...body }) => ({ ...body, ...(permissionId !== undefined && { permissionId }) }));

export const EMPTY_TOKEN: z.input<typeof tokenForm> = { name: '', publicKey: '', permissionId: NONE, daysValid: '365' };

/** Fields of a token whose key is made where it is used; only the public half comes here. */
export const TokenFields = ({
  form,
  placeholder,
}: {
  form: FormOf<z.input<typeof tokenForm>, z.output<typeof tokenForm>>;
  placeholder: string;
}) => {
  const mayAssign = useMay('Permissions:Assign');
  const roles = usePermissions({ enabled: useMay('Permissions:Read') }).table.rows.filter((role) => !role.isArchived);
  const fingerprint = pemFingerprint(form.watch('publicKey').trim());
  return (
    <>
      <FormField form={form} name="name" label="Name">
        {(control) => <Input {...control} maxLength={100} placeholder={placeholder} />}
      </FormField>
      <FormField
        form={form}
        name="publicKey"
        label="Public key"
        hint={
          fingerprint ? (
            <span className="break-all font-mono">{fingerprint}</span>
          ) : (
            'PEM, made on the machine that will use it. The private key never leaves it.'
          )
        }
      >
        {(control) => <Textarea mono rows={5} {...control} />}
      </FormField>
      <CodeBlock text={MAKE_KEY} label="commands" />
      {mayAssign && (
        <FormField
          form={form}
          name="permissionId"
          label="Role"
          hint="Without one it may do nothing. Giving roles may itself need approval."
        >
          {(control) => (
            <Select
              {...control}
              options={[
                { value: NONE, label: 'None yet' },
                ...roles.map((role) => ({ value: role.id, label: role.name })),
              ]}
            />
          )}
        </FormField>
      )}
      <FormField form={form} name="daysValid" label="Valid for days">
        {(control) => <Input {...control} inputMode="numeric" />}
      </FormField>
    </>
  );
};
