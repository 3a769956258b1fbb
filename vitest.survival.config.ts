import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** What must survive: each file starts the whole system, kills parts of it or robs its database, and looks at the chain. */
export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['e2e/survival/**/*.test.ts', 'lib/**/*.survival.test.ts'],
    globalSetup: ['lib/db/testing/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
