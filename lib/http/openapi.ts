import { z } from 'zod';
import { exampleBody } from '@/lib/contract/example';
import type { Operation } from '@/lib/contract/operation';
import { OPERATIONS } from '@/lib/contract/table';

/** The API as OpenAPI 3.1, made from the operation table. */
export const openApiDocument = (publicUrl: string): unknown => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: operationObject(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign', version: '1', description: 'Wallet governance in the dialect of @dfns/sdk.' },
    servers: [{ url: publicUrl }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths,
  };
};

const operationObject = (operation: Operation): unknown => {
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const userAction = { name: 'x-dfns-useraction', in: 'header', required: true, schema: { type: 'string' } };
  const parameters = [...inPath, ...queryParameters(operation), ...(operation.userAction ? [userAction] : [])];
  const success = operation.answers === 'empty' ? '204' : '200';
  const content = operation.response
    ? {
        content: {
          [operation.answers === 'events' ? 'text/event-stream' : 'application/json']: {
            schema: schemaOf(operation.response, 'output'),
          },
        },
      }
    : {};
  return {
    operationId: operation.id,
    ...(operation.permission ? { description: `Needs ${operation.permission.join(' or ')}.` } : {}),
    ...(operation.built ? {} : { 'x-not-in-this-version': true }),
    ...(operation.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body && operation.method !== 'GET'
      ? { requestBody: { content: { 'application/json': bodyOf(operation.body) } } }
      : {}),
    responses: {
      [success]: { description: 'Done.', ...content },
      ...(operation.mayAnswer202 ? { 202: { description: 'A change request waits for approval.' } } : {}),
      default: { description: 'Refused.' },
    },
  };
};

const bodyOf = (body: z.ZodType): unknown => {
  const example = exampleBody(body);
  return { schema: schemaOf(body, 'input'), ...(example ? { example } : {}) };
};

const queryParameters = (operation: Operation): unknown[] => {
  const schema = operation.query ? schemaOf(operation.query, 'input') : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries((schema.properties ?? {}) as Record<string, unknown>).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }));
};

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};
