import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '@/lib/contract/json';
import { canonicalBytes, canonicalJson, type Json, MAX_DEPTH, readCanonicalJson } from './canonical-json';
import { utf8ToBytes } from './hash';

/** The slow and obvious way: the strict parser, then the canonical text of what it read. */
const slowly = (bytes: Uint8Array): unknown => {
  const parsed = parseJson(bytes);
  if (!parsed.ok || bytes.length === 0) return undefined;
  try {
    return Buffer.from(bytes).equals(Buffer.from(canonicalBytes(parsed.value as Json))) ? parsed.value : undefined;
  } catch {
    return undefined;
  }
};

test.each([
  ['sorted members', '{"a":1,"b":[true,null,"x"]}'],
  ['unsorted members', '{"b":1,"a":2}'],
  ['a member twice', '{"a":1,"a":1}'],
  ['unsorted members deep inside', '{"a":[{"c":1,"b":2}]}'],
  ['white space', '{"a": 1}'],
  ['a needless escape', '{"a":"\\u0041"}'],
  ['an escaped backslash before ud800', '{"a":"\\\\ud800"}'],
  ['a lone surrogate', '{"a":"\\ud800"}'],
  ['negative zero', '{"a":-0}'],
  ['a number beyond the doubles', '{"a":1e400}'],
  ['an exponent as the runtime writes it', '{"a":1e+21}'],
  ['member names that are indexes, in order of text', '{"10":1,"9":2}'],
  ['member names that are indexes, in order of number', '{"9":1,"10":2}'],
  ['__proto__ as a member', '{"__proto__":{"a":1},"a":2}'],
  ['toJSON as a member', '{"toJSON":"x"}'],
  ['text behind it', '{"a":1}x'],
  ['nothing', ''],
  ['a byte-order mark', '\ufeff{}'],
  ['the deepest nesting', `${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}`],
  ['one level more', `${'['.repeat(MAX_DEPTH + 1)}${']'.repeat(MAX_DEPTH + 1)}`],
  ['one level more, of objects', `${'{"a":'.repeat(MAX_DEPTH)}{}${'}'.repeat(MAX_DEPTH)}`],
])('reading canonical bytes agrees with the strict parser: %s', (_, text) => {
  const bytes = utf8ToBytes(text);
  expect(readCanonicalJson(bytes)).toEqual(slowly(bytes));
});

test('bytes that are not UTF-8 are no canonical document', () => {
  expect(readCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
});

test('of any document exactly the canonical text is read', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const bytes = utf8ToBytes(text);
      expect(readCanonicalJson(bytes)).toEqual(slowly(bytes));
      let canonical: string;
      try {
        canonical = canonicalJson(JSON.parse(text) as Json);
      } catch {
        return;
      }
      expect(readCanonicalJson(utf8ToBytes(canonical))).toEqual(slowly(utf8ToBytes(canonical)));
    }),
  );
});
