import { type SpawnOptions, spawn } from 'node:child_process';
import fs from 'node:fs';

export type Counts = { passed: number; failed: number };

export const NONE: Counts = { passed: 0, failed: 0 };

/** Runs a command with this process's output. @returns its exit code, 1 if a signal ended it. */
export const run = (command: string, args: readonly string[], options: SpawnOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** A runner that fails without a failed test (a broken file, an unhandled error, no report at all) still counts as one failure. */
const withExitCode = (counts: Counts, exitCode: number): Counts =>
  exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

export type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    status: string;
    assertionResults: { title: string; status: string; duration?: number | null }[];
  }[];
};

export const readVitestReport = (file: string): VitestReport =>
  JSON.parse(fs.readFileSync(file, 'utf8')) as VitestReport;

/** Counts the report of vitest; a test file that can't even be loaded counts as one failed test. */
export const countVitest = (file: string, exitCode: number): Counts => {
  if (!fs.existsSync(file)) return withExitCode(NONE, exitCode || 1);
  const report = readVitestReport(file);
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  ).length;
  return withExitCode({ passed: report.numPassedTests, failed: report.numFailedTests + broken }, exitCode);
};

type PlaywrightReport = { stats: { expected: number; unexpected: number; flaky: number }; errors: unknown[] };

/** Counts the report of Playwright; a flaky test has failed once, which is once too often. */
export const countPlaywright = (file: string, exitCode: number): Counts => {
  if (!fs.existsSync(file)) return withExitCode(NONE, exitCode || 1);
  const { stats, errors } = JSON.parse(fs.readFileSync(file, 'utf8')) as PlaywrightReport;
  return withExitCode({ passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }, exitCode);
};
