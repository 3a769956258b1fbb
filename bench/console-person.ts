import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { ensureBrowser } from '@/e2e/ensure-browser.mjs';
import { consoleSession } from '@/e2e/support/console-session';
import type { Person } from '@/e2e/support/person';

export type PersonAtBench = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly executablePath: string;
  readonly close: () => Promise<void>;
};

/** Somebody who is signed in in a browser. */
export const sitDown = async (baseUrl: string, person: Person): Promise<PersonAtBench> => {
  const executablePath = ensureBrowser();
  const [name = '', value = ''] = (await consoleSession(baseUrl, person)).split(/=(.*)/s);
  const browser = await chromium.launch({ executablePath });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  await context.addCookies([{ name, value, url: baseUrl, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  return { context, page, executablePath, close: () => browser.close() };
};
