import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Figure } from './figure';

/** Entries that a node decides one by one, then those up to which its store is filled with copies; the last with `--full` alone. */
const DECIDED = [10_000, 30_000];
const FILLED = [100_000];
const FULL = [100_000, 1_000_000];

type Grown = {
  readonly entries: number;
  readonly rate: number;
  readonly isFilled: boolean;
  readonly store: number;
  readonly directory: string;
  readonly orgId: string;
};
type Followed = { readonly start: number; readonly heap: number; readonly resident: number; readonly peak: number };
type Measured = { readonly seconds: number; readonly start: number; readonly peak: number };

const run = <T>(...words: readonly string[]): T[] =>
  execFileSync(process.execPath, ['--import', 'tsx', path.resolve(import.meta.dirname, 'node-memory.ts'), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const only = <T>(...words: readonly string[]): T => {
  const [line] = run<T>(...words);
  if (line === undefined) throw new Error(`Nothing came of ${words[0]}.`);
  return line;
};

const named = (entries: number): string => `${entries.toLocaleString('en')} entries`;

/** A fresh node over each store, which takes some entries more; the state made again; the export of the whole. Each in a process of its own. */
export const benchMemory = (
  print: (line: string) => void,
  { isFull = false }: { readonly isFull?: boolean } = {},
): Figure[] => {
  const filled = isFull ? FULL : FILLED;
  print(`ledger: a node over ${named(filled.at(-1) ?? 0)} …`);
  const stores = run<Grown>('grow', ...DECIDED.map(String), 'fill', ...filled.map(String));
  const decided = stores.findLast(({ isFilled }) => !isFilled);
  const last = stores.at(-1);
  if (!decided || !last) throw new Error('The ledger did not grow.');
  try {
    const nodes = stores.map((store) => ({ ...store, ...only<Followed>('follow', store.directory) }));
    const exported = only<Measured>('export', last.directory, last.orgId);
    const remade = only<Measured>('remake', decided.directory);
    const [smallest, largest] = [nodes[0], nodes.at(-1)];
    return [
      ...nodes.flatMap(({ entries, heap, resident, peak, start, store }) => [
        { name: `memory of a node after collection, ${named(entries)}`, value: heap, unit: 'MB' as const },
        { name: `the same process, resident, ${named(entries)}`, value: resident, unit: 'MB' as const },
        { name: `at its most, ${named(entries)}`, value: peak, unit: 'MB' as const },
        { name: `start of a node's ledger, ${named(entries)}`, value: start, unit: 's' as const },
        { name: `its store, ${named(entries)}`, value: store, unit: 'MB' as const },
      ]),
      {
        name: 'memory after collection, last against first',
        value: (largest?.heap ?? Number.NaN) / (smallest?.heap ?? Number.NaN),
        unit: '×',
        target: 1.5,
      },
      {
        name: 'most resident memory, last against first',
        value: (largest?.peak ?? Number.NaN) / (smallest?.peak ?? Number.NaN),
        unit: '×',
        target: 1.5,
      },
      ...stores
        .filter(({ isFilled }) => !isFilled)
        .map(({ entries, rate }) => ({ name: `growing to ${named(entries)}`, value: rate, unit: '/s' as const })),
      { name: `state made again, most resident memory, ${named(decided.entries)}`, value: remade.peak, unit: 'MB' },
      { name: `state made again, ${named(decided.entries)}`, value: decided.entries / remade.start, unit: '/s' },
      { name: `export, most resident memory, ${named(last.entries)}`, value: exported.peak, unit: 'MB', target: 200 },
      { name: `export, ${named(last.entries)}`, value: exported.seconds, unit: 's' },
    ];
  } finally {
    fs.rmSync(path.dirname(last.directory), { recursive: true, force: true });
  }
};
