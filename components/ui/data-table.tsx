'use client';

import { ArrowDown, ArrowUp, Download, ListFilter } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { toCsv } from '@/lib/domain/csv';
import { Button } from './button';
import { classNames } from './class-names';
import { saveText } from './csv';
import { useHotkeys } from './hotkeys';
import { Input } from './input';
import { useListState } from './list-state';

export type Column<Row> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What filter, sort and CSV see. */
  readonly text: (row: Row) => string;
  /** Sorts by this instead of the text. */
  readonly order?: (row: Row) => number;
  readonly align?: 'right';
  /** Tailwind width of the column; without one it takes what is left. */
  readonly width?: string;
  /** A sentence: takes two lines where the room is narrow. */
  readonly wraps?: boolean;
  /** Left out when the detail pane takes half of the screen, and on phones. */
  readonly optional?: boolean;
};

export type TableData<Row> = {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => void;
  /** Every row of every page, for the export. */
  readonly fetchAll: () => Promise<readonly Row[]>;
};

type DataTableProps<Row> = {
  name: string;
  data: TableData<Row>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  rowHref?: (row: Row) => string;
  selectedKey?: string | undefined;
  toolbar?: ReactNode;
  /** Stands where the export of the rows would: for lists the server exports itself. */
  exports?: ReactNode;
  /** Shown instead of the table when there is no row at all. */
  empty: ReactNode;
  defaultSort?: { readonly id: string; readonly down: boolean };
};

const compare =
  <Row,>(column: Column<Row>) =>
  (a: Row, b: Row): number =>
    column.order
      ? column.order(a) - column.order(b)
      : column.text(a).localeCompare(column.text(b), undefined, { numeric: true });

