import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

test('every test that docs/abuse-tests.md names is there', () => {
  const lines = fs.readFileSync(path.join(ROOT, 'docs/abuse-tests.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => /^\| \d/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(20);
  const missing = rows.flatMap(([, number, , file = '', title = '']) => {
    const location = path.join(ROOT, file.replaceAll('`', ''));
    return fs.existsSync(location) && fs.readFileSync(location, 'utf8').includes(title)
      ? []
      : [`${number}: ${file} ${title}`];
  });
  expect(missing).toEqual([]);
});
