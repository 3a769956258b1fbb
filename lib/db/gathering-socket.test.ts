import net from 'node:net';
import { expect, test } from 'vitest';
import { gatheringSocket } from './gathering-socket';

/** A listener on a free port, and everything it was sent. */
const listen = async () => {
  let received = '';
  let notice = (): void => {};
  const server = net.createServer((peer) =>
    peer.on('data', (data) => {
      received += data.toString();
      notice();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening.');
  const hear = async (text: string) => {
    while (received !== text)
      await new Promise<void>((resolve) => {
        notice = resolve;
      });
  };
  return { server, port: address.port, hear };
};

test('what is written in one turn leaves together, in its order, and what is written later by itself', async () => {
  const { server, port, hear } = await listen();
  const socket = gatheringSocket();
  const sent: number[] = [];
  const { _writev, _write } = socket;
  socket._writev = (chunks, done) => {
    sent.push(chunks.length);
    _writev?.call(socket, chunks, done);
  };
  socket._write = (chunk, encoding, done) => {
    sent.push(1);
    _write.call(socket, chunk, encoding, done);
  };
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  socket.write('a');
  socket.cork();
  socket.write('b');
  socket.write('c');
  socket.uncork();
  await Promise.resolve();
  socket.write('d');
  await hear('abcd');
  socket.write('e');
  await hear('abcde');
  expect(sent).toEqual([4, 1]);
  socket.end('f');
  await hear('abcdef');
  server.close();
});
