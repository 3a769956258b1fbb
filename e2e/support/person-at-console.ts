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

export type SeatOptions = {
  readonly colorScheme?: 'light' | 'dark';
  /** Small and touched, where it is not a desk. */
  readonly isPhone?: boolean;
  readonly locale?: string;
  readonly timezoneId?: string;
};

/** Opens a browser context for a person. */
export const seat = async (
  browser: Browser,
  baseURL: string,
  name: string,
  { colorScheme = 'light', isPhone = false, locale = 'en-GB', timezoneId = 'Europe/Berlin' }: SeatOptions = {},
): Promise<PersonAtConsole> => {
  const context = await browser.newContext({
    baseURL,
    viewport: isPhone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: isPhone,
    isMobile: isPhone,
    colorScheme,
    reducedMotion: 'reduce',
    locale,
    timezoneId,
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
