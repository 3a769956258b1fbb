'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';

/** A JSON schema as far as the reference reads it. */
export type Schema = {
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
const operation = z.object({
  operationId: z.string(),
  description: z.string().optional(),
  'x-not-in-this-version': z.boolean().optional(),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: schema.optional() }))
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: content.optional() })),
});
const documentShape = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** One operation of the reference. */
export type ApiOperation = z.infer<typeof operation> & { readonly method: string; readonly path: string };

/** The operations of this server's own OpenAPI document, those of this version first. */
export const useApiReference = () =>
  useQuery({
    queryKey: ['openapi'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<readonly ApiOperation[]> => {
      const answer = await fetch('/openapi.json', { signal });
      if (!answer.ok) throw new Error(`The server answered ${answer.status} to GET /openapi.json.`);
      const { paths } = documentShape.parse(await answer.json());
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
      );
    },
  });
