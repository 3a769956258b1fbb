import { ScreeningError } from './provider';

/** One question, well below what a request waits in all. */
const CALL_TIMEOUT_MS = 2_500;
const MOST_BYTES = 1024 * 1024;

export type JsonAnswer = { readonly status: number; readonly body: unknown };

/** A vendor's address as paths are put behind it: without slashes at its end. */
export const baseOf = (url: string): string => {
  let base = url;
  while (base.endsWith('/')) base = base.slice(0, -1);
  return base;
};

/**
 * Asks a vendor over HTTP and reads JSON. Follows no redirect, so that a key goes nowhere else; reads at most 1 MiB.
 * @returns status and body of a 2xx, and of a 4xx whose body is JSON.
 * @throws {ScreeningError} for everything else: no answer in time, 5xx, an HTML page, an empty or unreadable body.
 */
export const askJson = async (
  url: string,
  options: {
    readonly method?: 'GET' | 'POST';
    readonly secretHeaders: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly signal: AbortSignal;
    readonly timeoutMs?: number;
  },
): Promise<JsonAnswer> => {
  const { method = 'GET', secretHeaders, body, timeoutMs = CALL_TIMEOUT_MS } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      redirect: 'error',
      signal,
      headers: {
        ...secretHeaders,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await readAtMost(response, MOST_BYTES);
  } catch (error) {
    if (error instanceof ScreeningError) throw error;
    // The cause may name the whole address: an operator reads the host in the health answer.
    throw new ScreeningError(signal.aborted ? 'no answer in time' : 'not reachable');
  }
  const { status } = response;
  if (status >= 500 || status === 429 || status === 401) throw new ScreeningError(`answered ${status}`);
  const type = response.headers.get('content-type') ?? '';
  if (!/\bjson\b/i.test(type)) throw new ScreeningError(`answered ${status} without JSON`);
  try {
    return { status, body: JSON.parse(text) as unknown };
  } catch {
    throw new ScreeningError(`answered ${status} with a body that is not JSON`);
  }
};

const readAtMost = async (response: Response, most: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) throw new ScreeningError('answered more than it should');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** What a 4xx says of networks and assets, where it says so in words; null is any other refusal. */
export const unsupportedOf = (body: unknown): 'unsupportedNetwork' | 'unsupportedAsset' | null => {
  const words = JSON.stringify(body ?? '').toLowerCase();
  if (!/(un|not )support|unknown|invalid/.test(words)) return null;
  if (/network|chain\b|blockchain/.test(words)) return 'unsupportedNetwork';
  return /asset|token|currency/.test(words) ? 'unsupportedAsset' : null;
};
