'use client';

import { z } from 'zod';
import { typed } from '@/lib/client/typed';
import { Button } from './button';
import { Dialog } from './dialog';
import { Form, FormField, useZodForm } from './form';
import { Input } from './input';

const viewForm = z.object({ name: typed(z.string().min(1).max(60), 'Give the view a name.') });

/** Asks for the name of a view. */
export const SaveViewDialog = ({ onClose, onSave }: { onClose: () => void; onSave: (name: string) => void }) => {
  const form = useZodForm(viewForm, { name: '' });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Save this view"
      description="Tab, filters and order as they are now."
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" form={form.id} look="primary">
            Save view
          </Button>
        </>
      }
    >
      <Form form={form} onSubmit={({ name }) => onSave(name)}>
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} maxLength={60} />}
        </FormField>
      </Form>
    </Dialog>
  );
};
