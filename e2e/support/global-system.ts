import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareLedgersOf } from './ledgers';
import { startSystem } from './start-system';

/** One running system for all stories of a run. */
export const setup = async (): Promise<() => Promise<void>> => {
  const prices = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-prices-')), 'prices.json');
  fs.writeFileSync(prices, JSON.stringify({ EthereumSepolia: { native: '3000' } }));
  const system = await startSystem({ env: { PRICES_FILE: prices } });
  process.env.E2E_DATA_DIR = system.dataDir;
  process.env.E2E_PRICES_FILE = prices;
  return async () => {
    // Whatever the stories did: signer nodes and API must have come to the same state (design §4.2).
    const compared = await compareLedgersOf(system.dataDir).finally(() => system.stop());
    process.stdout.write(`replay and database agree on ${compared} organisations\n`);
    fs.rmSync(path.dirname(prices), { recursive: true, force: true });
  };
};
