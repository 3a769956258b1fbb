import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Sent = { readonly method: string; readonly path: string; readonly body: string };

/** What a compromised server does to requests before its honest half sees them, and to answers before a client does. */
export type Lies = {
  readonly toServer?: (sent: Sent) => Partial<Sent>;
  // biome-ignore lint/suspicious/noExplicitAny: a liar alters whatever stands in an answer.
  readonly toClient?: (sent: Sent, answer: any) => unknown;
};

export type LyingProxy = {
  readonly baseUrl: string;
  /** Paths that clients have asked for since the last lie was told, with their methods. */
  readonly seen: () => readonly string[];
  readonly tell: (lies: Lies) => void;
  readonly close: () => Promise<void>;
};

/** A server that clients take for the real one: it stands in front of it, and lies as it is told. */
export const startLyingProxy = async (target: string): Promise<LyingProxy> => {
  let lies: Lies = {};
  let seen: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const asked: Sent = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      body: Buffer.concat(chunks).toString(),
    };
    seen.push(`${asked.method} ${asked.path}`);
    const sent = { ...asked, ...lies.toServer?.(asked) };
    const headers = new Headers();
    for (const name of ['authorization', 'content-type', 'x-dfns-useraction']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const answer = await fetch(new URL(sent.path, target), {
      method: sent.method,
      headers,
      ...(sent.method !== 'GET' && { body: sent.body }),
    });
    const text = await answer.text();
    const told = lies.toClient && text.startsWith('{') ? lies.toClient(asked, JSON.parse(text)) : undefined;
    response.statusCode = answer.status;
    response.setHeader('content-type', answer.headers.get('content-type') ?? 'application/json');
    response.end(told === undefined ? text : JSON.stringify(told));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => seen,
    tell: (next) => {
      lies = next;
      seen = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
