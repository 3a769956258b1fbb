import { type Refusal, RefusalError } from '@/lib/domain/refusal';

/** Headers of every answer of the API. */
export const COMMON_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, x-request-id',
  'cache-control': 'no-store',
  // Nothing of the API is a page, a frame or a script; readers elsewhere ask by CORS, which this does not stop.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Tells browsers to use nothing but HTTPS for a year; only where HTTPS is what the operator configured. */
export const transportHeaders = (publicUrl: string): Readonly<Record<string, string>> =>
  publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {};

/** Answers with a JSON document. */
export const jsonResponse = (
  requestId: string,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': requestId,
      ...headers,
    },
  });

/**
 * Answers with a refusal in the contract's shape (§1.6). The message stands in two places because clients read either.
 * `details` carry the refusal's code, for programs.
 */
export const problemResponse = (requestId: string, refusal: Refusal): Response => {
  const { status, message, code, details } = refusal;
  const retryAfter = details?.retryAfterSeconds;
  return jsonResponse(
    requestId,
    status,
    { error: { id: requestId, status, message, details: { code, ...details } }, message },
    {
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
      // Bytes nobody wanted may still be under way: the next request needs another connection.
      ...(status === 413 ? { connection: 'close' } : {}),
      ...(Array.isArray(details?.allow) ? { allow: details.allow.join(', ') } : {}),
    },
  );
};

/** The refusal an exception carries; anything else is ours and says nothing. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof RefusalError
    ? error.refusal
    : { code: 'internal.error', status: 500, message: 'Internal Server Error' };