/** Rows of 40 px that sort, filter, page by keyset, export CSV and answer to j, k and ⏎. The URL holds filter and order. */
export const DataTable = <Row,>({
  name,
  data,
  columns,
  rowKey,
  rowHref,
  selectedKey,
  toolbar,
  exports,
  empty,
  defaultSort,
}: DataTableProps<Row>) => {
  const router = useRouter();
  const { filter, setFilter, sort, setSort, suffix } = useListState(defaultSort);
  const [cursor, setCursor] = useState<string | null>(null);
  const [exporting, setExporting] = useState(false);
  const filterBox = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);

  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = data.rows.filter((row) => {
      const haystack =
        columns
          .map((column) => column.text(row))
          .join(' ')
          .toLowerCase() + rowKey(row);
      return words.every((word) => haystack.includes(word));
    });
    const column = columns.find((one) => one.id === sort?.id);
    return column ? [...matching].sort((a, b) => compare(column)(a, b) * (sort?.down ? -1 : 1)) : matching;
  }, [data.rows, filter, sort, columns, rowKey]);

  const at = shown.findIndex((row) => rowKey(row) === (cursor ?? selectedKey));
  const move = (by: number) => {
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (!next) return;
    setCursor(rowKey(next));
    if (selectedKey !== undefined && rowHref) router.push(rowHref(next) + suffix, { scroll: false });
  };
  useEffect(() => {
    if (cursor) body.current?.querySelector(`[data-key="${CSS.escape(cursor)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  useHotkeys([
    { keys: 'j', label: 'Next row', group: 'Lists', run: () => move(1) },
    { keys: 'k', label: 'Row before', group: 'Lists', run: () => move(-1) },
    {
      keys: 'Enter',
      label: 'Open',
      group: 'Lists',
      run: () => {
        const row = shown[at];
        if (row && rowHref) router.push(rowHref(row) + suffix);
      },
    },
    { keys: '/', label: 'Filter', group: 'Lists', run: () => filterBox.current?.focus() },
  ]);

  const exportCsv = async () => {
    setExporting(true);
    try {
      const rows = await data.fetchAll();
      saveText(
        `${name}.csv`,
        toCsv(
          columns.map((column) => column.header),
          rows.map((row) => columns.map((column) => column.text(row))),
        ),
      );
    } finally {
      setExporting(false);
    }
  };

  if (data.rows.length === 0 && !data.hasMore)
    return (
      <>
        {toolbar && <div className="flex h-11 items-center gap-2 border-b px-3 sm:px-5">{toolbar}</div>}
        {empty}
      </>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b px-3 py-1.5 sm:px-5">
        <div className="relative w-56 min-w-32 flex-1 sm:max-w-64">
          <ListFilter aria-hidden className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-faint" />
          <Input
            ref={filterBox}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            aria-label={`Filter ${name}`}
            placeholder="Filter"
            className="h-7 pl-7"
          />
        </div>
        {toolbar}
        <span className="tabular ml-auto hidden whitespace-nowrap text-muted text-xs sm:inline">
          {shown.length === data.rows.length ? shown.length : `${shown.length} of ${data.rows.length}`}
          {data.hasMore && '+'}
        </span>
        {exports ?? (
          <Button look="quiet" size="sm" busy={exporting} onClick={exportCsv} aria-label={`Export ${name} as CSV`}>
            <Download aria-hidden />
            <span className="beside:sr-only max-sm:sr-only">CSV</span>
          </Button>
        )}
      </div>
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        <table className="w-full table-fixed border-collapse text-sm">
          <thead className="sticky top-0 z-10 bg-canvas">
            <tr>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={sort?.id === column.id ? (sort.down ? 'descending' : 'ascending') : 'none'}
                  className={classNames(
                    'h-8 whitespace-nowrap border-b px-3 text-left font-normal first:pl-4 last:pr-4 sm:last:pr-6 sm:first:pl-6',
                    column.width,
                    column.align === 'right' && 'text-right',
                    column.optional && 'beside:hidden max-sm:hidden',
                  )}
                >
                  <button
                    type="button"
                    onClick={() => setSort(column.id)}
                    className="inline-flex items-center gap-1 rounded-sm text-muted text-xs hover:text-ink"
                  >
                    {column.header}
                    {sort?.id === column.id &&
                      (sort.down ? (
                        <ArrowDown aria-hidden className="size-3" />
                      ) : (
                        <ArrowUp aria-hidden className="size-3" />
                      ))}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row) => {
              const key = rowKey(row);
              const href = rowHref?.(row);
              return (
                <tr
                  key={key}
                  data-key={key}
                  aria-selected={key === selectedKey || undefined}
                  onClick={(event) => {
                    if (href && !(event.target instanceof Element && event.target.closest('a,button'))) {
                      setCursor(key);
                      router.push(href + suffix, { scroll: false });
                    }
                  }}
                  className={classNames(
                    'h-10 border-b transition-colors',
                    href && 'cursor-pointer hover:bg-hover',
                    key === cursor && 'bg-hover',
                    key === selectedKey && 'bg-selected hover:bg-selected',
                  )}
                >
                  {columns.map((column, position) => (
                    <td
                      key={column.id}
                      className={classNames(
                        'truncate px-3 py-1.5 first:pl-4 last:pr-4 sm:last:pr-6 sm:first:pl-6',
                        column.align === 'right' && 'tabular text-right',
                        column.optional && 'beside:hidden max-sm:hidden',
                      )}
                    >
                      {position === 0 && href ? (
                        <Link
                          href={href + suffix}
                          scroll={false}
                          prefetch={false}
                          className={classNames(
                            'block truncate rounded-sm font-medium',
                            column.wraps &&
                              'beside:line-clamp-2 beside:whitespace-normal max-sm:line-clamp-2 max-sm:whitespace-normal',
                          )}
                        >
                          {column.cell(row)}
                        </Link>
                      ) : (
                        column.cell(row)
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
        {shown.length === 0 && <p className="px-6 py-10 text-muted">Nothing here matches “{filter}”.</p>}
        {data.hasMore && (
          <div className="px-6 py-3">
            <Button size="sm" busy={data.isFetchingMore} onClick={data.fetchMore}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </div>
  );
};
