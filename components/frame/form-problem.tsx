'use client';

import { useEffect } from 'react';
import type { FieldPath, FieldValues } from 'react-hook-form';
import type { FormOf } from '@/components/ui/form';
import { fieldErrorsOf } from '@/lib/client/client-error';
import { SigningProblem } from './signing-problem';

type FormProblemProps<I extends FieldValues, O> = { form: FormOf<I, O>; error: Error | null };

/** Why what the form sent was not accepted: at the fields that the server names, or here. */
export const FormProblem = <I extends FieldValues, O>({ form, error }: FormProblemProps<I, O>) => {
  const { getValues, setError } = form;
  const isField = (path: string): path is FieldPath<I> => path in getValues();
  const refused = fieldErrorsOf(error);
  const isAtFields = refused.length > 0 && refused.every(({ field }) => isField(field));
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once per answer, not per render
  useEffect(() => {
    if (!isAtFields) return;
    for (const [index, { field, message }] of refused.entries())
      if (isField(field)) setError(field, { type: 'server', message }, { shouldFocus: index === 0 });
  }, [error]);
  return isAtFields ? null : <SigningProblem error={error} />;
};
