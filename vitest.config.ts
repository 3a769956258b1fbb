import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Rooms without state of their own, and words and counts of the console. They need no database. */
const PURE = [
  'authentication',
  'authorization',
  'chain',
  'contract',
  'domain',
  'evidence',
  'ledger',
  'mpc',
  'policy',
  'verifying',
]
  .map((room) => `lib/${room}/**/*.test.ts`)
  .concat('components/**/*.test.ts');

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Files share one set of modules: loading them anew for each file cost more than all tests together.
    isolate: false,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, exclude: ['lib/**/*.survival.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'parts',
          globalSetup: ['lib/db/testing/global-setup.ts'],
          include: ['lib/**/*.test.ts', 'workers/**/*.test.ts', 'prisma/**/*.test.ts', 'docs/**/*.test.ts'],
          exclude: ['node_modules/**', '.next/**', 'lib/**/*.survival.test.ts', ...PURE],
        },
      },
    ],
  },
});
