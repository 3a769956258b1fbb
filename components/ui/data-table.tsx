'use client';

import { ArrowDown, ArrowUp, Download, ListFilter } from 'lucide-react';
import { useRouter } from 'next/navigation';
import {
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { toCsv } from '@/lib/domain/csv';
import { Button } from './button';
import { classNames } from './class-names';
import { saveText } from './csv';
import { WithinLink } from './exact';
import { useHotkeys } from './hotkeys';
import { Input } from './input';
import { ListOrder } from './list-order';
import { useListState } from './list-state';
import { TableRow } from './table-row';
import { type Column, ROW_HEIGHT, type RowsInPage, type TableData } from './table-types';
import { toast } from './toast';
import { useIsInBrowser } from './use-is-in-browser';
import { useTableRows } from './use-table-rows';
import type { ScrollTo } from './virtual-rows';

/** Longer lists keep only what is near the screen in the page. */
const VIRTUAL_FROM = 120;
/** More than fits on a screen: what is below comes right after these are painted. */
const FIRST_ROWS = 30;
const VirtualRows = lazy(() => import('./virtual-rows').then((module) => ({ default: module.VirtualRows })));

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

/** Stands for the rows that are not in the page. One cell: one that spans the columns would take room for those a phone leaves out. */
const Gap = ({ height }: { height: number }) =>
  height > 0 && (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );

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
  const visible = useMemo(() => columns.filter((column) => !column.hidden), [columns]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [exporting, setExporting] = useState(false);
  const filterBox = useRef<HTMLInputElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const isMovedByKey = useRef(false);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const scrollTo = useRef<ScrollTo>(null);
  const shown = useTableRows({ rows: data.rows, columns, rowKey, filter, sort });
  // A server knows no screen: it draws the beginning.
  const isVirtual = useIsInBrowser() && shown.length > VIRTUAL_FROM;
  const atMost = useDeferredValue(VIRTUAL_FROM, FIRST_ROWS);

  const order = use(ListOrder);
  useEffect(() => {
    if (!order) return;
    order.current = shown.map(({ key }) => key);
    return () => {
      order.current = [];
    };
  }, [order, shown]);

  const at = shown.findIndex(({ key }) => key === (cursor ?? selectedKey));
  const move = (by: number) => {
    const index = Math.min(shown.length - 1, Math.max(0, at + by));
    const next = shown[index];
    if (!next) return;
    scrollTo.current?.(index);
    isMovedByKey.current = selectedKey === undefined;
    setCursor(next.key);
    if (selectedKey !== undefined && rowHref) router.push(rowHref(next.row) + suffix, { scroll: false });
  };
  useEffect(() => {
    if (!cursor) return;
    const row = body.current?.querySelector(`[data-key="${CSS.escape(cursor)}"]`);
    row?.scrollIntoView({ block: 'nearest' });
    // So that ⏎ is of the row, and not of the link that led to this page. An open detail keeps the focus it has.
    if (isMovedByKey.current) row?.querySelector('a')?.focus({ preventScroll: true });
    isMovedByKey.current = false;
  }, [cursor]);
  const open = useCallback(
    (key: string, href: string) => {
      setCursor(key);
      router.push(href, { scroll: false });
    },
    [router],
  );
  // What is opened elsewhere, by an approval that makes the next one slide in, is the place to go on from.
  useEffect(() => {
    if (selectedKey !== undefined) setCursor(selectedKey);
  }, [selectedKey]);
  useHotkeys([
    { keys: 'j', label: 'Next row', group: 'Lists', where: whole, run: () => move(1) },
    { keys: 'k', label: 'Row before', group: 'Lists', where: whole, run: () => move(-1) },
    {
      keys: 'Enter',
      label: 'Open',
      group: 'Lists',
      where: whole,
      run: () => {
        const found = shown[at];
        if (found && rowHref) router.push(rowHref(found.row) + suffix);
      },
    },
    { keys: '/', label: 'Filter', group: 'Lists', where: whole, run: () => filterBox.current?.focus() },
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
    } catch (error) {
      // A file of some pages would look like all of them.
      toast.failed('Nothing was exported', error instanceof Error ? error.message : 'Not every page could be read.');
    } finally {
      setExporting(false);
    }
  };

  const beginning = { first: 0, last: atMost - 1, above: 0, under: (shown.length - atMost) * ROW_HEIGHT };
  const rowsInPage = ({ first, last, above, under, measure }: RowsInPage) => (
    <>
      <Gap height={above} />
      {shown.slice(first, last + 1).map(({ row, key }, offset) => {
        const href = rowHref?.(row);
        return (
          <TableRow
            key={key}
            row={row}
            rowKey={key}
            index={first + offset}
            columns={visible}
            href={href === undefined ? undefined : href + suffix}
            isAtCursor={key === cursor}
            isSelected={key === selectedKey}
            measure={measure}
            onOpen={open}
          />
        );
      })}
      <Gap height={under} />
    </>
  );

  if (data.rows.length === 0 && !data.hasMore)
    return (
      <>
        {toolbar && <div className="flex h-11 items-center gap-2 border-b px-4 sm:px-6">{toolbar}</div>}
        {empty}
      </>
    );
  return (
    <div ref={whole} className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b px-4 py-1.5 sm:px-6">
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
      <div ref={setScroller} className="thin-scroll min-h-0 flex-1 overflow-auto">
        <table
          className="w-full table-fixed border-collapse text-sm"
          aria-rowcount={isVirtual ? shown.length + 1 : undefined}
        >
          <thead className="sticky top-0 z-10 bg-canvas">
            <tr>
              {visible.map((column) => (
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
          <tbody
            ref={body}
            onFocus={({ target }) => {
              const key = target.closest('tr')?.dataset['key'];
              if (key !== undefined) setCursor(key);
            }}
          >
            <WithinLink>
              {isVirtual ? (
                <Suspense fallback={rowsInPage(beginning)}>
                  <VirtualRows shown={shown} data={data} scroller={scroller} scrollTo={scrollTo}>
                    {rowsInPage}
                  </VirtualRows>
                </Suspense>
              ) : (
                rowsInPage(beginning)
              )}
            </WithinLink>
          </tbody>
        </table>
        {shown.length === 0 && (
          <p className="px-4 py-10 text-muted sm:px-6">
            {filter ? `Nothing here matches “${filter}”.` : 'Nothing among the latest. There may be more further back.'}
          </p>
        )}
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
