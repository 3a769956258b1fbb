import { ClientError, toClientError } from './client-error';

export type Sent = {
  readonly status: number;
  readonly body: unknown;
  /** What the server runs is built from, if it says so. */
  readonly build: string | null;
};

/** Names the sources of the answering server (lib/compose/next-build.ts). */
const BUILD_HEADER = 'x-countersign-build';

type Sending = {
  readonly method: string;
  /** Path with its query, from the origin's root. */
  readonly url: string;
  /** The exact body; what was signed is what is sent. */
  readonly body?: string;
  readonly userAction?: string;
  readonly temporaryToken?: string;
  readonly signal?: AbortSignal;
};

const parse = (text: string): unknown => {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Sends one request with the session cookie.
 * @throws {ClientError} for every answer that is not a success, and with status 0 when no answer came.
 */
export const send = async ({ method, url, body, userAction, temporaryToken, signal }: Sending): Promise<Sent> => {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...(userAction && { 'x-dfns-useraction': userAction }),
        ...(temporaryToken && { authorization: `Bearer ${temporaryToken}` }),
      },
      ...(method !== 'GET' && { body: body ?? '{}' }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ClientError(
      0,
      'The server can’t be reached. Nothing you see here is newer than the last answer; check the connection and try again.',
    );
  }
  const answer = parse(await response.text());
  if (response.ok && answer !== undefined)
    return { status: response.status, body: answer, build: response.headers.get(BUILD_HEADER) };
  throw toClientError({ status: response.status, requestId: response.headers.get('x-request-id') }, answer);
};
