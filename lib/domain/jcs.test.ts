import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '@/lib/contract/json';
import { canonicalBytes, canonicalJson, type Json } from './canonical-json';

/**
 * A second writer of RFC 8785, from its text and not from JSON.stringify: escapes by table, members by their UTF-16 code units, numbers
 * put together from the digits and the exponent.
 */
const ESCAPES: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\f': 'f',
  '\r': 'r',
  '"': '"',
  '\\': '\\',
};
const text = (value: string): string =>
  `"${value
    .split('')
    .map((unit) => {
      const known = ESCAPES[unit];
      if (known) return `\\${known}`;
      return unit < ' ' ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit;
    })
    .join('')}"`;
const number = (value: number): string => {
  if (value === 0) return '0';
  const sign = value < 0 ? '-' : '';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const n = Number(power) + 1;
  const k = digits.length;
  if (k <= n && n <= 21) return sign + digits + '0'.repeat(n - k);
  if (n > 0 && n <= 21) return `${sign}${digits.slice(0, n)}.${digits.slice(n)}`;
  if (n > -6 && n <= 0) return `${sign}0.${'0'.repeat(-n)}${digits}`;
  const exponent = `e${n - 1 < 0 ? '-' : '+'}${Math.abs(n - 1)}`;
  return k === 1 ? sign + digits + exponent : `${sign}${digits[0]}.${digits.slice(1)}${exponent}`;
};
const before = (a: string, b: string): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
const second = (value: unknown): string => {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return `[${value.map(second).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).sort(([a], [b]) => before(a, b));
  return `{${members.map(([key, item]) => `${text(key)}:${second(item)}`).join(',')}}`;
};

const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });

describe('RFC 8785', () => {
  test('two writers agree on every document', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value as Json)).toBe(second(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('two writers agree on every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(canonicalJson(value)).toBe(number(value));
      }),
      { numRuns: 5000 },
    );
  });

  test('what is written is read back by the parser of requests, and written the same again', () => {
    fc.assert(
      fc.property(json, (value) => {
        const bytes = canonicalBytes(value as Json);
        const parsed = parseJson(bytes);
        expect(parsed.ok && canonicalBytes(parsed.value as Json)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test('the order of members in the source changes nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.integer()), { selector: ([key]) => key }),
        (members) => {
          const forwards = Object.fromEntries(members);
          const backwards = Object.fromEntries(members.toReversed());
          expect(canonicalJson(forwards)).toBe(canonicalJson(backwards));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('members stand in the order of their UTF-16 code units, as in the example of section 3.2.3', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const written = canonicalJson(Object.fromEntries(keys.map((key) => [key, ''])));
    expect(Object.keys(JSON.parse(written)).filter((key) => key !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
    expect(written.indexOf('"\\r"')).toBeLessThan(written.indexOf('"1"'));
    expect(written.indexOf('"1"')).toBeLessThan(written.indexOf('"\u0080"'));
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the double %s of appendix B is %s', (hex, expected) => {
    const value = Buffer.from(hex, 'hex').readDoubleBE();
    expect(canonicalJson(value)).toBe(expected);
    expect(number(value)).toBe(expected);
  });

  test.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate', 'a\udc00'],
    ['surrogates in the wrong order', '\udc00\ud800'],
  ])('%s is no document', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson({ a: [value] })).toThrow(TypeError);
    if (typeof value === 'string') expect(() => canonicalJson({ [value]: 1 })).toThrow(TypeError);
  });
});

describe('the parser of requests', () => {
  /** Documents as text, with a member repeated in some object, perhaps escaped. */
  const repeated = fc
    .tuple(fc.string({ unit: 'binary', minLength: 1 }), json, json, fc.boolean(), fc.nat({ max: 3 }))
    .map(([key, a, b, isEscaped, depth]) => {
      const again = isEscaped
        ? `"${key
            .split('')
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
            .join('')}"`
        : JSON.stringify(key);
      const object = `{${JSON.stringify(key)}:${JSON.stringify(a)},${again}:${JSON.stringify(b)}}`;
      return `${'[{"x":'.repeat(depth)}${object}${'}]'.repeat(depth)}`;
    });

  test('refuses a member that occurs twice, however it is written and however deep', () => {
    fc.assert(
      fc.property(repeated, (document) => {
        expect(parseJson(new TextEncoder().encode(document)).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses every document with a byte behind it that is not white space', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('x', '}', ',', '0', '\u00a0', '\ufeff', '\u0000'), (value, tail) => {
        const bytes = new TextEncoder().encode(`${JSON.stringify([value])}${tail}`);
        expect(parseJson(bytes).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('every escape of a document means the same as the character itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const escaped = `"${value
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join('')}"`;
        expect(parseJson(new TextEncoder().encode(escaped))).toEqual({ ok: true, value });
      }),
      { numRuns: 500 },
    );
  });
});
