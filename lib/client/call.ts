import type { Operation } from '@/lib/contract/operation';
import { getOperation } from '@/lib/contract/table';
import { fillPath, type Params, type Query, queryString } from '@/lib/verifying/path';
import { ClientError } from './client-error';
import { send } from './send';

export type CallInput = { readonly params?: Params; readonly query?: Query; readonly signal?: AbortSignal };

/**
 * Checks an answer against the operation's contract.
 * @throws {ClientError} when the server speaks another contract than this console was built with.
 */
export const readAnswer = <T>(operation: Operation, answer: unknown): T => {
  const parsed = operation.response?.safeParse(answer);
  if (parsed && !parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClientError(
      0,
      `The answer of ${operation.method} ${operation.path} is not what this console understands (${issue?.path.join('.') || 'whole answer'}: ${issue?.message}). The console and the server may be of different versions; reload the page.`,
    );
  }
  return answer as T;
};

/** Reads from the API. @param id Operation of the contract table. @throws {ClientError} */
export const read = async <T>(id: string, { params, query, signal }: CallInput = {}): Promise<T> => {
  const operation = getOperation(id);
  const { body } = await send({
    method: operation.method,
    url: fillPath(operation.path, params) + queryString(query),
    ...(signal && { signal }),
  });
  return readAnswer<T>(operation, body);
};

/** Calls an operation that needs no user action: challenges, login, registration. @throws {ClientError} */
export const post = async <T>(
  id: string,
  body: unknown,
  { params, temporaryToken, signal }: { params?: Params; temporaryToken?: string; signal?: AbortSignal } = {},
): Promise<T> => {
  const operation = getOperation(id);
  const answer = await send({
    method: operation.method,
    url: fillPath(operation.path, params),
    body: JSON.stringify(body),
    ...(temporaryToken && { temporaryToken }),
    ...(signal && { signal }),
  });
  return readAnswer<T>(operation, answer.body);
};
