import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, test as base, expect } from '@playwright/test';
import { type PersonAtConsole, seat } from '../support/person-at-console';
import { startSystem } from '../support/start-system';
import { until } from '../support/system';
import { type Acme, type Beginning, found } from './founding';

/** One running system, begun on an empty database, and the people who use it. */
export type World = Beginning & {
  /** The organisation with its people, role, policy and funded wallet; made once, through the console alone. */
  readonly acme: () => Promise<Acme>;
};

/** USD of one ether in every story. */
export const ETHER_USD = 3000;

const open = async (browser: Browser, people: PersonAtConsole[]): Promise<World> => {
  const prices = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-prices-')), 'prices.json');
  fs.writeFileSync(prices, JSON.stringify({ EthereumSepolia: { native: String(ETHER_USD) } }));
  const system = await startSystem({ env: { PRICES_FILE: prices }, timeoutMs: 420_000 });
  const setupUrl = await until(
    async () => system.setupUrl() ?? '',
    (url) => url !== '',
  );
  let acme: Promise<Acme> | undefined;
  const world: World = {
    system,
    setupUrl,
    seat: async (name, options) => {
      const person = await seat(browser, system.baseUrl, name, options);
      people.push(person);
      return person;
    },
    acme: () => {
      acme ??= found(world);
      return acme;
    },
  };
  return world;
};

/** `world` lives as long as the worker; after each test no page of anybody may have complained. */
export const test = base.extend<{ noComplaints: undefined }, { world: World; people: PersonAtConsole[] }>({
  people: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => use([]),
    { scope: 'worker' },
  ],
  world: [
    async ({ browser, people }, use) => {
      const world = await open(browser, people);
      await use(world);
      await Promise.all(people.map(({ context }) => context.close()));
      await world.system.stop();
    },
    { scope: 'worker', timeout: 450_000 },
  ],
  noComplaints: [
    async ({ people }, use) => {
      await use(undefined);
      expect(people.flatMap((person) => person.complaints())).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
