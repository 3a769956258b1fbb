import { parseArgs } from 'node:util';
import { readEnvironmentOrExit } from '@/lib/compose/process';
import { rotateTokenKeyIn } from '@/lib/compose/rotate-token-key';

/** `npm run --silent tokens:rotate [-- --forget]`: prints one JSON line. Running servers notice by themselves. */
const { values } = parseArgs({ options: { forget: { type: 'boolean' } }, strict: true });
const { dataDir } = readEnvironmentOrExit('tokens:rotate');
try {
  const rotated = rotateTokenKeyIn(dataDir, values.forget ? 'forgotten' : 'believed');
  process.stdout.write(`${JSON.stringify(rotated)}\n`);
} catch (error) {
  process.stderr.write(`tokens:rotate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
