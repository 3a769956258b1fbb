'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';

/** A JSON schema as far as the reference reads it. */
export type Schema = {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly properties?: { readonly [name: string]: Schema } | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
};

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
  }),
);

const content = z.record(z.string(), z.object({ schema: schema.optional(), example: z.unknown().optional() }));
const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: schema.optional(),
});
type Parameter = z.infer<typeof parameter>;
const operation = z.object({
  operationId: z.string(),
  description: z.string().optional(),
  'x-built': z.boolean(),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.union([parameter, z.object({ $ref: z.literal('#/components/parameters/UserAction') })]))
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: content.optional() })),
});
const documentShape = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

/** One operation of the reference. */
export type ApiOperation = Omit<z.infer<typeof operation>, 'parameters'> & {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Whether a credential has to sign it. */
  readonly isSigned: boolean;
};

/** Named schemas of the document, by the references that stand for them. */
export type Schemas = { readonly [reference: string]: Schema };
/** A reference as what it stands for; anything else as it is. */
export const resolved = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref === undefined ? schema : (schemas[schema.$ref] ?? {});

type ApiReferenceDocument = { readonly operations: readonly ApiOperation[]; readonly schemas: Schemas };

/** The operations of this server's own OpenAPI document, those of this version first. */
export const useApiReference = () =>
  useQuery({
    queryKey: ['openapi'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<ApiReferenceDocument> => {
      const answer = await fetch('/openapi.json', { signal });
      if (!answer.ok) throw new Error(`The server answered ${answer.status} to GET /openapi.json.`);
      const { paths, components } = documentShape.parse(await answer.json());
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { parameters, ...one }]) => ({
          ...one,
          method: method.toUpperCase(),
          path,
          parameters: parameters.flatMap((parameter) => ('name' in parameter ? [parameter] : [])),
          isSigned: parameters.some((parameter) => '$ref' in parameter),
        })),
      );
      const named = Object.entries(components.schemas).map(([name, one]) => [`#/components/schemas/${name}`, one]);
      return { operations, schemas: Object.fromEntries(named) };
    },
  });
