'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type ComponentProps, type FocusEvent, useId } from 'react';
import {
  type ControllerRenderProps,
  type DefaultValues,
  type FieldPath,
  type FieldPathByValue,
  type FieldValues,
  type UseFormReturn,
  useController,
  useForm,
} from 'react-hook-form';
import type { z } from 'zod';
import { Checkbox } from './checkbox';
import { Field } from './field';
import { useUnsaved } from './unsaved';

/** What is typed, what of it is wrong, and the id by which a button outside of the form element sends it. */
export type FormOf<I extends FieldValues, O> = UseFormReturn<I, unknown, O> & { readonly id: string };

/**
 * A form whose input a schema reads. A field says what is wrong with it once it was left with something in it, and when the form is sent;
 * from then on with every key.
 * @param schema Composed from the contract's schemas; its messages are sentences for people.
 * @param defaults What stands in the fields at first and after `reset`.
 */
export const useZodForm = <I extends FieldValues, O>(
  schema: z.ZodType<O, I>,
  defaults: DefaultValues<I>,
): FormOf<I, O> => {
  const id = useId();
  const form = useForm<I, unknown, O>({ resolver: zodResolver(schema), defaultValues: defaults, mode: 'onTouched' });
  return { ...form, id };
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether both hold the same. A field that holds nothing is like one that is not there: a form makes such of what it shows. */
const isAlike = (one: unknown, other: unknown): boolean => {
  if (!isObject(one) || !isObject(other)) return Object.is(one, other);
  const [a, b] = [new Map<string, unknown>(Object.entries(one)), new Map<string, unknown>(Object.entries(other))];
  return [...new Set([...a.keys(), ...b.keys()])].every((name) => isAlike(a.get(name), b.get(name)));
};

type FormProps<I extends FieldValues, O> = Omit<ComponentProps<'form'>, 'form' | 'id' | 'onSubmit'> & {
  form: FormOf<I, O>;
  onSubmit: (input: O) => void;
};

/**
 * Enter sends it. Where something is wrong the focus goes to the first such field and nothing is sent. What was typed is not lost
 * without a question.
 */
export const Form = <I extends FieldValues, O>({ form, onSubmit, ...rest }: FormProps<I, O>) => {
  const { isDirty, defaultValues } = form.formState;
  useUnsaved(isDirty && !isAlike(form.getValues(), defaultValues), () => form.reset());
  return (
    <form
      {...rest}
      id={form.id}
      noValidate
      onSubmit={(event) => {
        // React lets events of a dialog reach the form that opened it.
        event.stopPropagation();
        void form.handleSubmit((input) => onSubmit(input))(event);
      }}
    />
  );
};

type Control<I extends FieldValues, N extends FieldPath<I>> = Omit<
  ControllerRenderProps<I, N>,
  'disabled' | 'onBlur'
> & {
  onBlur: (event: FocusEvent) => void;
};

type FormFieldProps<I extends FieldValues, O, N extends FieldPath<I>> = Omit<
  ComponentProps<typeof Field>,
  'children' | 'error'
> & {
  form: FormOf<I, O>;
  name: N;
  /** The control: an `Input`, `Textarea` or `Select` that takes all of it. */
  children: (control: Control<I, N>) => ComponentProps<typeof Field>['children'];
};

/** A field of the form: label, control, and what is wrong with what it holds. */
export const FormField = <I extends FieldValues, O, N extends FieldPath<I>>({
  form,
  name,
  children,
  ...rest
}: FormFieldProps<I, O, N>) => {
  const { field, fieldState } = useController({ control: form.control, name });
  const { disabled, onBlur, ...control } = field;
  /** Nothing may move under a pointer that is about to press a button, and an empty field is not wrong before the form is sent. */
  const leave = (event: FocusEvent) => {
    if (field.value && !(event.relatedTarget instanceof HTMLButtonElement)) onBlur();
  };
  return (
    <Field {...rest} error={fieldState.error?.message}>
      {children({ ...control, onBlur: leave })}
    </Field>
  );
};

type FormCheckboxProps<I extends FieldValues, O> = Omit<ComponentProps<typeof Checkbox>, 'checked' | 'onChange'> & {
  form: FormOf<I, O>;
  name: FieldPathByValue<I, boolean>;
};

/** A yes or no of the form. */
export const FormCheckbox = <I extends FieldValues, O>({ form, name, ...rest }: FormCheckboxProps<I, O>) => {
  const { field } = useController({ control: form.control, name });
  return <Checkbox {...rest} checked={field.value === true} onChange={field.onChange} />;
};
