import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { givePasskeys, type Passkeys } from './virtual-authenticator';

/** Somebody at a screen of their own: a browser context, one page, passkeys, and what the browser complained about. */
export type PersonAtConsole = {
  readonly name: string;
  readonly email: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly passkeys: Passkeys;
  /** Console errors, uncaught exceptions and broken policies of content since the last call, except those that were expected. */
  readonly complaints: () => readonly string[];
  /** A refusal that the story provokes is logged by the browser as an error: it is none. */
  readonly expectComplaint: (pattern: RegExp) => void;
  readonly go: (path: string) => Promise<void>;
  /** A section of a page by its heading. */
  readonly section: (title: string | RegExp) => Locator;
};

/** Opens a browser context for a person. @param options Size and theme of the screen. */
export const seat = async (
  browser: Browser,
  baseURL: string,
  name: string,
  options: { readonly colorScheme?: 'light' | 'dark' } = {},
): Promise<PersonAtConsole> => {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  let heard: string[] = [];
  const expected: RegExp[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`${page.url()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => heard.push(`${page.url()}: uncaught ${error.message}`));
  return {
    name,
    email: `${name.toLowerCase()}@acme.example`,
    context,
    page,
    passkeys: await givePasskeys(page),
    complaints: () => {
      const left = heard.filter((line) => !expected.some((pattern) => pattern.test(line)));
      heard = [];
      expected.length = 0;
      return left;
    },
    expectComplaint: (pattern) => void expected.push(pattern),
    go: async (path) => void (await page.goto(path)),
    section: (title) => page.locator('section').filter({ has: page.getByRole('heading', { name: title }) }),
  };
};
