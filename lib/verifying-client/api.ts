import { OPERATIONS } from '@/lib/contract/table';
import { fillPath, queryString } from '@/lib/verifying/path';
import { type Read, ReadRefusedError } from '@/lib/verifying/read';

/** Where the API is, and with what token it is asked. */
export type Api = { readonly baseUrl: string; readonly token?: string };

/** What the API answered instead of a result. */
export class ApiError extends ReadRefusedError {
  constructor(
    status: number,
    message: string,
    readonly code?: string,
  ) {
    super(status, message);
    this.name = 'ApiError';
  }
}

const parse = (text: string): unknown => {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refusalOf = (status: number, answer: unknown): ApiError => {
  const { error, message } = (answer ?? {}) as {
    readonly error?: { readonly message?: unknown; readonly code?: unknown };
    readonly message?: unknown;
  };
  const said = error?.message ?? message;
  return new ApiError(
    status,
    typeof said === 'string' ? said : `The server answered ${status} without saying why.`,
    typeof error?.code === 'string' ? error.code : undefined,
  );
};

/** Sends one request. @throws {ApiError} for every answer that is no success, and with status 0 when none came. */
export const sendTo = async (
  api: Api,
  method: string,
  url: string,
  sent: { readonly body?: string; readonly userAction?: string } = {},
): Promise<unknown> => {
  let response: Response;
  try {
    response = await fetch(new URL(url, api.baseUrl), {
      method,
      headers: {
        accept: 'application/json',
        ...(api.token && { authorization: `Bearer ${api.token}` }),
        ...(sent.body !== undefined && { 'content-type': 'application/json' }),
        ...(sent.userAction && { 'x-dfns-useraction': sent.userAction }),
      },
      ...(sent.body !== undefined && { body: sent.body }),
      redirect: 'error',
    });
  } catch {
    throw new ApiError(0, `The server at ${api.baseUrl} can’t be reached.`);
  }
  const answer = parse(await response.text());
  if (response.ok && answer !== undefined) return answer;
  throw refusalOf(response.status, answer);
};

/** Reads by the contract table, and checks the answer’s shape. @throws {ApiError} */
export const reader =
  (api: Api): Read =>
  async (operationId, { params, query } = {}) => {
    const operation = OPERATIONS.find((one) => one.id === operationId);
    if (operation?.method !== 'GET') throw new RangeError(`${operationId} reads nothing.`);
    const answer = await sendTo(api, 'GET', fillPath(operation.path, params) + queryString(query));
    const shaped = operation.response?.safeParse(answer);
    if (shaped && !shaped.success) {
      const [issue] = shaped.error.issues;
      throw new ApiError(
        0,
        `The answer to ${operationId} is not what this client understands (${issue?.path.join('.') || 'whole answer'}: ${issue?.message}).`,
      );
    }
    return answer;
  };
