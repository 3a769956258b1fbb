import { classNames } from '@/components/ui/class-names';

type Line = { readonly mark: ' ' | '+' | '-'; readonly text: string };

/** Longest common subsequence of lines; definitions are short, so the plain table is fine. */
const diffLines = (before: readonly string[], after: readonly string[]): readonly Line[] => {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  const cell = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      table[i * width + j] = before[i] === after[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const next = after[j];
    if (old !== undefined && old === next) {
      lines.push({ mark: ' ', text: old });
      i++;
      j++;
    } else if (next !== undefined && (old === undefined || cell(i, j + 1) > cell(i + 1, j))) {
      lines.push({ mark: '+', text: next });
      j++;
    } else {
      lines.push({ mark: '-', text: old ?? '' });
      i++;
    }
  }
  return lines;
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members in one order, so that only what differs shows. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : isPlain(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;

const linesOf = (value: unknown): readonly string[] => JSON.stringify(sorted(value), null, 2).split('\n');

/** Before and after, line by line: removed lines red with −, added ones green with +. */
export const JsonDiff = ({ before, after }: { before: unknown; after: unknown }) => {
  const lines = diffLines(linesOf(before), linesOf(after));
  const changed = lines.filter((line) => line.mark !== ' ').length;
  if (changed === 0) return <p className="text-muted">Nothing differs.</p>;
  return (
    <pre className="thin-scroll max-h-96 overflow-auto rounded-md border bg-sunken py-2 text-xs leading-5">
      {lines.map((line, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          key={at}
          className={classNames(
            'whitespace-pre-wrap break-all px-3',
            line.mark === '+' && 'bg-good-wash text-good',
            line.mark === '-' && 'bg-bad-wash text-bad',
          )}
        >
          {line.mark === ' ' ? ' ' : line.mark === '+' ? '+' : '−'} {line.text}
        </div>
      ))}
    </pre>
  );
};
