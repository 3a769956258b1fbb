'use client';

import { CircleAlert } from 'lucide-react';
import { type FieldPath, useFormState } from 'react-hook-form';
import type { PolicyDefinition } from '@/lib/client/shapes';
import type { PolicyFormOf } from './policy-problems';

type ProblemAtProps = { form: PolicyFormOf; name: FieldPath<PolicyDefinition>; id?: string };

/** What is wrong with a part of the form that is more than one control: a list to tick, a number beside a name. */
export const ProblemAt = ({ form, name, id }: ProblemAtProps) => {
  const state = useFormState({ control: form.control, name });
  const message = form.getFieldState(name, state).error?.message;
  return (
    message !== undefined && (
      <p id={id} role="alert" className="flex items-start gap-1 text-bad text-xs">
        <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
        {message}
      </p>
    )
  );
};
