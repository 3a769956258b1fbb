import { MAX_DEPTH } from '@/lib/domain/canonical-json';

/** A parsed document, or why the bytes are not one. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Parses a request body: strict RFC 8259 in UTF-8. API and signer nodes use this one parser, so that both read the same
 * meaning into the same bytes. It refuses what other parsers resolve in different ways: duplicate members (after
 * unescaping), lone surrogates, numbers beyond the doubles, a byte-order mark, anything after the document.
 * A member named `__proto__` becomes an ordinary own property. Empty bytes count as `{}`.
 * Time is linear in the length; the limit on bytes is the caller's.
 */
export const parseJson = (bytes: Uint8Array): ParsedJson => {
  if (bytes.length === 0) return { ok: true, value: {} };
  const text = decodeUtf8(bytes);
  if (text === null) return { ok: false, message: 'The body is not valid UTF-8.' };
  try {
    const cursor: Cursor = { text, at: 0 };
    skipWhiteSpace(cursor);
    const value = readValue(cursor, 0);
    skipWhiteSpace(cursor);
    if (cursor.at !== text.length) fail(cursor, 'there is text after the document');
    return { ok: true, value };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { ok: false, message: error.message };
    throw error;
  }
};

type Cursor = { readonly text: string; at: number };

const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

const fail = (cursor: Cursor, reason: string): never => {
  throw new JsonSyntaxError(`The body is not valid JSON: ${reason} at character ${cursor.at}.`);
};

const WHITE_SPACE = /[ \t\n\r]*/y;
/** Everything from the space on, but the quotation mark and the backslash. */
const PLAIN = /[ !#-[\]-\u{10ffff}]*/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The text a sticky expression matches at the cursor; moves the cursor behind it. */
const take = (cursor: Cursor, expression: RegExp): string => {
  expression.lastIndex = cursor.at;
  const found = expression.exec(cursor.text)?.[0] ?? '';
  cursor.at += found.length;
  return found;
};

const skipWhiteSpace = (cursor: Cursor): void => {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) take(cursor, WHITE_SPACE);
};

const readValue = (cursor: Cursor, depth: number): unknown => {
  switch (cursor.text[cursor.at]) {
    case '{':
      return readObject(cursor, depth + 1);
    case '[':
      return readArray(cursor, depth + 1);
    case '"':
      return readString(cursor);
    case 't':
      return readWord(cursor, 'true', true);
    case 'f':
      return readWord(cursor, 'false', false);
    case 'n':
      return readWord(cursor, 'null', null);
    default:
      return readNumber(cursor);
  }
};

const readWord = <T>(cursor: Cursor, word: string, value: T): T => {
  if (!cursor.text.startsWith(word, cursor.at)) fail(cursor, 'a value was expected');
  cursor.at += word.length;
  return value;
};

const readNumber = (cursor: Cursor): number => {
  const found = take(cursor, NUMBER);
  if (found === '') fail(cursor, cursor.at === cursor.text.length ? 'it ends too early' : 'a value was expected');
  const value = Number(found);
  if (!Number.isFinite(value)) fail(cursor, 'a number is too large');
  return value;
};

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const readString = (cursor: Cursor): string => {
  cursor.at += 1;
  let value = take(cursor, PLAIN);
  if (cursor.text[cursor.at] !== '"') value = readEscapes(cursor, value);
  cursor.at += 1;
  return value;
};

const readEscapes = (cursor: Cursor, start: string): string => {
  const pieces = [start];
  while (cursor.text[cursor.at] === '\\') {
    const symbol = cursor.text[cursor.at + 1] ?? '';
    const digits = cursor.text.slice(cursor.at + 2, cursor.at + 6);
    const short = Object.hasOwn(SHORT_ESCAPES, symbol) ? SHORT_ESCAPES[symbol] : undefined;
    if (short !== undefined) {
      pieces.push(short);
      cursor.at += 2;
    } else if (symbol === 'u' && /^[0-9a-fA-F]{4}$/.test(digits)) {
      pieces.push(String.fromCharCode(Number.parseInt(digits, 16)));
      cursor.at += 6;
    } else {
      fail(cursor, 'an escape sequence is unknown');
    }
    pieces.push(take(cursor, PLAIN));
  }
  if (cursor.text[cursor.at] !== '"') {
    fail(cursor, cursor.at === cursor.text.length ? 'a text is not closed' : 'a text holds a control character');
  }
  const value = pieces.join('');
  // Text that UTF-8 can't carry has no canonical form, so it could never stand in the ledger.
  if (/\p{Surrogate}/u.test(value)) fail(cursor, 'a text holds a lone surrogate');
  return value;
};

const readArray = (cursor: Cursor, depth: number): unknown[] => {
  const items: unknown[] = [];
  if (depth > MAX_DEPTH) fail(cursor, `it is nested more than ${MAX_DEPTH} levels deep`);
  cursor.at += 1;
  skipWhiteSpace(cursor);
  if (cursor.text[cursor.at] === ']') {
    cursor.at += 1;
    return items;
  }
  for (;;) {
    items.push(readValue(cursor, depth));
    if (isLast(cursor, ']')) return items;
  }
};

const readObject = (cursor: Cursor, depth: number): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  if (depth > MAX_DEPTH) fail(cursor, `it is nested more than ${MAX_DEPTH} levels deep`);
  cursor.at += 1;
  skipWhiteSpace(cursor);
  if (cursor.text[cursor.at] === '}') {
    cursor.at += 1;
    return object;
  }
  for (;;) {
    if (cursor.text[cursor.at] !== '"') fail(cursor, 'a member name was expected');
    const name = readString(cursor);
    if (Object.hasOwn(object, name)) fail(cursor, `the member ${JSON.stringify(name.slice(0, 80))} occurs twice`);
    skipWhiteSpace(cursor);
    if (cursor.text[cursor.at] !== ':') fail(cursor, 'a colon was expected');
    cursor.at += 1;
    skipWhiteSpace(cursor);
    const value = readValue(cursor, depth);
    // SECURITY: an assignment to `__proto__` would set the prototype instead of a member.
    if (name === '__proto__') {
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
    } else {
      object[name] = value;
    }
    if (isLast(cursor, '}')) return object;
  }
};

/** Reads the comma or the closing bracket behind an item. */
const isLast = (cursor: Cursor, closing: ']' | '}'): boolean => {
  skipWhiteSpace(cursor);
  const symbol = cursor.text[cursor.at];
  if (symbol !== ',' && symbol !== closing) fail(cursor, `a comma or "${closing}" was expected`);
  cursor.at += 1;
  skipWhiteSpace(cursor);
  return symbol === closing;
};

/** Internal: carries the reason out of the recursion, which is at most `MAX_DEPTH` deep. */
class JsonSyntaxError extends Error {}
