import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBody } from './body';
import { problemResponse } from './problem';

const MEBIBYTE = 1_048_576;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let server: Server;
let port: number;
beforeAll(async () => {
  const answer = async (request: Request): Promise<Response> => {
    const read = await readBody(request, MEBIBYTE);
    return read.ok ? new Response('{}') : problemResponse('test', read.refusal);
  };
  server = createServer(getRequestListener(answer, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends that many MiB, one buffer over and over, and no faster than they are taken. @returns the status and the most memory held meanwhile, MiB. */
const flood = async (head: string, wrap: (bytes: Buffer) => Buffer, count: number) => {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const piece = wrap(Buffer.alloc(MEBIBYTE, 0x61));
  // What is only waiting to be collected is not held.
  const held = () => {
    collect();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return (arrayBuffers + heapUsed) / MEBIBYTE;
  };
  const before = held();
  let most = 0;
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head}\r\n\r\n`);
  for (let sent = 0; sent < count && !socket.destroyed; sent += 1) {
    if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    if (sent % 10 === 9) most = Math.max(most, held() - before);
  }
  socket.end(head.includes('chunked') ? '0\r\n\r\n' : '');
  await closed;
  return { status: answer.split(' ')[1], most };
};

const chunked = (bytes: Buffer) => Buffer.concat([Buffer.from('100000\r\n'), bytes, Buffer.from('\r\n')]);

test.each([
  ['announced', `content-length: ${120 * MEBIBYTE}`, (bytes: Buffer) => bytes],
  ['in chunks', 'transfer-encoding: chunked', chunked],
])('of 120 MiB nobody wants, %s, the server holds a few at a time', async (_, head, wrap) => {
  const { status, most } = await flood(head, wrap, 120);
  expect(status).toBe('413');
  expect(most).toBeLessThan(32);
});
