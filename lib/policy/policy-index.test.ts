import { expect, test } from 'vitest';
import { evaluateIndexed } from './evaluate';
import type { Policy, PolicyActivity } from './policy';
import { type BindingPolicy, candidatesFor, indexPolicies } from './policy-index';
import { anActivity, aPolicy } from './testing/builders';

type Filters = Policy['definition']['filters'];
const filtered = (id: string, filters: Filters, more: Partial<BindingPolicy> = {}): BindingPolicy => ({
  ...aPolicy(id, { filters }),
  ...more,
});
const found = (policies: readonly BindingPolicy[], activity: PolicyActivity = anActivity(), at = 0): string[] =>
  candidatesFor(indexPolicies(policies), activity, at).map(({ id, version }) => `${id} ${version}`);
/** Filters that can't be written in the types, as a stored definition might hold them. */
const odd = (json: string): Filters => JSON.parse(json);

test('policies of other wallets and tags are not looked at', () => {
  const policies = [
    filtered('a', { walletId: { in: ['wa-9'] } }),
    filtered('b', { walletId: { in: ['wa-9', 'wa-1'] } }),
    filtered('c', { walletTags: { hasAny: ['cold'] } }),
    filtered('d', { walletTags: { hasAny: ['cold', 'hot'] } }),
    filtered('e', undefined),
  ];
  expect(found(policies)).toEqual(['b v-b', 'd v-d', 'e v-e']);
});
test('of tags that are all asked for the first one finds the policy', () => {
  expect(found([filtered('a', { walletTags: { hasAll: ['hot', 'cold'] } })])).toEqual(['a v-a']);
  expect(found([filtered('a', { walletTags: { hasAll: ['cold', 'hot'] } })])).toEqual([]);
});
test('a policy is found once, however many of its texts the subject has', () => {
  expect(found([filtered('a', { walletTags: { hasAny: ['hot', 'treasury'] } })])).toEqual(['a v-a']);
});
test.each([
  '{"walletColour":{"in":["red"]}}',
  '{"walletId":{}}',
  '{"walletId":{"in":[]}}',
  '{"walletId":{"in":[7]}}',
  '{"walletId":{"in":["wa-9",7]}}',
  '{"walletId":{"in":"wa-9"}}',
  '{"walletId":null}',
  '{"walletId":"wa-9"}',
  '{"walletTags":{"hasAll":[]}}',
])('a filter that can’t be understood hides no policy: %s', (json) => {
  expect(found([filtered('a', odd(json))])).toEqual(['a v-a']);
});
test('a filter that can’t be understood leaves it to the next one to find the policy', () => {
  expect(found([filtered('a', odd('{"walletColour":{"in":["red"]},"walletId":{"in":["wa-9"]}}'))])).toEqual([]);
  expect(found([filtered('a', odd('{"walletColour":{"in":["red"]},"walletId":{"in":["wa-1"]}}'))])).toEqual(['a v-a']);
});
test('permissions and policies are found by their own names, and a subject without such a thing is not exempt', () => {
  const policies = [
    filtered('a', { permissionId: { in: ['pm-1'] } }),
    filtered('b', { permissionId: { in: ['pm-2'] } }),
    filtered('c', { policyId: { in: ['plc-1'] } }),
    filtered('d', { policyId: { in: ['plc-2'] } }),
    filtered('e', { walletId: { in: ['wa-9'] } }),
    filtered('f', { walletTags: { hasAny: ['cold'] } }),
  ];
  const about = (subject: PolicyActivity['subject']) => found(policies, { kind: 'Wallets:Sign', subject });
  expect(about({ permissionId: 'pm-1' })).toEqual(['a v-a', 'c v-c', 'd v-d', 'e v-e', 'f v-f']);
  expect(about({ policyId: 'plc-2' })).toEqual(['a v-a', 'b v-b', 'd v-d', 'e v-e', 'f v-f']);
  expect(about({ wallets: [] })).toEqual(['a v-a', 'b v-b', 'c v-c', 'd v-d']);
});
test('archived policies and those of another kind are left out', () => {
  const policies = [
    filtered('a', undefined, { status: 'Archived' }),
    aPolicy('b', { activityKind: 'Permissions:Assign' }),
    aPolicy('c'),
  ];
  expect(found(policies)).toEqual(['c v-c']);
  expect(found([])).toEqual([]);
});
test('policies are judged in the order of ids, and of versions where one stands there twice', () => {
  const policies = [
    filtered('b', undefined),
    filtered('a', undefined, { version: 'v2' }),
    filtered('c', { walletId: { in: ['wa-1'] } }),
    filtered('a', undefined, { version: 'v1' }),
    filtered('a', { walletTags: { hasAny: ['hot'] } }, { version: 'v3' }),
  ];
  expect(found(policies)).toEqual(['a v1', 'a v2', 'a v3', 'b v-b', 'c v-c']);
  expect(found(policies.toReversed())).toEqual(['a v1', 'a v2', 'a v3', 'b v-b', 'c v-c']);
});
test('a former version binds until its moment and not at it', () => {
  const policies = [filtered('a', undefined, { until: 1000 }), filtered('b', undefined)];
  expect(found(policies, anActivity(), 999)).toEqual(['a v-a', 'b v-b']);
  expect(found(policies, anActivity(), 1000)).toEqual(['b v-b']);
  expect(evaluateIndexed(indexPolicies(policies), anActivity(), 1000).evaluations).toHaveLength(1);
});
