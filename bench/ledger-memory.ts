import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Figure } from './figure';

/** What one `npm run bench` has time for, and what the issue asks for (`--full`). */
const USUAL = [10_000, 100_000];
const FULL = [10_000, 100_000, 1_000_000];

type Milestone = {
  readonly entries: number;
  readonly heap: number;
  readonly start: number;
  readonly directory: string;
  readonly orgId: string;
};

const run = <T>(...words: readonly string[]): T[] =>
  execFileSync(process.execPath, ['--import', 'tsx', path.resolve(import.meta.dirname, 'node-memory.ts'), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const named = (entries: number): string => `${entries.toLocaleString('en')} entries`;

/** A node that follows a long ledger: its memory, its start, and the export of the whole. Each in a process of its own. */
export const benchMemory = (
  print: (line: string) => void,
  { isFull = false }: { readonly isFull?: boolean } = {},
): Figure[] => {
  const sizes = isFull ? FULL : USUAL;
  print(`ledger: a node over ${named(sizes.at(-1) ?? 0)} …`);
  const milestones = run<Milestone>(...sizes.map(String));
  const [first] = milestones;
  const last = milestones.at(-1);
  if (!first || !last) throw new Error('The ledger did not grow.');
  try {
    const [exported] = run<{ readonly peak: number }>('export', last.directory, last.orgId);
    return [
      ...milestones.map(({ entries, heap }) => ({
        name: `memory of a node after collection, ${named(entries)}`,
        value: heap,
        unit: 'MB' as const,
      })),
      { name: 'the same, last against first', value: last.heap / first.heap, unit: '×', target: 1.5 },
      { name: `start of a node's ledger, ${named(last.entries)}`, value: last.start, unit: 's' },
      {
        name: `export, most resident memory, ${named(last.entries)}`,
        value: exported?.peak ?? Number.NaN,
        unit: 'MB',
        target: 200,
      },
    ];
  } finally {
    fs.rmSync(last.directory, { recursive: true, force: true });
  }
};
