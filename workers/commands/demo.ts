import { runDemo } from '@/e2e/support/demo';
import { readEnvironmentOrExit } from '@/lib/compose/process';
import { NotRunningError } from '@/lib/run-file';

try {
  await runDemo(readEnvironmentOrExit('demo').dataDir, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  if (error instanceof NotRunningError) process.stderr.write(`demo: ${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
