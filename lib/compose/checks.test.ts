import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countPlaywright, countVitest } from '@/lib/compose/checks';

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
