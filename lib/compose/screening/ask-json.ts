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
 * @throws {ScreeningError} for everything else: no answer in time, 401, 403, 429, 5xx, an HTML page, an empty or unreadable body.
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
  if (status >= 500 || status === 429 || status === 401 || status === 403)
    throw new ScreeningError(`answered ${status}`);
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

/** Every text in a body, its member names left out, as plain words: `UNSUPPORTED_ASSET` and `unsupportedAsset` read alike. */
const wordsIn = (value: unknown): string[] => {
  if (typeof value === 'string')
    return [
      value
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .replace(/[\s_-]+/g, ' ')
        .toLowerCase(),
    ];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : [];
};

const NOT_SUPPORTED = "(?:unsupported|not (?:yet )?supported|(?:isn't|aren't) supported|not (?:yet )?support)";
/** Whether the words say that one of the things is not supported: both stand in one clause, close together. */
const saysUnsupported = (words: string, things: string): boolean =>
  new RegExp(
    `\\b${NOT_SUPPORTED}\\b[^.;:,]{0,12}\\b(?:${things})\\b|\\b(?:${things})\\b[^.;,]{0,60}\\b${NOT_SUPPORTED}\\b`,
  ).test(words);
/** Statuses with which a vendor refuses what it was asked about. Any other says something of who asked, or of itself. */
const ABOUT_THE_QUESTION = [400, 404, 422];
/** Words about who asks: such a refusal is a failure whatever else it says. */
const ABOUT_WHO_ASKS =
  /\b(auth\w*|unauth\w*|credentials?|api ?keys?|bearer|access|header|plan|subscription|licen[cs]ed?)\b/;

/**
 * What a refusal says of networks and assets. Only a 400, 404 or 422 whose words say outright that one of them is not supported counts:
 * a policy may let such requests pass, so that any other refusal is a failure. @returns null for those.
 */
export const unsupportedOf = ({ status, body }: JsonAnswer): 'unsupportedNetwork' | 'unsupportedAsset' | null => {
  if (!ABOUT_THE_QUESTION.includes(status)) return null;
  const texts = wordsIn(body);
  if (texts.some((words) => ABOUT_WHO_ASKS.test(words))) return null;
  if (texts.some((words) => saysUnsupported(words, 'networks?|chains?|blockchains?'))) return 'unsupportedNetwork';
  return texts.some((words) => saysUnsupported(words, 'assets?|tokens?|currency|currencies'))
    ? 'unsupportedAsset'
    : null;
};
