import { expect, test } from 'vitest';
import decisions from './decisions.json';
import { answerTo, decisionPage, decisionTable } from './testing/decision-table';

const table = decisionTable.parse(decisions);

test.each(table.rows)('$fact', (row) => {
  expect(answerTo(table, row)).toEqual({ outcome: row.outcome, because: row.because });
});
test('every policy and request of the table stands in a row', () => {
  const used = new Set(table.rows.flatMap((row) => [...row.policies, row.request]));
  expect([...Object.keys(table.policies), ...Object.keys(table.requests)].filter((name) => !used.has(name))).toEqual(
    [],
  );
});
test('docs/policy-decisions.md says what the table says', async () => {
  await expect(decisionPage(table)).toMatchFileSnapshot('../../docs/policy-decisions.md');
});
