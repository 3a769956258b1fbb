import type { Attack } from './attack';
import { ATTACKS, type Row, runSuite } from './suite';

type Options = { readonly write: boolean; readonly only?: string; readonly print: (line: string) => void };

/** Runs the suite and says what came of each attack. @returns the exit code. */
export const runAttackSuite = async ({ only, print }: Options): Promise<number> => {
  const isAsked = (attack: Attack) => !only || only.split(',').includes(attack.group) || attack.name.includes(only);
  const { controls, rows } = await runSuite({
    attacks: ATTACKS.filter(isAsked),
    onControl: ({ scene, signed, failure }) =>
      print(`control  ${scene}: ${signed ? 'signed, as it should be' : `NOT SIGNED ${failure ?? ''}`}`),
    onRow: (row) => print(lineOf(row)),
  });
  const signatures = rows.filter(({ signed }) => signed).length;
  const isSound = controls.every(({ signed }) => signed) && rows.every(({ failure }) => !failure);
  if (!isSound) print('\nA control was not signed, or an attack did not come to its end: the figures prove nothing.');
  print('');
  print(`${rows.length} forgeries, ${signatures} signatures`);
  return signatures === 0 && isSound ? 0 : 1;
};

/** Who refused, and with which code, in the order it happened. */
export const wordsOf = ({ refusedBy }: Row): string =>
  refusedBy.map(({ where, code, nodes }) => `${where} (${nodes} nodes) ${code}`).join('; ');

const lineOf = (row: Row): string => {
  const verdict = row.signed ? 'SIGNED' : row.failure ? `FAILED ${row.failure}` : 'refused';
  return `${row.attack.group}: ${row.attack.name}: ${verdict}: ${wordsOf(row)}`;
};
