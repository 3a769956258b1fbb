import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BENCH_NAMES, runBenches } from '@/bench/bench';
import { tableOf } from '@/bench/figure';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
    // A node over 10⁶ entries, too.
    full: { type: 'boolean', default: false },
  },
});

try {
  const load = os.loadavg()[0] ?? 0;
  const names = positionals.length > 0 ? positionals : BENCH_NAMES;
  const figures = await runBenches(names, {
    cold: values.cold,
    full: values.full,
    print: (line) => process.stderr.write(`${line}\n`),
  });
  const machine = `${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}; load average ${load.toFixed(1)} before the run.`;
  const table = tableOf(figures);
  process.stdout.write(`${table}\n\n${machine}\n`);
  if (values.write) {
    const title = '# Benchmarks\n\nWritten by `npm run bench -- --write`; medians unless said otherwise.';
    const file = path.resolve(import.meta.dirname, '../../docs/benchmarks.md');
    fs.writeFileSync(file, `${title}\n\n${table}\n\n${machine}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
