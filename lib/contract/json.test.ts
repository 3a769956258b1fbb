import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './json';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseJson(bytes(text));
const message = (text: string) => {
  const result = parse(text);
  return result.ok ? null : result.message;
};

describe('the body parser', () => {
  test('reads back whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  test('accepts only what JSON.parse accepts', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '0',
      '.5',
      'e9',
      ' ',
      '\n',
      'true',
      'nul',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const result = parse(text);
        if (text !== '' && result.ok) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('counts absent and empty bodies as the empty object', () => {
    expect(parse('')).toEqual({ ok: true, value: {} });
    expect(parse('{}')).toEqual({ ok: true, value: {} });
  });

  test('refuses a member that occurs twice, also when one is escaped', () => {
    expect(message('{"to":"a","to":"b"}')).toContain('"to" occurs twice');
    expect(message('{"to":"a","\\u0074o":"b"}')).toContain('"to" occurs twice');
    expect(message('{"a":[{"x":1,"x":1}]}')).toContain('"x" occurs twice');
    expect(message('{"__proto__":1,"__proto__":2}')).toContain('occurs twice');
  });

  test('keeps __proto__ and constructor as ordinary members and leaves prototypes alone', () => {
    const result = parse('{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}');
    expect(result.ok && Object.keys(result.value as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(result.ok && (result.value as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('accepts 64 levels and refuses 65', () => {
    expect(parse('['.repeat(64) + ']'.repeat(64)).ok).toBe(true);
    expect(message('['.repeat(65) + ']'.repeat(65))).toContain('64 levels');
    expect(message(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`)).toContain('64 levels');
  });

  test('answers 200 000 levels of nesting at once', () => {
    const started = performance.now();
    expect(parse('['.repeat(200_000)).ok).toBe(false);
    expect(parse('{"a":'.repeat(200_000)).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('reads a megabyte of escapes and members in linear time', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`k${i}`, '\n"\\'])));
    const started = performance.now();
    expect(parse(text).ok).toBe(true);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test.each([
    ['invalid UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22)],
    ['an overlong encoding', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
    ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
  ])('refuses %s', (_name, input) => {
    expect(parseJson(input)).toEqual({ ok: false, message: 'The body is not valid UTF-8.' });
  });

  test.each([
    ['a byte-order mark', '\ufeff{}'],
    ['text after the document', '{} {}'],
    ['a trailing comma', '{"a":1,}'],
    ['a missing comma', '[1 2]'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{}//'],
    ['a leading zero', '[01]'],
    ['a leading plus', '[+1]'],
    ['hexadecimal', '[0x10]'],
    ['a bare fraction', '[.5]'],
    ['NaN', '[NaN]'],
    ['Infinity', '[-Infinity]'],
    ['a number beyond the doubles', '[1e400]'],
    ['a control character in a text', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['a short unicode escape', '"\\u12"'],
    ['a lone surrogate', '"\\ud800"'],
    ['a reversed surrogate pair', '"\\udc00\\ud800"'],
    ['an unclosed text', '"abc'],
    ['an unclosed object', '{"a":1'],
    ['an unclosed array', '[1'],
    ['a lone word', 'undefined'],
    ['a non-breaking space', '\u00a0{}'],
    ['a vertical tab', '\u000b{}'],
    ['white space alone', ' '],
  ])('refuses %s', (_name, text) => {
    expect(parse(text).ok).toBe(false);
  });

  test('joins an escaped surrogate pair', () => {
    expect(parse('"\\ud83d\\ude00"')).toEqual({ ok: true, value: '😀' });
  });
});
