import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { longRunPage } from '@/lib/compose/long-run';
import { countPlaywright, countVitest } from '@/lib/compose/test-reports';

let file: string;
beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'checks-')), 'report.json');
});
afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

const write = (report: unknown) => fs.writeFileSync(file, JSON.stringify(report));

test('a runner that leaves no report counts as a failure, whatever its exit code says', () => {
  expect(countVitest(file, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countPlaywright(file, 0)).toEqual({ passed: 0, failed: 1 });
});
test('a test file that could not be loaded counts as a failed test', () => {
  write({ numPassedTests: 7, numFailedTests: 1, testResults: [{ status: 'failed', assertionResults: [] }] });
  expect(countVitest(file, 1)).toEqual({ passed: 7, failed: 2 });
});
test('an unhandled error outside of any test counts as a failure', () => {
  write({ numPassedTests: 7, numFailedTests: 0, testResults: [] });
  expect(countVitest(file, 1)).toEqual({ passed: 7, failed: 1 });
});
test('a story that passed only when it was tried again counts as failed', () => {
  write({ stats: { expected: 3, unexpected: 1, flaky: 1 }, errors: [] });
  expect(countPlaywright(file, 1)).toEqual({ passed: 3, failed: 2 });
});

test('the page of a long run names every fact with its outcome', () => {
  const assertionResults = [
    { title: 'a killed signer is missed by nobody', status: 'passed', duration: 61_400 },
    { title: 'two are', status: 'failed', duration: null },
  ];
  const page = longRunPage(
    { numPassedTests: 1, numFailedTests: 1, testResults: [{ status: 'failed', assertionResults }] },
    new Date('2030-01-02T03:04:05Z'),
  );
  expect(page).toContain('2030-01-02: 1 passed, 1 failed');
  expect(page).toContain('| a killed signer is missed by nobody | passed | 61 |');
  expect(page).toContain('| two are | failed | 0 |');
});
