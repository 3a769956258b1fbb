import { parseArgs } from 'node:util';
import { fundLocalAddress } from '@/lib/compose/faucet';
import { readEnvironment } from '@/lib/env';

const { values } = parseArgs({
  options: { network: { type: 'string' }, address: { type: 'string' }, amount: { type: 'string' } },
});

try {
  const result = await fundLocalAddress(readEnvironment().dataDir, values);
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
