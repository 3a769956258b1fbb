/** One measured figure beside what it has to reach. `value` and `target` are in `unit`; without a target it is only shown. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | '×' | '/s' | 'MB' | 'KB' | 'points' | 'p';
  readonly target?: number;
  /** The target is the least that is wanted, not the most. */
  readonly isFloor?: boolean;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

const DIGITS = { ms: 0, s: 2, '×': 2, '/s': 0, MB: 0, KB: 0, points: 0, p: 4 } as const;
const shown = (value: number, unit: Figure['unit']): string =>
  `${value.toFixed(unit === 'ms' && value < 10 ? 2 : DIGITS[unit])} ${unit}`;

const verdictOf = ({ value, target, isFloor = false }: Figure): string => {
  if (target === undefined) return '';
  return (isFloor ? value >= target : value <= target) ? 'reached' : 'MISSED';
};

/** One figure in a line. */
export const lineOf = (figure: Figure): string =>
  [figure.name, shown(figure.value, figure.unit), verdictOf(figure)].filter((part) => part !== '').join(': ');

/** A Markdown table of figure, target and verdict. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure.value, figure.unit),
    figure.target === undefined ? '' : `${figure.isFloor ? '≥' : '≤'} ${shown(figure.target, figure.unit)}`,
    verdictOf(figure),
  ]);
  const all = [['figure', 'measured', 'target', 'verdict'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
};
