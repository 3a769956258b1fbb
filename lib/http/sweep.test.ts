import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import type { Operation } from '@/lib/contract/operation';
import { METHODS } from '@/lib/contract/operation';
import { matchOperation, OPERATIONS } from '@/lib/contract/table';
import { newPerson } from './testing/new-person';
import {
  anOrganisation,
  type Reply,
  signAction,
  signIn,
  startPlatform,
  type TestPerson,
  type TestPlatform,
} from './testing/platform';

/**
 * The sweep: every row of the operation table against everything that is refused before its handler runs. It is made from the table,
 * so a new route is swept by standing there. Order of the checks: bearer, user action, permission, schema (contract §2.5).
 */
let platform: TestPlatform;
/** Full access; no permission at all; full access in another organisation. */
let admin: TestPerson;
let nobody: TestPerson;
let stranger: TestPerson;

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  nobody = await newPerson(platform, admin);
});
afterAll(() => platform.close());

/** Everything that a refused request must leave as it was. */
const written = async (): Promise<unknown> => {
  const { rows } = await platform.services.db.pool.query(
    `SELECT (SELECT count(*) FROM ledger_leaves) AS leaves,
            (SELECT md5(string_agg(org_id || kind || id || record::text, ',' ORDER BY org_id, kind, id)) FROM ledger_records) AS records`,
  );
  return rows;
};
const leavesNothing = async (work: () => Promise<void>): Promise<void> => {
  const before = await written();
  await work();
  expect(await written()).toEqual(before);
};

const pathOf = ({ path }: Operation): string => path.replace(/:\w+/g, 'none-1');
const send = (
  { method }: Operation,
  path: string,
  more: { token?: string; userAction?: string; body?: string },
): Promise<Reply> => platform.call(method, path, more);

/** A refusal in the contract's shape (§1.6), with just this status and message. */
const refused = (reply: Reply, status: number, message: string | RegExp, what: string): void => {
  expect(`${reply.status} ${reply.body?.message}`, what).toMatch(
    message instanceof RegExp ? message : new RegExp(`^${status} `),
  );
  expect(reply.status, what).toBe(status);
  if (typeof message === 'string') expect(reply.body.message, what).toBe(message);
  expect(reply.headers.get('content-type'), what).toBe('application/json; charset=utf-8');
  expect(reply.body, what).toEqual({
    error: {
      id: expect.any(String),
      status,
      message: reply.body.message,
      details: expect.objectContaining({ code: expect.any(String) }),
    },
    message: expect.any(String),
  });
};
const NOT_AUTHORIZED = 'Not Authorized.';
const INVALID = 'user action signature is missing or invalid';
const USED = 'user action has already been used';

