import { parseArgs } from 'node:util';
import { runAttackSuite } from '@/e2e/attack/command';

/** `npm run attack [-- --write] [-- --only WORD]`: exits 0 when every control was signed and no forgery was. */
const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, only: { type: 'string' } },
});
process.exitCode = await runAttackSuite({
  write: values.write,
  only: values.only,
  print: (line) => process.stdout.write(`${line}\n`),
});
