'use client';

import { z } from 'zod';
import { FormDialog } from '@/components/frame/form-dialog';
import { FormField, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toast';
import type { Key } from '@/lib/client/shapes';
import { useUpdateKey } from '@/lib/client/signing-keys';
import { typed } from '@/lib/client/typed';
import { updateKeyBody } from '@/lib/contract/keys';

const nameForm = z.object({
  name: typed(updateKeyBody.shape.name, 'A name has at most 100 characters.', (text) => text || null),
});

/** The name of a key; an empty one takes it away. */
export const RenameKey = ({ signingKey, onClose }: { signingKey: Key; onClose: () => void }) => {
  const form = useZodForm(nameForm, { name: signingKey.name ?? '' });
  const update = useUpdateKey();
  return (
    <FormDialog
      form={form}
      sending={update}
      title="Rename key"
      leave="Leave it"
      sign="Rename with passkey"
      isSignable={form.watch('name').trim() !== (signingKey.name ?? '')}
      onClose={onClose}
      onSubmit={(body) =>
        update.mutate(
          { params: { keyId: signingKey.id }, body },
          {
            onSuccess: () => {
              toast.done('Renamed');
              onClose();
            },
          },
        )
      }
    >
      <FormField
        form={form}
        name="name"
        label="Name"
        hint="Shown in lists and approvals. The key itself does not change."
      >
        {(control) => <Input {...control} maxLength={100} />}
      </FormField>
    </FormDialog>
  );
};
