import { describe, expect, test } from 'vitest';
import { buildOpenApi } from './openapi';
import { OPERATIONS } from './table';

const read = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);

describe('the OpenAPI document', () => {
  const document = buildOpenApi({ version: '0.1.0', serverUrl: 'http://localhost:3000' });
  const text = JSON.stringify(document);
  const paths = document.paths as Record<
    string,
    Record<string, { operationId: string; responses: Record<string, unknown> }>
  >;

  test('describes every operation of the table once', () => {
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
    expect(ids.sort()).toEqual(OPERATIONS.map((operation) => operation.id).sort());
  });

  test('holds no reference into nothing', () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) expect(read(document, reference.split('/')), reference).toBeDefined();
  });

  test('is the same document on every build', () => {
    expect(JSON.stringify(buildOpenApi({ version: '0.1.0', serverUrl: 'http://localhost:3000' }))).toBe(text);
  });

  test('says how every call fails', () => {
    for (const operation of OPERATIONS) {
      const path = operation.path.replace(/:(\w+)/g, '{$1}');
      const responses = Object.keys(paths[path]?.[operation.method.toLowerCase()]?.responses ?? {});
      expect(responses, operation.id).toContain('429');
      expect(responses.includes('401'), operation.id).toBe(operation.access !== 'public');
      expect(responses.includes('501'), operation.id).toBe(!operation.built);
      expect(responses.includes('202'), operation.id).toBe(operation.mayAnswer202 === true);
    }
  });

  test('closes request bodies', () => {
    const schema = read(document, ['components', 'schemas', 'permissions.createAssignment.body']);
    expect(schema).toEqual({
      type: 'object',
      properties: { identityId: { type: 'string', minLength: 1, maxLength: 64 } },
      required: ['identityId'],
      additionalProperties: false,
    });
  });

  test('lists these paths and methods', () => {
    const rows = OPERATIONS.map(
      (operation) => `${operation.built ? '' : '(501) '}${operation.method} ${operation.path}`,
    );
    expect(rows.sort()).toMatchSnapshot();
  });
});
