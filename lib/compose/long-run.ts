import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { countVitest, readVitestReport, run, type VitestReport } from '@/lib/compose/test-reports';

export type LongRunOptions = { root: string; print: (line: string) => void; now: () => Date };

/**
 * Runs what takes too long for `npm test`: processes and signers killed at every point, a database in the hands of a thief, ledgers
 * rewritten at random. Then looks at every screen in every width and theme, and has mutants of the policy engine judged by its tests.
 * Writes `docs/long-run.md`. @returns the exit code.
 */
export const runLong = async ({ root, print, now }: LongRunOptions): Promise<number> => {
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-long-')), 'report.json');
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--config', 'vitest.survival.config.ts', '--reporter=verbose', '--reporter=json'];
  const code = await run(process.execPath, [vitest, ...args, `--outputFile.json=${report}`], { cwd: root });
  const { passed, failed } = countVitest(report, code);
  if (fs.existsSync(report))
    fs.writeFileSync(path.join(root, 'docs/long-run.md'), longRunPage(readVitestReport(report), now()));
  fs.rmSync(path.dirname(report), { recursive: true, force: true });
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js');
  const everyView = { ...process.env, E2E_EVERY_WIDTH: '1', E2E_LONG: '1' };
  const unseen =
    (await run(process.execPath, [playwright, 'test', 'accounts', 'screens', 'together'], {
      cwd: root,
      env: everyView,
    })) === 0
      ? 0
      : 1;
  // Fails below the share of mutants that stryker.config.json asks for.
  const stryker = path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const survived = (await run(process.execPath, [stryker, 'run'], { cwd: root })) === 0 ? 0 : 1;
  print('');
  print(`${passed} passed, ${failed + unseen + survived} failed`);
  return failed + unseen + survived === 0 ? 0 : 1;
};

/** The page that a run leaves: every fact with its outcome and seconds. */
export const longRunPage = (report: VitestReport, at: Date): string => {
  const rows = report.testResults
    .flatMap((file) => file.assertionResults)
    .map(({ title, status, duration }) => `| ${title} | ${status} | ${Math.round((duration ?? 0) / 1000)} |`);
  return [
    '# Long run',
    '',
    `Written by \`npm run test:long\` on ${at.toISOString().slice(0, 10)}: ${report.numPassedTests} passed, ${report.numFailedTests} failed. Files start the whole system with real processes, database and chain node; ledgers are rewritten in memory.`,
    '',
    '| Fact | Outcome | Seconds |',
    '|---|---|---:|',
    ...rows,
    '',
  ].join('\n');
};
