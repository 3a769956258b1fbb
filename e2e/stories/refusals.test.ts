import net from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { type Person, signerOf } from '../support/person';
import { userActionFor } from '../support/signed-call';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
});

const BODY = JSON.stringify({ name: 'Refused', operations: ['Wallets:Read'] });

const sign = (who: Person, method: string, path: string, payload: string) =>
  userActionFor(system, who, method, path, payload);

const post = (who: Person, path: string, body: string, userAction?: string, headers: Record<string, string> = {}) =>
  call(system, 'POST', path, {
    token: who.token,
    body,
    headers: { ...(userAction ? { 'x-dfns-useraction': userAction } : {}), ...headers },
  });

const messageOf = (answer: { body: { readonly [key: string]: unknown } }) =>
  (answer.body.error as { message: string }).message;

test('a request without its user action is refused', async () => {
  const answer = await post(admin, '/permissions', BODY);
  expect(answer.status).toBe(403);
  expect(messageOf(answer)).toBe('user action signature is missing or invalid');
  expect(answer.body.message).toBe('user action signature is missing or invalid');
});

test('a user action works once', async () => {
  const body = JSON.stringify({ name: `Once ${Date.now()}`, operations: ['Wallets:Read'] });
  const action = await sign(admin, 'POST', '/permissions', body);
  expect((await post(admin, '/permissions', body, action)).status).toBe(200);
  const again = await post(admin, '/permissions', body, action);
  expect(again.status).toBe(400);
  expect(messageOf(again)).toBe('user action has already been used');
});

test('a user action covers exactly its body, path and method', async () => {
  const action = await sign(admin, 'POST', '/permissions', BODY);
  expect((await post(admin, '/permissions', BODY.replace('Refused', 'Altered'), action)).status).toBe(403);
  const other = await sign(admin, 'POST', '/v2/policies', BODY);
  expect((await post(admin, '/permissions', BODY, other)).status).toBe(403);
  const put = await sign(admin, 'PUT', '/permissions', BODY);
  expect((await post(admin, '/permissions', BODY, put)).status).toBe(403);
});

test('a user action of somebody else, or of another organisation, is refused', async () => {
  const mate = await invite(system, admin, ['Permissions:Create']);
  const stranger = await newOrganisation(system);
  for (const other of [mate, stranger]) {
    const action = await sign(other, 'POST', '/permissions', BODY);
    expect((await post(admin, '/permissions', BODY, action)).status).toBe(403);
  }
});

test('an assertion over another challenge is not accepted', async () => {
  const init = (payload: string) =>
    call(system, 'POST', '/auth/action/init', {
      token: admin.token,
      body: {
        userActionPayload: payload,
        userActionHttpMethod: 'POST',
        userActionHttpPath: '/permissions',
        userActionServerKind: 'Api',
      },
    });
  const [a, b] = [await init(BODY), await init(`${BODY} `)];
  const firstFactor = await signerOf(admin.credential).sign(a.body as never);
  const action = await call(system, 'POST', '/auth/action', {
    token: admin.token,
    body: { challengeIdentifier: b.body.challengeIdentifier, firstFactor },
  });
  expect(action.status).toBe(401);
});

test('the challenge is the hash of the returned statement', async () => {
  const { statementChallenge } = await import('@/lib/authentication/statement');
  const init = await call(system, 'POST', '/auth/action/init', {
    token: admin.token,
    body: {
      userActionPayload: BODY,
      userActionHttpMethod: 'POST',
      userActionHttpPath: '/permissions',
      userActionServerKind: 'Api',
    },
  });
  const statement = init.body.statement as Parameters<typeof statementChallenge>[0];
  expect(statement).toMatchObject({
    v: 1,
    orgId: admin.orgId,
    userId: admin.userId,
    method: 'POST',
    path: '/permissions',
    context: {},
  });
  expect(statementChallenge(statement)).toBe(init.body.challenge);
});

test('bad bodies are a JSON 4xx', async () => {
  const bad = [
    '{"name":"a","name":"b","operations":["Wallets:Read"]}',
    '{"name":"a",',
    '[]',
    '"text"',
    `{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    '{"name":"a","operations":["Wallets:Read"],"extra":1}',
    '{"name":1e999,"operations":[]}',
  ];
  for (const body of bad) {
    const action = body.length < 1000 ? await sign(admin, 'POST', '/permissions', body) : undefined;
    const answer = await post(admin, '/permissions', body, action);
    expect(answer.status, body.slice(0, 60)).toBeGreaterThanOrEqual(400);
    expect(answer.status, body.slice(0, 60)).toBeLessThan(500);
    expect(answer.contentType).toContain('application/json');
    expect(messageOf(answer)).toEqual(expect.any(String));
  }
});

test('another content type is a JSON 4xx', async () => {
  const answer = await post(admin, '/permissions', BODY, undefined, { 'content-type': 'text/plain' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

test('64 MiB are refused without being read to the end', async () => {
  const { hostname, port } = new URL(system.baseUrl);
  const mebibyte = Buffer.alloc(1024 * 1024, 0x61);
  const { statusLine, sent } = await new Promise<{ statusLine: string; sent: number }>((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let answer = '';
    let sent = 0;
    const send = () => {
      // Slower than the server waits: the answer is read before more can reset the connection.
      if (sent >= 64 || socket.destroyed || answer !== '') return;
      sent += 1;
      socket.write(mebibyte, () => setTimeout(send, 250));
    };
    // The server closes while more is under way: what is written then fails, and only the answer counts.
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('close', () => {
      if (answer === '') reject(new Error('The server closed without an answer.'));
      else resolve({ statusLine: answer.split('\r\n')[0] ?? '', sent });
    });
    socket.write(
      `POST /permissions HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${admin.token}\r\ncontent-type: application/json\r\ncontent-length: ${64 * mebibyte.length}\r\nconnection: close\r\n\r\n`,
    );
    send();
  });
  expect(statusLine).toMatch(/ 413 /);
  expect(sent).toBeLessThan(64);
});

test('unknown routes and methods are JSON, with or without a session', async () => {
  expect(await call(system, 'GET', '/wallets/nonsense/nowhere', { token: admin.token })).toMatchObject({ status: 404 });
  expect(await call(system, 'PATCH', '/permissions', { token: admin.token })).toMatchObject({ status: 405 });
});

test('what is not built yet asks who you are first, then says so', async () => {
  expect((await call(system, 'GET', '/webhooks')).status).toBe(401);
  const answer = await call(system, 'GET', '/webhooks', { token: admin.token });
  expect(answer.status).toBe(501);
  expect(messageOf(answer)).toEqual(expect.any(String));
  expect((await post(admin, '/keys/import', '{}')).status).toBe(403);
});

test('health and the OpenAPI document are public JSON', async () => {
  expect((await call(system, 'GET', '/health/live')).status).toBe(200);
  expect((await call(system, 'GET', '/health/ready')).status).toBe(200);
  expect((await call(system, 'GET', '/openapi.json')).body).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
});
