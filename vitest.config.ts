import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    globalSetup: ['lib/db/testing/global-setup.ts'],
    include: ['lib/**/*.test.ts', 'workers/**/*.test.ts', 'prisma/**/*.test.ts', 'docs/**/*.test.ts'],
    exclude: ['node_modules/**', '.next/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
