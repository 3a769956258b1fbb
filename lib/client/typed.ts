import { z } from 'zod';

/**
 * What somebody types into a field, read by the contract's own schema of it, so that console and API agree.
 * @param sentence What to tell people whatever the schema finds wrong; a schema's words are for programs.
 * @param read Makes the schema's input of the trimmed text.
 */
export const typed = <S extends z.ZodType, V = string>(
  schema: S,
  sentence: string | ((value: string | V) => string),
  read?: (text: string) => V,
) =>
  z.string().transform((text, context): z.output<S> => {
    const value = read ? read(text.trim()) : text.trim();
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: typeof sentence === 'string' ? sentence : sentence(value) });
    return z.NEVER;
  });

/** The number somebody wrote; null for an empty field, NaN for anything else than digits. */
export const readNumber = (text: string): number | null =>
  text === '' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN;

/** The words of a text between spaces and commas, each once. */
export const readWords = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];
