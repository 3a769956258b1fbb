import { fillPath, type Params, type Query, queryString } from '@/lib/verifying/path';
import { type RouteId, routeOf } from './routes';
import { type Sent, send } from './send';

export type CallInput = { readonly params?: Params; readonly query?: Query; readonly signal?: AbortSignal };

/** What this console was built from; absent in a build made by hand. */
const BUILD = process.env.NEXT_PUBLIC_BUILD;

/**
 * An answer of a server of the same sources as this console is of this console's contract: the server's own tests hold it to that.
 * One of any other server is checked, by schemas that are loaded only then.
 * @throws {ClientError} when the answer is not what this console understands.
 */
const understood = async <T>(id: RouteId, { body, build }: Sent): Promise<T> => {
  if (!BUILD || build !== BUILD) (await import('./check-answer')).checkAnswer(id, body);
  return body as T;
};

/** Reads from the API. @throws {ClientError} */
export const read = async <T>(id: RouteId, { params, query, signal }: CallInput = {}): Promise<T> => {
  const { method, path } = routeOf(id);
  const url = fillPath(path, params) + queryString(query);
  return understood<T>(id, await send({ method, url, ...(signal && { signal }) }));
};

/** Calls an operation that needs no user action: challenges, login, registration. @throws {ClientError} */
export const post = async <T>(
  id: RouteId,
  body: unknown,
  { params, temporaryToken, signal }: { params?: Params; temporaryToken?: string; signal?: AbortSignal } = {},
): Promise<T> => {
  const { method, path } = routeOf(id);
  const answer = await send({
    method,
    url: fillPath(path, params),
    body: JSON.stringify(body),
    ...(temporaryToken && { temporaryToken }),
    ...(signal && { signal }),
  });
  return understood<T>(id, answer);
};
