import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildWorkersIfStale, bundleWorkers } from '@/lib/compose/worker-build';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-build-'));
  for (const dir of ['workers', 'lib', 'node_modules']) fs.mkdirSync(path.join(root, dir));
  fs.writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }');
  write('workers/signer.ts', `import { name } from '../lib/name';\nconsole.log(name);\n`);
  write('lib/name.ts', `export const name: string = 'one';\n`);
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
const builtSigner = (dir: string) => fs.readFileSync(path.join(dir, 'signer.js'), 'utf8');
const use = (dir: string, pid: number) => fs.writeFileSync(path.join(dir, 'used-by', String(pid)), '');
/** No process has this id: the largest that Linux gives out is 2^22. */
const NOBODY = 2 ** 22 + 1;

test('unchanged sources are not built again, a changed one is', async () => {
  const first = await buildWorkersIfStale(root);
  expect(first.isNew).toBe(true);
  expect(builtSigner(first.dir)).toContain('"one"');
  expect(await buildWorkersIfStale(root)).toEqual({ dir: first.dir, isNew: false });
  write('lib/name.test.ts', 'tests are no source');
  expect((await buildWorkersIfStale(root)).isNew).toBe(false);
  write('lib/name.ts', `export const name: string = 'two';\n`);
  const second = await buildWorkersIfStale(root);
  expect(second.isNew).toBe(true);
  expect(builtSigner(second.dir)).toContain('"two"');
});

test('a launcher finds the build until a source changes, comes or goes', async () => {
  fs.mkdirSync(path.join(root, 'workers/commands'));
  fs.copyFileSync(
    path.join(REPOSITORY, 'workers/commands/fresh-build.cjs'),
    path.join(root, 'workers/commands/fresh-build.cjs'),
  );
  const find = () =>
    execFileSync(process.execPath, ['-p', "require('./workers/commands/fresh-build.cjs').freshBuild('workers')"], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  expect(find()).toBe('null');
  const { dir } = await buildWorkersIfStale(root);
  expect(find()).toBe(dir);
  write('lib/more.ts', '');
  expect(find()).toBe('null');
  fs.rmSync(path.join(root, 'lib/more.ts'));
  await buildWorkersIfStale(root);
  expect(find()).toBe(dir);
  write('lib/name.ts', `export const name: string = 'three';\n`);
  expect(find()).toBe('null');
});

test('a running system keeps the build it was started from; that of an ended one is removed', async () => {
  const first = await buildWorkersIfStale(root);
  write('lib/name.ts', `export const name: string = 'two';\n`);
  const second = await buildWorkersIfStale(root);
  expect(builtSigner(first.dir)).toContain('"one"');
  fs.rmSync(path.join(first.dir, 'used-by', String(process.pid)));
  use(first.dir, NOBODY);
  expect((await buildWorkersIfStale(root)).dir).toBe(second.dir);
  expect(fs.existsSync(first.dir)).toBe(false);
});

test('a build that fails says where and leaves the old one', async () => {
  const { dir } = await buildWorkersIfStale(root);
  write('lib/name.ts', 'export const name: string = ;\n');
  await expect(buildWorkersIfStale(root)).rejects.toThrow(/lib\/name\.ts:1:/);
  expect(builtSigner(dir)).toContain('"one"');
  write('lib/name.ts', `export const name: string = 'one';\n`);
  expect(await buildWorkersIfStale(root)).toEqual({ dir, isNew: false });
});

test('two starts at the same time build once', async () => {
  const builds = await Promise.all([buildWorkersIfStale(root), buildWorkersIfStale(root)]);
  expect(builds.filter((build) => build.isNew)).toHaveLength(1);
});

test('no file that a signer node loads holds web or database code, and none that another part loads opens a share', async () => {
  const outdir = path.join(root, 'out');
  const { metafile } = await bundleWorkers(REPOSITORY, outdir);
  const sourcesOf = (entry: string): string[] => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { path: next, external } of metafile.outputs[file]?.imports ?? []) if (!external) visit(next);
    };
    visit(path.relative(REPOSITORY, path.join(outdir, `${entry}.js`)));
    return [...seen].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
  };
  for (const entry of ['signer', 'pair-worker'])
    expect(sourcesOf(entry).filter((file) => /^lib\/(http|db|activity|broadcast|generated)\//.test(file))).toEqual([]);
  expect(sourcesOf('signer')).toContain('lib/signer/store.ts');
  for (const entry of ['server', 'coordinator', 'sequencer', 'broadcaster', 'scheduler', 'oracle'])
    expect(sourcesOf(entry).filter((file) => file.startsWith('lib/signer/'))).toEqual([]);
});
