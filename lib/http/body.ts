import type { z } from 'zod';
import { parseJson } from '@/lib/contract/json';
import { concatBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';

/** Most bytes of a request body. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * Reads a body once and keeps nothing of one that is too long, so that nobody can make the server hold more.
 * @returns the exact bytes, empty for no body; 413 when it is longer than `maxBytes`.
 */
export const readBody = async (request: Request, maxBytes: number): Promise<Outcome<Uint8Array>> => {
  const tooLarge = () => refused(413, 'contract.body_too_large', `The body is longer than ${maxBytes} bytes.`);
  if (!request.body) return accepted(new Uint8Array(0));
  const reader = request.body.getReader();
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) {
    await discard(reader);
    return tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return accepted(concatBytes(...chunks));
    length += value.length;
    if (length > maxBytes) {
      await discard(reader);
      return tooLarge();
    }
    chunks.push(value);
  }
};

/** How long, and how much, is read of a body that nobody wants. */
const DISCARD_MS = 8000;
const DISCARD_BYTES = 128 * 1_048_576;

/**
 * Reads on and keeps nothing. A client that writes before it reads would find its connection reset, and no answer, if the server closed
 * with bytes under way; this gives it a moment to finish, and no more.
 */
const discard = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  let isOver = false;
  let wake = () => {};
  const timer = setTimeout(() => {
    isOver = true;
    wake();
  }, DISCARD_MS);
  // One promise for each piece: a race against one that lives as long as the body would keep every piece that won.
  const next = () =>
    new Promise<ReadableStreamReadResult<Uint8Array> | null>((resolve, reject) => {
      wake = () => resolve(null);
      reader.read().then(resolve, reject);
    });
  try {
    for (let length = 0; length < DISCARD_BYTES && !isOver; ) {
      const read = await next();
      if (read === null || read.done) break;
      length += read.value.length;
    }
    reader.releaseLock();
  } catch {
    // The client has gone.
  } finally {
    clearTimeout(timer);
  }
};

/** A client that serialises "no body" sends two quotation marks; they count as none (contract §1.3). */
export const withoutQuotes = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 2 && bytes[0] === 0x22 && bytes[1] === 0x22 ? new Uint8Array(0) : bytes;

/** Parses a body by an operation's closed schema; empty bytes count as `{}`. Refuses with 415 or 400 naming the members. */
export const parseBody = (
  schema: z.ZodType | undefined,
  bytes: Uint8Array,
  contentType: string | null,
): Outcome<unknown> => {
  if (bytes.length > 0 && contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return refused(415, 'contract.content_type', 'The content type of a body must be application/json.');
  }
  const parsed = parseJson(bytes);
  if (!parsed.ok) return refused(400, 'contract.invalid_json', parsed.message);
  return parseWith(schema, parsed.value, 'body');
};

/** Parses the query: repeated keys become arrays. */
export const parseQuery = (
  schema: z.ZodType | undefined,
  search: URLSearchParams,
): Outcome<Readonly<Record<string, unknown>>> => {
  if (!schema) return accepted({});
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    Object.defineProperty(query, name, { value: values.length > 1 ? values : values[0], enumerable: true });
  }
  const parsed = parseWith(schema, query, 'query');
  return parsed.ok ? accepted(parsed.value as Readonly<Record<string, unknown>>) : parsed;
};

const parseWith = (schema: z.ZodType | undefined, value: unknown, what: string): Outcome<unknown> => {
  const parsed = schema?.safeParse(value);
  if (!parsed) return accepted(value);
  if (parsed.success) return accepted(parsed.data);
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message:
      issue.code === 'unrecognized_keys'
        ? `unknown property ${issue.keys.map((key) => `"${key}"`).join(', ')}`
        : issue.message,
  }));
  const first = errors[0];
  return refused(
    400,
    `contract.invalid_${what}`,
    first ? `${first.path || what}: ${first.message}` : `The ${what} is invalid.`,
    { errors },
  );
};
