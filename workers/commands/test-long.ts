import path from 'node:path';
import { runLong } from '@/lib/compose/long-run';

/** `npm run test:long`: what must survive, at full length. Writes `docs/long-run.md`. */
process.exitCode = await runLong({
  root: path.resolve(import.meta.dirname, '../..'),
  print: (line) => process.stdout.write(`${line}\n`),
  now: () => new Date(),
});
