import { expect, test } from 'vitest';
import { csvLine, toCsv } from './csv';

test('a cell that a spreadsheet would run as a formula is text', () => {
  for (const cell of ['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '|cmd', '\r1']) expect(csvLine([cell])).toMatch(/^"?'/);
});
test('commas, quotes and line breaks stay in their cell', () => {
  expect(toCsv(['a', 'b'], [['x,y', 'say "hi"\n']])).toBe('a,b\r\n"x,y","say ""hi""\n"');
});
