import { z } from 'zod';

type Schema = { readonly [key: string]: unknown };

/** Texts that satisfy what the contract asks of strings; the first that the whole schema takes is used. */
const TEXTS = [
  'sample',
  '1',
  '0x00000000000000000000000000000000000000bb',
  'a@wallets.test',
  '2030-01-01T00:00:00.000Z',
];

const textFor = (schema: Schema): string => {
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern) : null;
  const { minLength = 0 } = schema as { minLength?: number };
  const fits = [...TEXTS, 'ab'.repeat(32), `0x${'ab'.repeat(32)}`].find(
    (text) => text.length >= minLength && (!pattern || pattern.test(text)),
  );
  return fits ?? 'x'.repeat(minLength);
};

const sample = (schema: Schema): unknown => {
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return sample(choices[0] as Schema);
  switch (schema.type) {
    case 'object': {
      const properties = (schema.properties ?? {}) as { readonly [name: string]: Schema };
      const required = (schema.required ?? []) as readonly string[];
      return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]));
    }
    case 'array':
      return Array.from({ length: (schema.minItems as number | undefined) ?? 0 }, () => sample(schema.items as Schema));
    case 'integer':
    case 'number':
      return (schema.minimum as number | undefined) ?? 1;
    case 'boolean':
      return true;
    default:
      return textFor(schema);
  }
};

/** The smallest body an operation's schema takes, made from the schema itself, or null where it can't be guessed. */
export const sampleBody = (schema: z.ZodType | undefined): object | null => {
  if (!schema) return {};
  const made = sample(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Schema);
  return typeof made === 'object' && made !== null && schema.safeParse(made).success ? made : null;
};
