import fs from 'node:fs';
import path from 'node:path';
import { compareLedgers } from '@/lib/ledger/testing/differential';

/** Replays every ledger of a running system as a signer node would. @throws where the database holds anything else. */
export const compareLedgersOf = (dataDir: string): Promise<number> => {
  const run = JSON.parse(fs.readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as { databaseUrl: string };
  return compareLedgers(run.databaseUrl);
};
