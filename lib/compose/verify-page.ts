import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { builtVerifyPage } from './verify-build';

/** Where the server hands out the page that verifies evidence. */
export const VERIFY_PAGE = '/verify.html';
/** The same as people type it. */
export const VERIFY_PAGE_TYPED = '/verify';

/**
 * Serves the self-contained page. The first request builds it. Whoever doubts this server writes the page from the sources
 * instead: `npm run verify -- --page FILE`.
 */
export const sendVerifyPage = async (
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  try {
    const html = fs.readFileSync(await builtVerifyPage(root));
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': html.length,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // What a policy in the page itself can't say.
      'content-security-policy': "frame-ancestors 'none'; sandbox allow-scripts",
      'cross-origin-opener-policy': 'same-origin',
    });
    response.end(request.method === 'HEAD' ? undefined : html);
  } catch (cause) {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`The page could not be built: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
};
