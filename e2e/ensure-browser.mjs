/**
 * Finds a Chromium for the end-to-end stories, or installs one. Never skips: without a browser it says what to type and fails.
 *
 * Order: E2E_CHROMIUM, Playwright's own download, a browser of the system, then (as root, with apt) the Debian package,
 * then Playwright's installer.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const SYSTEM_BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @returns {string | undefined} absolute path of a browser that is there now. */
export const findBrowser = () => {
  if (process.env.E2E_CHROMIUM) {
    if (isExecutable(process.env.E2E_CHROMIUM)) return process.env.E2E_CHROMIUM;
    throw new Error(`E2E_CHROMIUM names ${process.env.E2E_CHROMIUM}, which can't be executed.`);
  }
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((dir) => SYSTEM_BROWSERS.map((name) => path.join(dir, name)));
  const fixed = SYSTEM_BROWSERS.map((name) => `/usr/bin/${name}`);
  return [chromium.executablePath(), ...fixed, ...onPath, ...MAC_BROWSERS].find(isExecutable);
};

/** @returns {string} absolute path of a browser. @throws if there is none and none can be installed. */
export const ensureBrowser = () => {
  const found = findBrowser();
  if (found) return found;
  const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (hasApt && process.getuid?.() === 0) {
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], options);
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
    const installed = findBrowser();
    if (installed) return installed;
  }
  const cli = path.join(import.meta.dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 2, 2] });
  const downloaded = findBrowser();
  if (downloaded) return downloaded;
  throw new Error(
    `There is no Chromium for the end-to-end tests. Type:\n  ${hasApt ? 'sudo apt-get install -y chromium' : 'npx playwright install --with-deps chromium'}\n` +
      'or set E2E_CHROMIUM to the path of a Chromium or Chrome.',
  );
};

const isExecutable = (file) => {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
};

if (process.argv[1] && fs.realpathSync(process.argv[1]) === import.meta.filename) {
  try {
    process.stdout.write(`${ensureBrowser()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
