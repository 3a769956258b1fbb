import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { DEFAULT_END_USER, isKnownOperation, normaliseOperation, PERMISSION_OPERATIONS } from './permission-operations';

describe('permission operations', () => {
  test('stand in the catalogue once', () => {
    expect(new Set(PERMISSION_OPERATIONS).size).toBe(PERMISSION_OPERATIONS.length);
  });

  test('are those the SDK declares and the umbrella', () => {
    const types = createRequire(import.meta.url)
      .resolve('@dfns/sdk/generated/permissions/types.js')
      .replace(/js$/, 'd.ts');
    const body = /type CreatePermissionBody = \{([\s\S]*?)\n\};/.exec(readFileSync(types, 'utf8'))?.[1] ?? '';
    const declared = [...body.matchAll(/"([A-Za-z:]+)"/g)].map(([, operation]) => operation);
    expect(declared.length).toBeGreaterThan(100);
    expect([...PERMISSION_OPERATIONS].sort()).toEqual([...new Set([...declared, 'Wallets:Sign'])].sort());
  });

  test.each([
    'Wallets:Sign',
    'Wallets:Transfers:Create',
    'Keys:Signatures:Create',
    'Permissions:Assignments:Read',
    'Policies:Approvals:Approve',
    'Wallets:GenerateSignature',
    'Swaps:Read',
    'KeyStores:Instructions:Create',
    'Auth:Delegated:Login',
    'Networks:Canton:Validators:Read',
  ])('%s is known', (operation) => {
    expect(isKnownOperation(operation)).toBe(true);
  });

  test.each([
    '',
    '*',
    'Wallets',
    'Wallets:*',
    'wallets:read',
    'Wallets:Read ',
    'constructor',
    '__proto__',
    'KeyStores:Instructions:',
  ])('%j is not known', (operation) => {
    expect(isKnownOperation(operation)).toBe(false);
    expect(normaliseOperation(operation)).toBe(operation);
  });

  test('newer spellings are checked under the older name', () => {
    expect(normaliseOperation('Auth:Delegated:Login')).toBe('Auth:Login:Delegated');
    expect(normaliseOperation('Policies:Evaluations:Vote')).toBe('Policies:Approvals:Approve');
    expect(normaliseOperation('Wallets:Tags:Remove')).toBe('Wallets:Tags:Delete');
    expect(normaliseOperation('Permissions:Delete')).toBe('Permissions:Archive');
  });

  test('a legacy or umbrella name never turns into another one', () => {
    for (const operation of PERMISSION_OPERATIONS) expect(normaliseOperation(operation)).toBe(operation);
  });

  test('the managed permission of end users holds known operations', () => {
    expect(DEFAULT_END_USER.operations).toHaveLength(8);
    expect(DEFAULT_END_USER.operations.every(isKnownOperation)).toBe(true);
  });
});
