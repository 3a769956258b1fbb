// Generates the Prisma client after `npm install`. Nothing in generation needs Prisma's native schema engine, but its CLI downloads
// one before every command; pointing it at any existing file keeps the install free of that download.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build', 'index.js');
const run = spawnSync(process.execPath, [cli, 'generate'], {
  cwd: path.resolve(import.meta.dirname, '..'),
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
  encoding: 'utf8',
});
if (run.status !== 0) {
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}\n`);
  process.exit(run.status ?? 1);
}
