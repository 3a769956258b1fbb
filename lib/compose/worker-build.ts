import fs from 'node:fs';
import path from 'node:path';
import { type Sources, sourceHash, stampsOf, writeLatest } from '@/lib/compose/source-hash';
import { withBuildLock } from '@/lib/compose/stale-build';
import { isAlive } from '@/lib/db/embedded-postgres-leftover';

/** What runs as a process or thread of its own, by the name of its built file. */
const ENTRIES = {
  coordinator: 'workers/coordinator.ts',
  sequencer: 'workers/sequencer.ts',
  broadcaster: 'workers/broadcaster.ts',
  scheduler: 'workers/scheduler.ts',
  webhooks: 'workers/webhooks.ts',
  oracle: 'workers/oracle.ts',
  server: 'workers/server.ts',
  signer: 'workers/signer.ts',
  'pair-worker': 'lib/signer/pair-worker.ts',
  'org-create': 'workers/commands/org-create.ts',
  faucet: 'workers/commands/faucet.ts',
  approve: 'workers/commands/approve.ts',
} as const;

const SOURCES: Sources = {
  paths: ['lib', 'workers', 'tsconfig.json', 'package-lock.json'],
  except: /(\.test\.tsx?$|^workers\/commands\/(?!(org-create|faucet|approve)\.ts$)|\/testing(\/|$))/,
};

/** Native, or finds its own files by where it lies: stays in node_modules. */
const EXTERNAL = ['esbuild', 'libsql', 'next', '@prisma/client', 'pg-native'];

/** Packages written as CommonJS call `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire as createRequireOfBuild } from 'node:module'; const require = createRequireOfBuild(import.meta.url);";

/** Files below `dir`; `isNew` says that they had to be built. */
export type WorkerBuild = { readonly dir: string; readonly isNew: boolean };

/**
 * Bundles the parts to plain JavaScript if there is no build of the present sources: loading TypeScript file by file costs each part
 * seconds. Every state of the sources has a directory of its own, so a build never changes what a running system restarts from.
 * @param root Absolute path of the repository.
 * @throws if a source can't be built; earlier builds stay.
 */
export const buildWorkersIfStale = (root: string): Promise<WorkerBuild> =>
  withBuildLock(root, 'worker-build', async () => {
    const builds = path.join(root, '.build', 'workers');
    const sources = stampsOf(root, SOURCES);
    const dir = path.join(builds, sourceHash(root, SOURCES).slice(0, 16));
    const isNew = !fs.existsSync(dir);
    if (isNew) {
      const unfinished = `${dir}.unfinished`;
      fs.rmSync(unfinished, { recursive: true, force: true });
      await bundleWorkers(root, unfinished);
      fs.renameSync(unfinished, dir);
    }
    writeLatest(builds, { built: dir, sources });
    markUse(dir);
    removeUnused(builds, dir);
    return { dir, isNew };
  });

/** Bundles every part into `outdir`; code that several parts use becomes a file that exactly these parts load. */
export const bundleWorkers = async (root: string, outdir: string) => {
  const esbuild = await import('esbuild');
  const entryPoints = Object.fromEntries(
    Object.entries(ENTRIES).filter(([, source]) => fs.existsSync(path.join(root, source))),
  );
  return esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    external: EXTERNAL,
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'silent',
  });
};

const USERS = 'used-by';

const markUse = (dir: string): void => {
  fs.mkdirSync(path.join(dir, USERS), { recursive: true });
  fs.writeFileSync(path.join(dir, USERS, String(process.pid)), '');
};

/** A system that runs may start a part from its build again at any time; the builds of ended systems serve nobody. */
const removeUnused = (builds: string, current: string): void => {
  for (const name of fs.readdirSync(builds)) {
    const dir = path.join(builds, name);
    const users = fs.existsSync(path.join(dir, USERS)) ? fs.readdirSync(path.join(dir, USERS)) : [];
    if (dir !== current && fs.statSync(dir).isDirectory() && !users.some((pid) => isAlive(Number(pid))))
      fs.rmSync(dir, { recursive: true, force: true });
  }
};
