'use client';

import { CircleAlert } from 'lucide-react';
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }>;
};

/** Label, control, then either what is wrong or what to know. */
export const Field = ({ label, hint, error, optional, children }: FieldProps) => {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="flex items-baseline gap-1.5 font-medium text-sm">
        {label}
        {optional && <span className="font-normal text-faint text-xs">optional</span>}
      </label>
      {cloneElement(children, {
        id,
        ...((error || hint) && { 'aria-describedby': noteId }),
        ...(error && { 'aria-invalid': true }),
      })}
      {error ? (
        <p id={noteId} role="alert" className="flex items-start gap-1 text-bad text-xs">
          <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </p>
      ) : (
        hint && (
          <p id={noteId} className="text-muted text-xs">
            {hint}
          </p>
        )
      )}
    </div>
  );
};
