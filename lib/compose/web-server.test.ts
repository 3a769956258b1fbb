import type { Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '@/lib/http/testing/platform';
import { createWebServer, WEB_SERVER_LIMITS } from './web-server';

let platform: TestPlatform;
const servers: Server[] = [];

const serve = async (limits = WEB_SERVER_LIMITS): Promise<number> => {
  const server = createWebServer(getRequestListener(platform.app.fetch, { overrideGlobalObjects: false }), limits);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await platform.close();
});

/** What comes back over a raw connection until it is closed. */
const talk = (port: number, ...pieces: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
    for (const piece of pieces) socket.write(piece);
  });

const HOST = 'host: 127.0.0.1\r\nconnection: close\r\n';
const statusesOf = (answer: string): string[] => answer.match(/^HTTP\/1\.1 \d+/gm)?.map((line) => line.slice(9)) ?? [];

describe('slow clients', () => {
  test('lose their connections, half a head or half a body sent, and hold up nobody meanwhile', async () => {
    const port = await serve({ headersMs: 1_500, requestMs: 3_000, checkEveryMs: 200 });
    const slow = Array.from({ length: 250 }, () => [
      talk(port, `GET /health/live HTTP/1.1\r\n${HOST}x-slow: `),
      talk(
        port,
        `POST /auth/login/init HTTP/1.1\r\n${HOST}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
      ),
    ]).flat();
    const quick = await Promise.all(
      Array.from({ length: 20 }, async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).status),
    );
    expect(new Set(quick)).toEqual(new Set([200]));
    const answers = await Promise.all(slow);
    expect(answers).toHaveLength(500);
    expect(answers.flatMap(statusesOf).filter((status) => status !== '408')).toEqual([]);
  }, 30_000);
  test('get 20 s for a head and 60 s for a request where nothing else is said', async () => {
    await serve();
    expect([servers.at(-1)?.headersTimeout, servers.at(-1)?.requestTimeout]).toEqual([20_000, 60_000]);
  });
});

describe('a request that could be read in two ways', () => {
  const body = '{"orgId":"or-1","username":"a"}';
  const head = `POST /auth/login/init HTTP/1.1\r\n${HOST}content-type: application/json\r\n`;
  test.each([
    ['a length and chunks', `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${head}content-length: ${body.length}\r\ncontent-length: 1\r\n\r\n${body}`],
    ['chunks under another name', `${head}transfer-encoding: xchunked\r\n\r\n${body}`],
    ['a space before the colon', `${head}content-length : ${body.length}\r\n\r\n${body}`],
    ['a line break in a header', `GET /health/live HTTP/1.1\r\n${HOST}x-a: b\rx-c: d\r\n\r\n`],
    ['a folded header', `GET /health/live HTTP/1.1\r\n${HOST}x-a: b\r\n c\r\n\r\n`],
    ['no host', 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a head of 64 KiB', `GET /health/live HTTP/1.1\r\n${HOST}cookie: ${'a'.repeat(65_536)}\r\n\r\n`],
    ['a query of 64 KiB', `GET /health/live?${'a'.repeat(65_536)} HTTP/1.1\r\n${HOST}\r\n`],
  ])('by %s is refused before anybody reads it', async (_, bytes) => {
    const statuses = statusesOf(await talk(await serve(), bytes));
    expect(statuses).toHaveLength(1);
    expect(['400', '431']).toContain(statuses[0]);
  });
  test('is answered once, however many hide behind it', async () => {
    const smuggled = `GET /openapi.json HTTP/1.1\r\n${HOST}\r\n`;
    const length = body.length + smuggled.length;
    const answer = await talk(await serve(), `${head}content-length: ${length}\r\n\r\n${body}${smuggled}`);
    expect(statusesOf(answer)).toEqual(['400']);
  });
});

describe('a header that asks to be another request', () => {
  test('changes neither method nor path nor who asks', async () => {
    const port = await serve();
    const attempts: readonly Record<string, string>[] = [
      { 'x-http-method-override': 'DELETE' },
      { 'x-method-override': 'PUT' },
      { 'x-original-url': '/health/live' },
      { 'x-rewrite-url': '/health/live' },
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      { 'x-forwarded-host': 'attacker.example', 'x-forwarded-proto': 'https' },
    ];
    for (const headers of attempts) {
      const reply = await fetch(`http://127.0.0.1:${port}/wallets`, { headers });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('location')).toBeNull();
    }
  });
  test('does not, nor does a query given twice where the body is meant', async () => {
    const port = await serve();
    const reply = await fetch(`http://127.0.0.1:${port}/auth/login/init?orgId=a&orgId=b`, {
      method: 'POST',
      body: JSON.stringify({ orgId: 'or-1' }),
      headers: { 'content-type': 'application/json' },
    });
    // What is asked stands in the body alone.
    expect(reply.status).toBe(200);
  });
});
