import path from 'node:path';
import { runChecks } from '@/lib/compose/checks';

/** `npm test`: everything that CI checks. The last line is `N passed, N failed`. */
process.exitCode = await runChecks({
  root: path.resolve(import.meta.dirname, '../..'),
  print: (line) => process.stdout.write(`${line}\n`),
});
