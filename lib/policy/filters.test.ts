import { expect, test } from 'vitest';
import { filtersMatch } from './filters';
import type { PolicyActivity, PolicyDefinition } from './policy';

type Subject = PolicyActivity['subject'];
/** Filters as a stored definition might hold them, also those that the types can't say. */
const matches = (json: string, subject: Subject): boolean => {
  const filters: PolicyDefinition['filters'] = JSON.parse(json);
  return filtersMatch(filters, { kind: 'Wallets:Sign', subject });
};
const wallet = (id: string, ...tags: string[]): Subject => ({ wallets: [{ id, tags }] });

test('no filters, and none that says anything, match everything', () => {
  expect(filtersMatch(undefined, { kind: 'Wallets:Sign', subject: {} })).toBe(true);
  expect(matches('{}', { wallets: [] })).toBe(true);
});
test.each([
  ['{"walletId":{"in":["wa-1","wa-2"]}}', true],
  ['{"walletId":{"in":["wa-2"]}}', false],
  ['{"walletTags":{"hasAny":["cold","hot"]}}', true],
  ['{"walletTags":{"hasAny":["cold"]}}', false],
  ['{"walletTags":{"hasAll":["hot","eu"]}}', true],
  ['{"walletTags":{"hasAll":["hot","cold"]}}', false],
  ['{"walletTags":{"hasAll":["cold","hot"]}}', false],
  ['{"walletTags":{"hasAny":["hot"],"hasAll":["cold"]}}', false],
  ['{"walletId":{"in":["wa-1"]},"walletTags":{"hasAny":["cold"]}}', false],
])('a wallet wa-1 with the tags hot and eu under %s: %s', (json, isMatch) => {
  expect(matches(json, wallet('wa-1', 'hot', 'eu'))).toBe(isMatch);
});
test.each([
  '{"walletColour":{"in":["red"]}}',
  '{"walletId":{"startsWith":["wa-9"]}}',
  '{"walletId":{"in":"wa-9"}}',
  '{"walletId":{"in":[]}}',
  '{"walletId":null}',
  '{"walletId":"wa-9"}',
  '{"walletId":9}',
])('a filter that can’t be understood exempts nothing: %s', (json) => {
  expect(matches(json, wallet('wa-1'))).toBe(true);
});
test('a test that can’t be understood leaves the others of its filter in force', () => {
  expect(matches('{"walletId":{"startsWith":["wa-9"],"in":["wa-9"]}}', wallet('wa-1'))).toBe(false);
});
test.each([
  ['{"permissionId":{"in":["pm-1"]}}', { permissionId: 'pm-1' }, { permissionId: 'pm-2' }],
  ['{"policyId":{"in":["plc-1"]}}', { policyId: 'plc-1' }, { policyId: 'plc-2' }],
])('%s looks at the object that is changed, and a change of something else is not exempt', (json, one, other) => {
  expect([matches(json, one), matches(json, other), matches(json, {}), matches(json, wallet('wa-1'))]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
test('several wallets match where one of them does by all filters, and none at all does not', () => {
  const json = '{"walletId":{"in":["wa-1"]},"walletTags":{"hasAny":["hot"]}}';
  const wallets = (...list: [string, string[]][]) =>
    matches(json, { wallets: list.map(([id, tags]) => ({ id, tags })) });
  expect(wallets(['wa-2', []], ['wa-1', ['hot']])).toBe(true);
  expect(wallets(['wa-1', []], ['wa-2', ['hot']])).toBe(false);
  expect(wallets()).toBe(false);
});
