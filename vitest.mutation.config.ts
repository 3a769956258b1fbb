import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** What judges mutants of the policy engine: its own tests, without the many random draws that find nothing the others miss. */
export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['lib/policy/**/*.test.ts'],
    exclude: ['lib/policy/decision-properties.test.ts', 'lib/policy/**/*.survival.test.ts'],
    // One worker loads the modules once for all files of a run; the next mutant gets a new one.
    isolate: false,
    testTimeout: 20_000,
  },
});
