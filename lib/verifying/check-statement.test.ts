import { expect, test } from 'vitest';
import { hashBody, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { utf8ToBytes } from '@/lib/domain/hash';
import { checkStatement, type Shown } from './check-statement';

const body = '{"value":"Approved"}';
const shown: Shown = {
  orgId: 'or-1',
  userId: 'us-1',
  genesis: 'aa',
  method: 'POST',
  path: '/v2/policy-approvals/ap-1/decisions',
  body,
  context: { activityId: 'xfr-1', activityDigest: 'dd' },
  now: 1_000_000,
};
const honest: Statement = {
  v: 1,
  orgId: 'or-1',
  userId: 'us-1',
  genesis: 'aa',
  method: 'POST',
  path: '/v2/policy-approvals/ap-1/decisions',
  bodyHash: hashBody(utf8ToBytes(body)),
  serverNonce: 'n',
  expiresAt: 1_295_000,
  context: { activityId: 'xfr-1', activityDigest: 'dd', policyVersions: {} },
};
const differing = (statement: Statement, challenge = statementChallenge(statement)) =>
  checkStatement(challenge, statement, shown).map((one) => one.what);

test('a statement that says what the screen shows has no differences', () => {
  expect(differing(honest)).toEqual([]);
});

test('a challenge that is not derived from the statement is refused', () => {
  expect(differing(honest, statementChallenge({ ...honest, serverNonce: 'other' }))).toEqual(['challenge']);
});

test('another activity behind the same approval is named', () => {
  expect(differing({ ...honest, context: { activityId: 'xfr-2', activityDigest: 'ee' } })).toEqual([
    'context: activityId',
    'context: activityDigest',
  ]);
});

test('another body, path, method or genesis is named', () => {
  expect(differing({ ...honest, bodyHash: 'ff', path: '/x/freeze', method: 'PUT', genesis: 'bb' })).toEqual([
    'genesis',
    'method',
    'path',
    'body',
  ]);
});

test('a statement that could be entered later than five minutes and the tolerance from now is refused', () => {
  expect(differing({ ...honest, expiresAt: 1_420_000 })).toEqual([]);
  expect(differing({ ...honest, expiresAt: 1_420_001 })).toEqual(['expiry']);
  expect(differing({ ...honest, expiresAt: 1_000_000 + 30 * 86_400_000 })).toEqual(['expiry']);
});

test('a statement that is past already, or says no time, is refused', () => {
  expect(differing({ ...honest, expiresAt: 1_000_000 })).toEqual([]);
  expect(differing({ ...honest, expiresAt: 999_999 })).toEqual(['expiry']);
  for (const expiresAt of [1e300, '1295000', null])
    expect(differing({ ...honest, expiresAt } as unknown as Statement, 'any')).toContain('expiry');
});
