import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { compareLedgersOf } from './ledgers';
import { startVendor } from './screening-vendor';
import { CALLS_FILE, sdkCoverage } from './sdk-calls';
import { startSystem } from './start-system';

/** Whether every story was run. */
const isWhole = ({ vitest }: TestProject): boolean => {
  const stories = fs
    .readdirSync(path.resolve(import.meta.dirname, '../stories'))
    .filter((name) => /\.test\.ts$/.test(name));
  return new Set(vitest.state.getFiles().map((file) => file.filepath)).size === stories.length;
};

/** One running system for all stories of a run. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const prices = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-prices-')), 'prices.json');
  fs.writeFileSync(prices, JSON.stringify({ EthereumSepolia: { native: '3000' } }));
  const vendor = await startVendor();
  const system = await startSystem({
    env: { PRICES_FILE: prices, CHAINALYSIS_URL: `${vendor.url}/kyt`, CHAINALYSIS_KEY: 'the key of the stand-in' },
  });
  process.env.E2E_VENDOR_URL = vendor.url;
  process.env.E2E_DATA_DIR = system.dataDir;
  process.env.E2E_PRICES_FILE = prices;
  const calls = path.join(path.dirname(prices), 'sdk-calls.txt');
  fs.writeFileSync(calls, '');
  process.env[CALLS_FILE] = calls;
  return async () => {
    // Whatever the stories did: signer nodes and API must have come to the same state (design §4.2).
    const compared = await compareLedgersOf(system.dataDir).finally(() => system.stop());
    process.stdout.write(`replay and database agree on ${compared} organisations\n`);
    await vendor.stop();
    const { line, missing } = sdkCoverage(calls);
    process.stdout.write(`${line}\n`);
    // A run of some stories only can't exercise everything.
    if (isWhole(project) && missing.length > 0) {
      process.stdout.write(`not exercised: ${missing.join(', ')}\n`);
      process.exitCode = 1;
    }
    fs.rmSync(path.dirname(prices), { recursive: true, force: true });
  };
};
