'use client';

import { useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';
import { Input } from './input';

/** Asks for the name of a view. */
export const SaveViewDialog = ({ onClose, onSave }: { onClose: () => void; onSave: (name: string) => void }) => {
  const [title, setTitle] = useState('');
  const name = title.trim();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Save this view"
      description="Tab, filters and order as they are now."
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button look="primary" disabled={name === ''} onClick={() => onSave(name)}>
            Save view
          </Button>
        </>
      }
    >
      <Field label="Name">
        <Input
          value={title}
          maxLength={60}
          onChange={(event) => setTitle(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && name !== '' && onSave(name)}
        />
      </Field>
    </Dialog>
  );
};
