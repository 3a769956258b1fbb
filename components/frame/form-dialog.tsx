'use client';

import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FieldValues } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Form, type FormOf } from '@/components/ui/form';
import { FormProblem } from './form-problem';

type FormDialogProps<I extends FieldValues, O> = {
  form: FormOf<I, O>;
  /** What sends the form, as the mutation tells how it goes. */
  sending: { readonly isPending: boolean; readonly error: Error | null };
  title: string;
  description?: string;
  /** Words of the two buttons: the one that leaves everything as it is, and the one that signs. */
  leave?: string;
  sign?: string;
  isSignable?: boolean;
  onClose: () => void;
  onSubmit: (input: O) => void;
  children: ReactNode;
};

/** A dialog around one form that a passkey signs; open for as long as it is mounted. */
export const FormDialog = <I extends FieldValues, O>({
  form,
  sending,
  title,
  description,
  leave = 'Leave them',
  sign = 'Save with passkey',
  isSignable = true,
  onClose,
  onSubmit,
  children,
}: FormDialogProps<I, O>) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    title={title}
    {...(description !== undefined && { description })}
    footer={
      <>
        <Button onClick={onClose}>{leave}</Button>
        <Button type="submit" form={form.id} look="primary" busy={sending.isPending} disabled={!isSignable}>
          <KeyRound aria-hidden />
          {sign}
        </Button>
      </>
    }
  >
    <Form form={form} className="space-y-4" onSubmit={onSubmit}>
      {children}
      <FormProblem form={form} error={sending.error} />
    </Form>
  </Dialog>
);
