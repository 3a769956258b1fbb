import { startSystem } from '@/e2e/support/start-system';
import { findSystem } from '@/e2e/support/system';
import { newPayer } from '@/e2e/support/transfers';
import { benchAuth } from './auth';
import { benchConsole } from './console';
import { benchEnumeration } from './enumeration';
import { type Figure, lineOf } from './figure';
import { LEDGER_PARTS } from './ledger';
import { benchMounts } from './mounts';
import { POLICY_PARTS } from './policy';
import { benchSigning } from './signing';
import type { BenchStage } from './stage';
import { benchStart } from './start';
import { benchTransfer } from './transfer';
import { benchWallet } from './wallet';

type Bench = (stage: BenchStage) => Promise<Figure[]>;

/** Benchmarks of a running system; each gets the same one. */
const ON_A_SYSTEM: Readonly<Record<string, Bench>> = {
  wallet: benchWallet,
  signing: benchSigning,
  transfer: benchTransfer,
  mounts: benchMounts,
};

export const BENCH_NAMES = ['start', 'ledger', 'policy', 'auth', 'enumeration', 'console', ...Object.keys(ON_A_SYSTEM)];

/** Parts of `ledger`, to be named instead of it. */
const PART_NAMES = Object.keys({ ...LEDGER_PARTS, ...POLICY_PARTS });

/** Runs the named benchmarks one after the other on a system of their own. */
export const runBenches = async (
  names: readonly string[],
  options: { readonly cold: boolean; readonly full?: boolean; readonly print: (line: string) => void },
): Promise<Figure[]> => {
  const known = [...BENCH_NAMES, ...PART_NAMES];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new Error(`There is no benchmark ${unknown}; there are ${known.join(', ')}.`);
  const figures: Figure[] = [];
  /** Said at once: a long run that is cut short has told what it found. */
  const take = (found: readonly Figure[]): void => {
    figures.push(...found);
    for (const figure of found) options.print(`  ${lineOf(figure)}`);
  };
  if (names.includes('start')) take(await benchStart(options));
  for (const [name, part] of Object.entries(LEDGER_PARTS))
    if (names.includes('ledger') || names.includes(name)) take(await part(options));
  for (const [name, part] of Object.entries(POLICY_PARTS))
    if (names.includes('policy') || names.includes(name)) take(await part(options));
  if (names.includes('auth')) take(await benchAuth(options));
  if (names.includes('enumeration')) take(await benchEnumeration(options));
  if (names.includes('console')) take(await benchConsole(options));
  const benches = names.filter((name) => name in ON_A_SYSTEM);
  if (benches.length === 0) return figures;
  const running = await startSystem();
  try {
    const stage = { running, payer: await newPayer(findSystem(running.dataDir)) };
    for (const name of benches) {
      options.print(`${name} …`);
      take((await ON_A_SYSTEM[name]?.(stage)) ?? []);
    }
  } finally {
    await running.stop();
  }
  return figures;
};
