import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS } from '@/lib/contract/table';
import { isApiPath } from './app';
import { anOrganisation, performSigned, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

let platform: TestPlatform;
let admin: TestPerson;
let server: Server;
let origin: string;
beforeAll(async () => {
  platform = await startPlatform();
  admin = await anOrganisation(platform);
  server = createServer(getRequestListener(platform.app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await platform.close();
});

const json = async (response: Response) => ({
  status: response.status,
  body: await response.json(),
  headers: response.headers,
});
const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  } as RequestInit).then(json);
const LOGIN = '/auth/login/init';

describe('an error', () => {
  test('always has the contract shape, with the message twice and the request id', async () => {
    const { status, body, headers } = await json(await fetch(`${origin}/wallets`));
    expect(status).toBe(401);
    expect(body).toEqual({
      error: {
        id: headers.get('x-request-id'),
        status: 401,
        message: 'Not Authorized.',
        details: { code: 'authentication.not_authorized' },
      },
      message: 'Not Authorized.',
    });
  });

  test('answers an unknown route with 404, a wrong method with 405 and what is allowed', async () => {
    expect(await json(await fetch(`${origin}/auth/nothing`))).toMatchObject({
      status: 404,
      body: { error: { status: 404 } },
    });
    const wrong = await post('/health/live', '{}');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET');
    expect((await json(await fetch(`${origin}${LOGIN}`, { method: 'DELETE' }))).status).toBe(405);
    expect((await json(await fetch(`${origin}/wallets/%ff`))).status).toBe(404);
  });

  test('answers what is not in this version with 401 first, then 403, then 501', async () => {
    const target = '/staking/stakes';
    expect((await json(await fetch(`${origin}${target}`))).status).toBe(401);
    expect((await platform.call('POST', target, { token: admin.token, body: '{}' })).status).toBe(403);
    expect((await performSigned(platform, admin, 'POST', target, {})).status).toBe(501);
  });

  test('of ours says nothing about its cause', async () => {
    const broken = await startPlatform({
      registry: {
        handlers: {
          'auth.listCredentials': async () => {
            throw new Error('the database password is hunter2');
          },
        },
        views: {},
      },
    });
    const services = {
      ...broken.services,
      loadGovernance: async () => {
        throw new Error('hunter2');
      },
    };
    const { createApi } = await import('./app');
    const token = await services.tokens.mint(
      { kind: 'ServiceAccount', orgId: 'or-1', userId: 'us-1', tokenId: 'to-1' },
      { issuedAt: Date.now(), expiresAt: Date.now() + 60_000 },
    );
    const reply = await createApi(services, { handlers: {}, views: {} }).request('/auth/credentials', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(reply.status).toBe(500);
    expect(await reply.text()).not.toContain('hunter2');
    await broken.close();
  });
});

describe('every answer', () => {
  const HEADERS = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'retry-after, x-request-id',
  };
  test('carries the same headers, whatever it is', async () => {
    for (const path of ['/wallets', '/nowhere', '/health/live', '/openapi.json', '/.well-known/jwks.json']) {
      const { headers } = await fetch(`${origin}${path}`);
      for (const [name, value] of Object.entries(HEADERS)) expect(headers.get(name), `${path} ${name}`).toBe(value);
      expect(headers.get('x-powered-by'), path).toBeNull();
      expect(headers.get('strict-transport-security'), path).toBeNull();
    }
  });
  test('asks for HTTPS for ever where the platform is served by it, and only there', async () => {
    const secure = await startPlatform({ env: { PUBLIC_URL: 'https://wallets.example' } });
    const reply = await secure.call('GET', '/wallets');
    expect(reply.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    await secure.close();
  });
  test('reaches a client that writes 64 MiB before it reads, announced or in chunks', async () => {
    const { hostname, port } = new URL(origin);
    const mebibyte = Buffer.alloc(1024 * 1024, 0x61);
    const sent = async (head: string, pieces: readonly Buffer[]): Promise<string> => {
      const socket = net.connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1');
      });
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      const failed: Error[] = [];
      socket.on('error', (error) => failed.push(error));
      socket.write(
        `POST ${LOGIN} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\nconnection: close\r\n${head}\r\n\r\n`,
      );
      for (const piece of pieces) socket.write(piece);
      await closed;
      expect(failed).toEqual([]);
      return answer.split('\r\n')[0] ?? '';
    };
    const whole = Array.from({ length: 64 }, () => mebibyte);
    expect(await sent(`content-length: ${64 * mebibyte.length}`, whole)).toMatch(/ 413 /);
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), mebibyte, Buffer.from('\r\n')]);
    const chunks = [...Array.from({ length: 64 }, () => chunk), Buffer.from('0\r\n\r\n')];
    expect(await sent('transfer-encoding: chunked', chunks)).toMatch(/ 413 /);
  });
});

