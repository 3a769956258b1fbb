import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Conformance stories: the unmodified SDK against one running system. */
export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    globalSetup: ['e2e/support/global-system.ts'],
    setupFiles: ['e2e/support/note-sdk-calls.ts'],
    include: ['e2e/stories/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    isolate: false,
  },
});
