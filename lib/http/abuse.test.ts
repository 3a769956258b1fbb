import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type SoftwareCredential,
  softwareKey,
  softwarePasskey,
  toFirstFactor,
} from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { OPERATIONS } from '@/lib/contract/table';
import { FORGIVEN_FAILURES } from '@/lib/db/lockouts';
import { type Connection, createApi } from './app';
import { aMember } from './testing/people';
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

describe('ways in', () => {
  test('that need no token and give one are those that ask for a credential, a code once, or the identity provider', () => {
    const open = OPERATIONS.filter(({ access, built }) => access !== 'bearer' && built).map(({ id }) => id);
    expect(open.sort()).toEqual([
      'auth.createCredentialChallengeWithCode',
      'auth.createCredentialWithCode',
      'auth.createLoginChallenge',
      'auth.createRecoveryChallenge',
      'auth.createRegistrationChallenge',
      'auth.createSocialRegistrationChallenge',
      'auth.login',
      'auth.recover',
      'auth.register',
      'auth.registerEndUser',
      'auth.resendRecoveryCode',
      'auth.resendRegistrationCode',
      'auth.sendLoginCode',
      'auth.sendRecoveryCode',
      'auth.socialLogin',
      'auth.ssoLogin',
      'auth.ssoLoginInit',
      'x.setUp',
    ]);
  });
  test('take no weaker proof instead: no password, no one-time code, no second factor alone, no recovery key', async () => {
    const { body: challenge } = await platform.call('POST', '/auth/login/init', {
      body: { orgId: admin.orgId, username: admin.username },
    });
    const assertion = toFirstFactor(admin.key.assert(challenge.challenge));
    const { challengeIdentifier } = challenge;
    for (const answer of [
      { challengeIdentifier, firstFactor: { kind: 'Password', password: 'hunter2' } },
      { challengeIdentifier, firstFactor: { kind: 'Totp', otpCode: '123456' } },
      { challengeIdentifier, firstFactor: { ...assertion, kind: 'RecoveryKey' } },
      { challengeIdentifier, secondFactor: assertion },
      { challengeIdentifier, loginCode: 'ABCD-EFGH' },
    ])
      expect((await platform.call('POST', '/auth/login', { body: answer })).status).toBe(400);
  });
});

describe('somebody who does not exist', () => {
  const orgId = () => admin.orgId;
  const asks: readonly [string, (username: string) => readonly [string, object]][] = [
    ['sign-in', (username) => ['/auth/login/init', { orgId: orgId(), username }]],
    ['a code to sign in', (username) => ['/auth/login/code', { orgId: orgId(), username }]],
    ['a code to recover', (username) => ['/auth/recover/user/code', { orgId: orgId(), username }]],
    [
      'a sign-in with a wrong code',
      (username) => ['/auth/login/init', { orgId: orgId(), username, loginCode: 'AAAA-AAAA-AAAA' }],
    ],
    [
      'a recovery with a wrong code',
      (username) => [
        '/auth/recover/user/init',
        { orgId: orgId(), username, verificationCode: 'AAAA-AAAA', credentialId: 'AAAA' },
      ],
    ],
    [
      'a registration with a wrong code',
      (username) => ['/auth/registration/init', { orgId: orgId(), username, registrationCode: 'aaaa-aaaa-aaaa-aaaa' }],
    ],
  ];
  /** What an answer tells apart from its own random parts: members, kinds and lengths of what stands in them. */
  const shapeOf = (value: unknown): unknown => {
    if (typeof value === 'string')
      return /^[\w-]{40,}$/.test(value) ? `${value.length} symbols` : value.replace(/ch-[\w-]+/, 'ch');
    if (Array.isArray(value)) return value.map(shapeOf);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        name === 'id' && typeof item === 'string' && item.length === 36 ? 'request' : shapeOf(item),
      ]),
    );
  };
  test('is answered like a person with a passkey: a sign-in answered with what was shown and a junk signature', async () => {
    const { rpId, publicUrl } = platform.services.settings;
    const passkey = softwarePasskey({ rpId, origin: publicUrl });
    const { username } = await aMember(platform, admin, { key: passkey });
    const answers = [];
    for (const name of [username, 'nobody@example.com']) {
      const init = await platform.call('POST', '/auth/login/init', { body: { orgId: orgId(), username: name } });
      const [shown] = init.body.allowCredentials.webauthn;
      const stranger = softwarePasskey({ rpId, origin: publicUrl }).assert(init.body.challenge);
      const firstFactor = toFirstFactor({ ...stranger, credId: shown.id });
      const reply = await platform.call('POST', '/auth/login', {
        body: { challengeIdentifier: init.body.challengeIdentifier, firstFactor },
      });
      answers.push({ status: reply.status, body: shapeOf(reply.body) });
    }
    expect(answers[0]?.status).toBe(401);
    expect(answers[1]).toEqual(answers[0]);
  });
  test.each(asks)('is answered like a person with a passkey: %s', async (_, ask) => {
    const { rpId, publicUrl } = platform.services.settings;
    const { username } = await aMember(platform, admin, { key: softwarePasskey({ rpId, origin: publicUrl }) });
    const answers = [];
    for (const name of [username, 'nobody@example.com']) {
      const [path, body] = ask(name);
      const reply = await platform.call('POST', path, { body });
      const headers = [...reply.headers.keys()].sort();
      answers.push({ status: reply.status, headers, body: shapeOf(reply.body) });
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

test('a thousand bad sign-ins lock out who makes them, and not their victim elsewhere', async () => {
  const victim = await aMember(platform, admin);
  const app = createApi(platform.services, REGISTRY, (env) => env as Connection);
  const from = async (remoteAddress: string, path: string, body: object) => {
    const request = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const reply = await app.request(`http://localhost:3000${path}`, request, { remoteAddress });
    return { status: reply.status, retryAfter: reply.headers.get('retry-after'), body: JSON.parse(await reply.text()) };
  };
  const signsIn = async (address: string, key: SoftwareCredential) => {
    const init = await from(address, '/auth/login/init', { orgId: victim.orgId, username: victim.username });
    if (init.status !== 200) return init;
    const firstFactor = toFirstFactor(key.assert(init.body.challenge));
    return from(address, '/auth/login', { challengeIdentifier: init.body.challengeIdentifier, firstFactor });
  };
  const stranger = softwareKey('Ed25519');
  const seen = new Map<number, number>();
  for (let tries = 0; tries < 1_000; tries += 1) {
    const { status, retryAfter } = await signsIn('192.0.2.66', stranger);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    if (status === 429) expect(Number(retryAfter)).toBeGreaterThan(0);
  }
  expect([...seen.keys()].sort()).toEqual([401, 429]);
  expect(seen.get(401)).toBe(FORGIVEN_FAILURES);
  expect((await signsIn('198.51.100.7', victim.key)).status).toBe(200);
}, 60_000);
