import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const LIB = path.resolve(import.meta.dirname, '..');
const LENGTH = 100_000;

/** Regular expressions as they are written in code that reads what others send. */
const LITERAL =
  /(?<=[(=,:[!&|?{};\s])\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)(?=[.,;)\s\]])/g;

const sources = fs
  .readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|(^|\/)(testing|generated)\//.test(file));

const patterns = sources.flatMap((file) =>
  fs
    .readFileSync(path.join(LIB, file), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
    .flatMap((line) =>
      [...line.matchAll(LITERAL)].flatMap(([, source = '', flags = '']) => {
        try {
          return [{ file, pattern: new RegExp(source, flags) }];
        } catch {
          return [];
        }
      }),
    ),
);

/** Long texts that make a pattern with two ways to read them try them all. */
const HOSTILE = [
  'a',
  '0',
  ' ',
  '-',
  '.',
  '/',
  '=',
  'a.',
  'a-',
  '0.',
  '\\',
  '"',
  '[',
  '(',
  'Bearer ',
  'é',
  '\t',
  'A=',
  '%41',
].flatMap((piece) => {
  const long = piece.repeat(Math.ceil(LENGTH / piece.length));
  return [long, `${long}!`, `x${long}\n`];
});

test('patterns are found where they are written', () => {
  expect(patterns.length).toBeGreaterThan(80);
});

// One that backtracks takes minutes over 100 kB and runs into the limit of the test; the others take microseconds.
test('no pattern over what others send can be made to try every way of reading it', () => {
  for (const { pattern } of patterns)
    for (const text of HOSTILE) {
      pattern.lastIndex = 0;
      pattern.test(text);
    }
}, 60_000);

test('no pattern is made from what somebody sends', () => {
  const made = sources.filter((file) => /new RegExp\(/.test(fs.readFileSync(path.join(LIB, file), 'utf8')));
  // From lengths, from patterns of our own schemas, from names of our own processes and from words of our own.
  expect(made.sort()).toEqual([
    'compose/leftovers.ts',
    'compose/screening/ask-json.ts',
    'contract/change-requests.ts',
    'contract/example.ts',
    'transport/messages.ts',
  ]);
});

test('no page makes markup or code of text', () => {
  const root = path.resolve(LIB, '..');
  const SINK =
    /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|srcDoc/;
  const found = ['app', 'components', 'lib/client'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => SINK.test(fs.readFileSync(path.join(root, folder, file), 'utf8')))
      .map((file) => path.join(folder, file)),
  );
  expect(found).toEqual([]);
});
