import type { SpawnOptions } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildIfStale } from '@/lib/compose/next-build';
import { type Counts, countPlaywright, countVitest, NONE, run } from '@/lib/compose/test-reports';

type Step = { title: string; run: () => Promise<Counts> };
/** Steps one after the other; the lanes of a stage run beside each other. */
type Lane = readonly Step[];
type Stage = readonly Lane[];
export type ChecksOptions = { root: string; print: (line: string) => void };

/**
 * Runs every check, also after a failure, so that one run shows all that is wrong. A step without tests counts as one failed test when
 * it fails.
 * @returns the exit code.
 */
export const runChecks = async ({ root, print }: ChecksOptions): Promise<number> => {
  const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-reports-'));
  const total: Counts = { passed: 0, failed: 0 };
  const failures: string[] = [];
  const take = async (step: Step): Promise<void> => {
    print(`\n=== ${step.title}`);
    const startedAt = performance.now();
    const counts = await step.run().catch((error: unknown) => {
      print(error instanceof Error ? error.message : String(error));
      return { passed: 0, failed: 1 };
    });
    total.passed += counts.passed;
    total.failed += counts.failed;
    if (counts.failed > 0) failures.push(step.title);
    print(
      `=== ${step.title}: ${counts.failed === 0 ? 'ok' : 'FAILED'} (${Math.round((performance.now() - startedAt) / 1000)} s)`,
    );
  };
  const along = async (lane: Lane): Promise<void> => {
    for (const step of lane) await take(step);
  };
  for (const stage of stages(root, reports, print)) await Promise.all(stage.map(along));
  fs.rmSync(reports, { recursive: true, force: true });
  if (failures.length > 0) print(`\nfailed: ${failures.join(', ')}`);
  print('');
  print(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
};

const stages = (root: string, reports: string, print: (line: string) => void): readonly Stage[] => {
  const modules = path.join(root, 'node_modules');
  const node = (...args: string[]) => runOrFail(process.execPath, args, { cwd: root });
  const playwrightReport = path.join(reports, 'playwright.json');
  const vitest = async (config: string): Promise<Counts> => {
    const report = path.join(reports, `${config}.json`);
    const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await run(process.execPath, [path.join(modules, 'vitest/vitest.mjs'), ...args], { cwd: root });
    return countVitest(report, code);
  };
  const rooms = ['lib', 'app', 'workers', 'components', 'prisma', 'e2e'].filter((name) =>
    fs.existsSync(path.join(root, name)),
  );
  const quick: Lane = [
    { title: 'browser', run: () => node('e2e/ensure-browser.mjs') },
    { title: 'database client', run: () => node('prisma/generate.mjs') },
    { title: 'format and lint', run: () => node(path.join(modules, '@biomejs/biome/bin/biome'), 'check', '.') },
    {
      title: 'house rules',
      run: () =>
        node(
          path.join(modules, 'dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          '.dependency-cruiser.cjs',
          ...rooms,
        ),
    },
  ];
  const attacks: Lane = [{ title: 'attack suite', run: () => node('--import', 'tsx', 'workers/commands/attack.ts') }];
  const compiled: Lane = [
    {
      title: 'types',
      run: () => node(path.join(modules, 'typescript-native/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'),
    },
    {
      title: 'console build',
      run: async () => {
        const isNew = await buildIfStale(root, print);
        if (!isNew) print('the build is up to date');
        return NONE;
      },
    },
  ];
  const tested: Lane = [{ title: 'tests', run: () => vitest('vitest.config.ts') }];
  const told: Lane = [{ title: 'stories through the SDK', run: () => vitest('vitest.stories.config.ts') }];
  const seen: Lane = [
    {
      title: 'stories in the browser',
      run: async () => {
        const code = await run(process.execPath, [path.join(modules, '@playwright/test/cli.js'), 'test'], {
          cwd: root,
          env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
        });
        return countPlaywright(playwrightReport, code);
      },
    },
  ];
  // The attacks wait half of their time for nodes that were cut off, and are done while the tests run. Stories wait much of the time,
  // for blocks, jobs and pages: two lanes use what each leaves.
  return [[quick], [attacks, [...compiled, ...tested]], [told, seen]];
};

const runOrFail = async (command: string, args: readonly string[], options: SpawnOptions): Promise<Counts> =>
  (await run(command, args, options)) === 0 ? NONE : { passed: 0, failed: 1 };
