import { defineConfig } from '@playwright/test';
import { ensureBrowser } from './e2e/ensure-browser.mjs';

/** Stories of the console in a real browser against a running system; e2e/stories of vitest cover the API. */
export default defineConfig({
  testDir: 'e2e',
  // *.test.ts beside them belong to vitest.
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 45_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: {
    browserName: 'chromium',
    // `localhost`, not 127.0.0.1: an IP address is no relying party for passkeys.
    baseURL: process.env.E2E_BASE_URL ?? 'http://localhost:3000',
    screenshot: 'only-on-failure',
    // Recording costs more processor time than the pages: asked for when a failure’s picture and context do not explain it.
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: ensureBrowser(),
      args: [
        '--disable-quic',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
