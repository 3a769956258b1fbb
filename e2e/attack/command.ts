import fs from 'node:fs';
import path from 'node:path';
import type { Attack } from './attack';
import { pageOf, wordsOf } from './page';
import { RESIDUALS } from './statements';
import { ATTACKS, type Row, runSuite } from './suite';

type Options = { readonly write: boolean; readonly only?: string; readonly print: (line: string) => void };

/**
 * Runs the suite and says what came of each attack. `only` takes groups, separated by commas, or a part of a name.
 * @returns the exit code: 0 when every control was signed and no forgery was.
 */
export const runAttackSuite = async ({ write, only, print }: Options): Promise<number> => {
  const isAsked = (attack: Attack) => !only || only.split(',').includes(attack.group) || attack.name.includes(only);
  const outcome = await runSuite({
    attacks: ATTACKS.filter(isAsked),
    residuals: RESIDUALS.filter(isAsked),
    onControl: ({ scene, signed, failure }) =>
      print(`control: ${scene}: ${signed ? 'signed, as it should be' : `NOT SIGNED: ${failure ?? ''}`}`),
    onRow: (row) => print(lineOf(row)),
  });
  const { controls, rows, residuals } = outcome;
  const signatures = rows.filter(({ signed }) => signed).length;
  const isSound = controls.every(({ signed }) => signed) && [...rows, ...residuals].every(({ failure }) => !failure);
  print('');
  if (!isSound) print('A control was not signed, or an attack did not come to its end: the figures prove nothing.');
  if (residuals.length > 0)
    print(
      `documented residual, not counted: ${residuals.length} forgeries, ${residuals.filter(({ signed }) => signed).length} signatures`,
    );
  if (write && !only && isSound) {
    fs.writeFileSync(path.resolve(import.meta.dirname, '../../docs/attack-suite.md'), pageOf(outcome));
    print('wrote docs/attack-suite.md');
  }
  print(`${rows.length} forgeries, ${signatures} signatures`);
  return signatures === 0 && isSound ? 0 : 1;
};

const lineOf = (row: Row): string => {
  const verdict = row.signed ? 'SIGNED' : row.failure ? `FAILED: ${row.failure}` : wordsOf(row);
  return `${row.attack.group}: ${row.attack.name}: ${verdict}`;
};