/** Tokens that open nothing, by what is wrong with them. */
const badTokens = async (person: TestPerson): Promise<readonly (readonly [string, string | undefined])[]> => {
  const { tokens, now } = platform.services;
  const hour = 3_600_000;
  const times = (from: number, to: number) => ({ issuedAt: now() + from * hour, expiresAt: now() + to * hour });
  const { orgId, userId } = person;
  const tokenId = decodeJwt(person.token).jti ?? '';
  const claims = { kind: 'Token' as const, orgId, userId, tokenId };
  const [header = '', payload = '', signature = ''] = person.token.split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const foreign = await new SignJWT(decodeJwt(person.token))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
    .sign(generateKeyPairSync('ed25519').privateKey);
  const { keys } = await tokens.jwks();
  const confused = await new SignJWT(decodeJwt(person.token))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(Buffer.from(keys[0]?.x ?? '', 'base64url'));
  return [
    ['none', undefined],
    ['not a token', 'aaaa.bbbb.cccc'],
    ['expired', await tokens.mint(claims, times(-9, -1))],
    ['of another signer', foreign],
    ['unsigned, alg none', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
    ['alg none with a signature', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`],
    ['HS256 under the public key', confused],
    ['altered claims', `${header}.${encode({ ...decodeJwt(person.token), sub: stranger.userId })}.${signature}`],
    [
      'a session that does not exist',
      await tokens.mint({ ...claims, tokenId: 'to-00000-00000-00000000000000' }, times(0, 1)),
    ],
    ['the session of somebody else', await tokens.mint({ ...claims, userId: nobody.userId }, times(0, 1))],
    ['the session of another organisation', await tokens.mint({ ...claims, orgId: stranger.orgId }, times(0, 1))],
    ['a registration token', await tokens.mint({ ...claims, kind: 'Temp' }, times(0, 1))],
    ['a session as a service account token', await tokens.mint({ ...claims, kind: 'ServiceAccount' }, times(0, 1))],
    ['a session as a personal access token', await tokens.mint({ ...claims, kind: 'Pat' }, times(0, 1))],
  ];
};

const rows = (of: (operation: Operation) => boolean) =>
  OPERATIONS.filter(of).map((operation) => ({ name: `${operation.method} ${operation.path}`, operation }));

describe('without a token that counts', () => {
  let bad: Awaited<ReturnType<typeof badTokens>>;
  beforeAll(async () => {
    bad = await badTokens(admin);
  });
  test.each(rows(({ access }) => access === 'bearer'))('$name is refused', async ({ operation }) => {
    await leavesNothing(async () => {
      for (const [what, token] of bad)
        refused(
          await send(operation, pathOf(operation), {
            body: operation.method === 'GET' ? undefined : '{}',
            ...(token ? { token } : {}),
          }),
          401,
          NOT_AUTHORIZED,
          what,
        );
    });
  });
  test.each(rows(({ access }) => access === 'temporary'))(
    '$name is refused, also with a session',
    async ({ operation }) => {
      for (const [what, token] of [
        ...bad.filter(([what]) => what !== 'a registration token'),
        ['a session', admin.token] as const,
      ])
        refused(
          await send(operation, pathOf(operation), { body: '{}', ...(token ? { token } : {}) }),
          401,
          NOT_AUTHORIZED,
          what,
        );
    },
  );
});

describe('without a user action over just this request', () => {
  test.each(rows(({ userAction }) => userAction))('$name is refused', async ({ operation }) => {
    const path = pathOf(operation);
    const { method } = operation;
    const body = '{"surprise":1}';
    const other = METHODS.find((candidate) => candidate !== method && candidate !== 'GET') ?? 'POST';
    const sign = (person: TestPerson, signedMethod: string, signedPath: string, signedBody: string) =>
      signAction(platform, person, signedMethod, signedPath, signedBody);
    await leavesNothing(async () => {
      const { token } = admin;
      refused(await send(operation, path, { token, body }), 403, INVALID, 'none');
      for (const [what, userAction] of [
        ['not a token', 'x'],
        ['of somebody else', await sign(nobody, method, path, body)],
        ['of another organisation', await sign(stranger, method, path, body)],
        ['over another method', await sign(admin, other, path, body)],
        ['over another path', await sign(admin, method, `${path}/x`, body)],
        ['over another body', await sign(admin, method, path, '{"surprise":2}')],
        ['over no body', await sign(admin, method, path, '')],
      ] as const)
        refused(await send(operation, path, { token, body, userAction }), 403, INVALID, what);
      // A call that fails burns it: the second one is a replay.
      const userAction = await sign(admin, method, path, body);
      expect((await send(operation, path, { token, body, userAction })).status).toBeGreaterThanOrEqual(400);
      refused(await send(operation, path, { token, body, userAction }), 400, USED, 'used before');
    });
  });
});

describe('without the permission', () => {
  test.each(rows(({ permission }) => (permission ?? []).length > 0))(
    '$name is refused, naming the operation',
    async ({ operation }) => {
      const path = pathOf(operation);
      const body = operation.method === 'GET' ? undefined : '{}';
      await leavesNothing(async () => {
        const userAction = operation.userAction
          ? await signAction(platform, nobody, operation.method, path, '{}')
          : undefined;
        const reply = await send(operation, path, { token: nobody.token, body, ...(userAction ? { userAction } : {}) });
        refused(
          reply,
          403,
          `CustomerEmployee ${nobody.userId} is not authorized to perform operation (${operation.permission?.[0]})`,
          'nobody',
        );
      });
    },
  );
});

describe('with everything in order but the body', () => {
  const mutations = rows(({ access, method }) => access !== 'temporary' && method !== 'GET');
  test.each(mutations)(
    '$name refuses an unknown property by name, or says it is not in this version',
    async ({ operation }) => {
      const path = pathOf(operation);
      const body = '{"surprise":1}';
      await leavesNothing(async () => {
        const userAction = operation.userAction
          ? await signAction(platform, admin, operation.method, path, body)
          : undefined;
        const token = operation.access === 'bearer' ? { token: admin.token } : {};
        const reply = await send(operation, path, { ...token, body, ...(userAction ? { userAction } : {}) });
        if (!operation.built)
          return refused(reply, 501, `${operation.method} ${operation.path} is not in this version.`, 'not built');
        refused(reply, 400, /^400 /, 'unknown property');
        const { errors } = reply.body.error.details as { errors: { path: string; message: string }[] };
        const isNamed = errors.some(({ message }) => message.includes('"surprise"'));
        // Where a discriminator chooses the shape, it is missing first.
        expect(
          isNamed ||
            errors.some(({ path, message }) => /kind$/i.test(path) || /invalid input|expected|kind/i.test(message)),
          JSON.stringify(errors),
        ).toBe(true);
      });
      return undefined;
    },
  );
});

test('every method that a path of the table does not have answers 405 and names those it has', async () => {
  for (const path of new Set(OPERATIONS.map(({ path }) => path.replace(/:\w+/g, 'none-1'))))
    for (const method of METHODS) {
      const match = matchOperation(method, path);
      if (!match || 'operation' in match) continue;
      const reply = await platform.call(method, path, {
        token: admin.token,
        ...(method === 'GET' ? {} : { body: '{}' }),
      });
      refused(reply, 405, `Only ${match.methodNotAllowed.join(', ')} can be used here.`, `${method} ${path}`);
      expect(reply.headers.get('allow')).toBe(match.methodNotAllowed.join(', '));
    }
});

test('a path that no row has answers 404 in the shape of every refusal', async () => {
  for (const path of ['/wallets/none-1/none', `/${randomUUID()}`, '/auth/users/', '/auth//users'])
    refused(await platform.call('GET', path, { token: admin.token }), 404, `There is nothing at GET ${path}.`, path);
});

test('a user action of another session of the same person is refused', async () => {
  const again = { ...admin, token: await signIn(platform, admin.orgId, admin.username, admin.key) };
  const body = JSON.stringify({ name: 'role', operations: ['Wallets:Read'] });
  const userAction = await signAction(platform, again, 'POST', '/permissions', body);
  refused(
    await platform.call('POST', '/permissions', { token: admin.token, userAction, body }),
    403,
    INVALID,
    'other session',
  );
  expect((await platform.call('POST', '/permissions', { token: again.token, userAction, body })).status).toBe(200);
});
