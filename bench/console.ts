import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { answerTo } from '@/e2e/console/acts';
import { startSystem } from '@/e2e/support/start-system';
import { findSystem } from '@/e2e/support/system';
import { requestsThatWait } from '@/e2e/support/waiting-requests';
import { type PersonAtBench, sitDown } from './console-person';
import { queueRows } from './console-rows';
import { type Figure, median } from './figure';

const run = promisify(execFile);
/** Requests that wait for the reader: as many as the queue shows at first. */
const WAITING = 100;
const ROWS = 10_000;
const LOADS = 5;
const KILOBYTE = 1024;

/** Answers the queue with made-up rows, all at once, under the server's own headers. */
const fill = async (page: Page, count: number): Promise<void> => {
  const rows = queueRows(count, 'us-me', 'wa-bench');
  await page.route('**/x/approvals?*', async (route) => {
    const isMine = new URL(route.request().url()).searchParams.get('stage') === 'needsMe';
    await route.fulfill({ response: await answerTo(route), json: { items: isMine ? rows : [] } });
  });
};

/** When the largest thing was painted, after a load with an empty cache. */
const largestPaint = async (page: Page, url: string): Promise<number> => {
  await page.goto(url);
  await page.locator('tbody tr').first().waitFor();
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let last = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) last = Math.max(last, entry.startTime);
        }).observe({ type: 'largest-contentful-paint', buffered: true });
        setTimeout(() => resolve(last), 300);
      }),
  );
};

/** Scripts the page loads by itself, gzipped as a server sends them. */
const scriptBytes = async (page: Page, url: string): Promise<number> => {
  const bodies: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      bodies.push(response.body().then((body) => gzipSync(body).byteLength));
  });
  await page.goto(url);
  await page.locator('tbody tr').first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  return (await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0);
};

/** The longest time from a key or click to the next paint, over everything an approver does to a long list. */
const slowestInteraction = async (page: Page, url: string): Promise<number> => {
  await page.goto(url);
  await page.getByText(String(ROWS), { exact: true }).first().waitFor();
  await page.evaluate(() => {
    const state = window as unknown as { slowest: number };
    state.slowest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) state.slowest = Math.max(state.slowest, entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const pause = () => page.waitForTimeout(150);
  for (let at = 0; at < 12; at += 1) {
    await page.keyboard.press('j');
    await pause();
  }
  await page.getByRole('button', { name: 'Value' }).click();
  await pause();
  await page.keyboard.press('/');
  for (const key of 'send 77') {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await pause();
  }
  for (let at = 0; at < 7; at += 1) {
    await page.keyboard.press('Backspace');
    await pause();
  }
  await page.waitForTimeout(500);
  return page.evaluate(() => (window as unknown as { slowest: number }).slowest);
};

/** Lighthouse's score for accessibility of a page somebody is signed in to; null where it can't be fetched. */
const lighthouse = async (
  person: PersonAtBench,
  url: string,
  print: (line: string) => void,
): Promise<number | null> => {
  const cookies = await person.context.cookies(url);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-lighthouse-'));
  const file = path.join(folder, 'report.json');
  const headers = JSON.stringify({ Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') });
  const flags = ['--quiet', '--only-categories=accessibility', '--output=json', `--output-path=${file}`];
  try {
    await run(
      'npx',
      [
        '--yes',
        'lighthouse@12',
        url,
        ...flags,
        `--extra-headers=${headers}`,
        '--chrome-flags=--headless=new --no-sandbox',
      ],
      { env: { ...process.env, CHROME_PATH: person.executablePath }, timeout: 150_000 },
    );
    const report = JSON.parse(fs.readFileSync(file, 'utf8')) as { categories: { accessibility: { score: number } } };
    return report.categories.accessibility.score * 100;
  } catch (error) {
    print(`console: Lighthouse did not run (${error instanceof Error ? error.message.split('\n')[0] : error})`);
    return null;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

/** The approvals page of a production build: paint and script with requests that really wait, interaction with 10⁴ made-up rows, Lighthouse. */
export const benchConsole = async ({ print }: { readonly print: (line: string) => void }): Promise<Figure[]> => {
  const system = await startSystem({ timeoutMs: 420_000 });
  const url = `${system.baseUrl}/console/approvals`;
  try {
    const { approver } = await requestsThatWait(findSystem(system.dataDir), WAITING);
    const person = await sitDown(system.baseUrl, approver);
    try {
      const { page, context } = person;
      await page.goto(url);
      await page.locator('tbody tr').first().waitFor();
      const client = await context.newCDPSession(page);
      await client.send('Network.enable');
      await client.send('Network.setCacheDisabled', { cacheDisabled: true });
      const paints: number[] = [];
      for (let at = 0; at < LOADS; at += 1) paints.push(await largestPaint(page, url));
      const bytes = await scriptBytes(page, url);
      const other = await context.newPage();
      await fill(other, ROWS);
      const slowest = await slowestInteraction(other, url);
      const score = await lighthouse(person, url, print);
      return [
        { name: 'approvals page, largest paint, empty cache', value: median(paints) / 1000, unit: 's', target: 1.5 },
        { name: 'approvals page, script, gzipped', value: bytes / KILOBYTE, unit: 'KB', target: 250 },
        {
          name: `${ROWS.toLocaleString('en')} rows, slowest key or click → next paint`,
          value: slowest,
          unit: 'ms',
          target: 100,
        },
        ...(score === null
          ? []
          : [
              {
                name: 'approvals page, Lighthouse 12 accessibility',
                value: score,
                unit: 'points' as const,
                target: 100,
                isFloor: true,
              },
            ]),
      ];
    } finally {
      await person.close();
    }
  } finally {
    await system.stop();
  }
};
