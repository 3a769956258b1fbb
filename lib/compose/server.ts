import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { isApiPath } from '@/lib/http/app';
import { transportHeaders } from '@/lib/http/problem';
import { BUILD_HEADER, buildName } from './next-build';
import type { ProcessContext, RunningProcess } from './process';
import { sendVerifyPage, VERIFY_PAGE, VERIFY_PAGE_TYPED } from './verify-page';
import { composeWeb } from './web';
import { holdWebProcess } from './web-process';
import { createWebServer } from './web-server';

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** API and console in one Node server: API paths go straight to Hono, everything else to Next, which costs many times the CPU. */
export const startServer = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  process.env.NEXTAUTH_URL ??= env.publicUrl;
  const root = repositoryRoot();
  const build = buildName(root);
  const web = holdWebProcess(composeWeb({ env, log }), build);
  const mailer = web.startMailer();
  const api = getRequestListener(web.api.fetch, { overrideGlobalObjects: false });
  const pages = await pagesListener(root, env.port);
  const headers = { ...transportHeaders(env.publicUrl), [BUILD_HEADER]: build };
  const server = createWebServer((request, response) => {
    const pathname = (request.url ?? '/').split('?')[0] ?? '/';
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (pathname === VERIFY_PAGE) void sendVerifyPage(root, request, response);
    else if (pathname === VERIFY_PAGE_TYPED) response.writeHead(308, { location: VERIFY_PAGE }).end();
    else void (isApiPath(pathname) ? api(request, response) : pages.listener(request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.port, resolve);
  });
  log.info({ port: env.port }, 'serving');
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Streams and slow requests are cut after a moment.
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
      await pages.close();
      await mailer.stop();
      await web.close();
    },
  };
};

/** Upwards from this file, which may lie among the sources or in a build. */
export const repositoryRoot = (): string => {
  let dir = import.meta.dirname;
  while (!fs.existsSync(path.join(dir, 'package.json')) && dir !== path.dirname(dir)) dir = path.dirname(dir);
  return dir;
};

const pagesListener = async (
  root: string,
  port: number,
): Promise<{ listener: Listener; close: () => Promise<void> }> => {
  if (!fs.existsSync(path.join(root, '.next', 'BUILD_ID'))) return { listener: notBuilt, close: async () => undefined };
  const { default: next } = await import('next');
  const app = next({ dev: false, dir: root, port, quiet: true });
  await app.prepare();
  return { listener: app.getRequestHandler(), close: () => app.close() };
};

const notBuilt: Listener = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('The console is not built yet; npm start builds it. The API is up.\n');
};