describe('a body', () => {
  test('of 64 MiB is refused with 413', async () => {
    const size = 64 * 1024 * 1024;
    let left = size;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (left <= 0) return controller.close();
        left -= 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const reply = await post(LOGIN, endless);
    expect(reply.status).toBe(413);
    expect((await post(LOGIN, Buffer.alloc(2 * 1024 * 1024, 0x20))).status).toBe(413);
  });

  test.each([
    ['nested 200 000 deep', '['.repeat(200_000), 400],
    ['with a member twice', '{"orgId":"or-1","orgId":"or-2"}', 400],
    ['that is not JSON', '{', 400],
    ['that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['with an unknown member', '{"orgId":"or-1","username":"a","extra":1}', 400],
    ['that sets a prototype', '{"orgId":"or-1","__proto__":{"username":"x"}}', 400],
  ])('%s is refused', async (_, body, status) => {
    const reply = await post(LOGIN, body);
    expect(reply.status).toBe(status);
    expect(reply.body.error.message).toBe(reply.body.message);
  });

  test('names the unknown member', async () => {
    expect((await post(LOGIN, '{"orgId":"or-1","username":"a","extra":1}')).body.message).toContain('"extra"');
  });

  test('of another content type is refused with 415', async () => {
    expect((await post(LOGIN, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });

  test('may carry a character set', async () => {
    expect(
      (await post(LOGIN, '{"orgId":"or-1","username":"a"}', { 'content-type': 'application/json; charset=utf-8' }))
        .status,
    ).toBe(200);
  });
});

describe('a browser elsewhere', () => {
  test('may preflight every route, without credentials', async () => {
    const reply = await fetch(`${origin}/wallets`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-headers')).toContain('x-dfns-sdk-version');
    expect(reply.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE, OPTIONS');
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('the rate limit', () => {
  test('counts per organisation and says how long to wait', async () => {
    const limited = await startPlatform({ env: { RATE_LIMIT: '12' } });
    const one = await anOrganisation(limited);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => limited.call('GET', '/auth/credentials', { token: one.token })),
    );
    const refused = replies.filter((reply) => reply.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    await limited.close();
  });
});

describe('the server tells', () => {
  test('that it lives, and that it is not ready without sequencer and signers', async () => {
    expect((await json(await fetch(`${origin}/health/live`))).status).toBe(200);
    expect(await json(await fetch(`${origin}/health/ready`))).toMatchObject({
      status: 503,
      body: {
        database: 'ok',
        sequencer: 'not running',
        signers: { ready: 0, needed: 3, of: 4, clockOffsetsMs: {} },
        alarms: { signersInQuarantine: 0, pairSetupsExcluded: 0 },
        enrolment: { server: expect.any(Number), vouched: expect.any(Number) },
      },
    });
  });

  test('its whole API as OpenAPI', async () => {
    const { body } = await json(await fetch(`${origin}/openapi.json`));
    const described = Object.values(body.paths as Record<string, object>).flatMap((path) => Object.keys(path));
    expect(described).toHaveLength(OPERATIONS.length);
    const { schema, example } = body.paths['/auth/users'].post.requestBody.content['application/json'];
    expect(body.components.schemas[schema.$ref.split('/').at(-1)].required).toContain('email');
    expect(example).toMatchObject({ email: 'ada@acme.example', kind: 'CustomerEmployee' });
  });

  test('the keys that sign its tokens', async () => {
    expect((await json(await fetch(`${origin}/.well-known/jwks.json`))).body.keys).toHaveLength(1);
  });
});

test('every operation belongs to the API and no page does', () => {
  for (const { path } of OPERATIONS) expect([path, isApiPath(path)]).toEqual([path, true]);
  for (const path of ['/', '/console', '/console/approvals', '/api/auth/session', '/_next/static/x.js', '/authentic'])
    expect(isApiPath(path)).toBe(false);
});
