import { runDemo } from '@/e2e/support/demo';
import { readEnvironment } from '@/lib/env';

try {
  await runDemo(readEnvironment().dataDir, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
