import { afterAll, beforeAll, expect, test } from 'vitest';
import { toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  admin = await anOrganisation(platform);
});
afterAll(() => platform.close());

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same ES256 signature with n − s in place of s: it verifies too. */
const otherS = (signature: string): string => {
  const der = Buffer.from(signature, 'base64url');
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  const s = BigInt(`0x${der.subarray(6 + rLength).toString('hex')}`);
  const flipped = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  const integer = (bytes: Buffer) => {
    const trimmed = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    const body = (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed;
    return Buffer.concat([Buffer.of(2, body.length), body]);
  };
  const content = Buffer.concat([integer(Buffer.from(r)), integer(flipped)]);
  return Buffer.concat([Buffer.of(0x30, content.length), content]).toString('base64url');
};

test('a signature written another way is no second answer to a challenge', async () => {
  const payload = JSON.stringify({ name: 'role', operations: ['Wallets:Read'] });
  const { token } = admin;
  const userActionInit = {
    userActionPayload: payload,
    userActionHttpMethod: 'POST',
    userActionHttpPath: '/permissions',
    userActionServerKind: 'Api',
  };
  const init = await platform.call('POST', '/auth/action/init', { token, body: userActionInit });
  const { challenge, challengeIdentifier } = init.body;
  const assertion = admin.key.assert(challenge);
  const answer = (signature: string) =>
    platform.call('POST', '/auth/action', {
      token,
      body: { challengeIdentifier, firstFactor: toFirstFactor({ ...assertion, signature }) },
    });
  const first = await answer(otherS(assertion.signature));
  expect(first.status).toBe(200);
  for (const again of [
    assertion.signature,
    otherS(assertion.signature),
    `${assertion.signature}==`,
    Buffer.from(assertion.signature, 'base64url').toString('base64'),
  ])
    expect((await answer(again)).body.message).toBe('Challenge token is not valid.');
  expect(
    (await platform.call('POST', '/permissions', { token, body: payload, userAction: first.body.userAction })).status,
  ).toBe(200);
  const { rows } = await platform.services.db.pool.query(
    "SELECT count(*)::int AS count FROM ledger_leaves WHERE kind = 'userAction' AND org_id = $1",
    [admin.orgId],
  );
  expect(rows[0].count).toBe(1);
});

test('whatever stands in a request, the log gets one line of JSON for it', async () => {
  for (const path of ['/%0d%0a%7B%22level%22%3A50%7D', '/%1b[31m', '/%25s%25n', `/${'x'.repeat(10_000)}`]) {
    const before = platform.log.length;
    await platform.call('GET', path);
    const lines = platform.log
      .slice(before)
      .join('')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ method: 'GET', status: 404 });
    expect([...(lines[0] ?? '')].every((character) => character >= ' ')).toBe(true);
  }
});
