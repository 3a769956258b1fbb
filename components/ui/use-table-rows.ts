'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useDeferredValue, useEffect, useMemo } from 'react';
import type { Sort } from './list-state';
import type { Column, TableData } from './table-types';

const collator = new Intl.Collator(undefined, { numeric: true });

const compare =
  <Row>(column: Column<Row>) =>
  (a: Row, b: Row): number =>
    column.order ? column.order(a) - column.order(b) : collator.compare(column.text(a), column.text(b));

/** Longer lists keep only what is near the screen in the page. */
const VIRTUAL_FROM = 120;
const ROW_HEIGHT = 41;
/** So many rows before the end the next page is fetched. */
const AHEAD = 20;

type RowsInput<Row> = {
  readonly data: TableData<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly filter: string;
  readonly sort: Sort | null;
  readonly scroller: RefObject<HTMLDivElement | null>;
};

/** The rows that fit the filter, in order, and which of them are near the screen; the next page comes before its end is reached. */
export const useTableRows = <Row>({ data, columns, rowKey, filter, sort, scroller }: RowsInput<Row>) => {
  // Typing stays quick whatever the length of the list: the rows follow when there is time.
  const sought = useDeferredValue(filter.toLowerCase());
  const { id: sortId, down: sortDown } = sort ?? {};

  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is keyed does not change
  const sorted = useMemo(() => {
    const column = columns.find((one) => one.id === sortId);
    const rows = column ? [...data.rows].sort((a, b) => compare(column)(a, b) * (sortDown ? -1 : 1)) : data.rows;
    const parts = (row: Row) => columns.map((one) => one.text(row)).join(' ');
    return rows.map((row) => ({ row, key: rowKey(row), text: `${parts(row)} ${rowKey(row)}`.toLowerCase() }));
  }, [data.rows, sortId, sortDown, columns]);
  const shown = useMemo(() => {
    const words = sought.split(/\s+/).filter(Boolean);
    return words.length === 0 ? sorted : sorted.filter(({ text }) => words.every((word) => text.includes(word)));
  }, [sorted, sought]);
  const isVirtual = shown.length > VIRTUAL_FROM;
  const virtual = useVirtualizer({
    count: isVirtual ? shown.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => shown[index]?.key ?? index,
    overscan: 12,
  });
  const window = virtual.getVirtualItems();
  const first = isVirtual ? (window[0]?.index ?? 0) : 0;
  const last = isVirtual ? (window.at(-1)?.index ?? 0) : shown.length - 1;
  const above = isVirtual ? (window[0]?.start ?? 0) : 0;
  const under = isVirtual ? virtual.getTotalSize() - (window.at(-1)?.end ?? 0) : 0;
  const wantsMore = isVirtual && data.hasMore && !data.isFetchingMore && last >= shown.length - AHEAD;
  const { fetchMore } = data;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once per page, not per render
  useEffect(() => {
    if (wantsMore) fetchMore();
  }, [wantsMore, data.rows.length]);
  return {
    shown,
    isVirtual,
    first,
    last,
    /** Heights of what is left out before and after. */
    above,
    under,
    measure: virtual.measureElement,
    scrollTo: (index: number) => {
      if (isVirtual) virtual.scrollToIndex(index);
    },
  };
};
