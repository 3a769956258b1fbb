import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { ensureBrowser } from '@/e2e/ensure-browser.mjs';
import { givePasskeys } from '@/e2e/support/virtual-authenticator';

export type PersonAtBench = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly executablePath: string;
  readonly close: () => Promise<void>;
};

/** A first administrator who set the organisation up in a browser and is signed in there. */
export const sitDown = async (setupUrl: string): Promise<PersonAtBench> => {
  const executablePath = ensureBrowser();
  const browser = await chromium.launch({ executablePath });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const passkeys = await givePasskeys(page);
  await page.goto(setupUrl);
  await page.getByLabel('Name of the organisation').fill('Bench');
  await page.getByLabel('Your e-mail').fill('ada@bench.example');
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await page.getByRole('button', { name: 'Make first passkey' }).click();
  await page.getByText('losing the first one would lock everybody out').waitFor();
  await passkeys.takeSecurityKey();
  await page.getByRole('button', { name: 'Make second passkey' }).click();
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  return { context, page, executablePath, close: () => browser.close() };
};
