'use client';

import { useDeferredValue, useMemo } from 'react';
import type { Sort } from './list-state';
import type { Column, ShownRow } from './table-types';

const collator = new Intl.Collator(undefined, { numeric: true });

const compare =
  <Row>(column: Column<Row>) =>
  (a: Row, b: Row): number =>
    column.order ? column.order(a) - column.order(b) : collator.compare(column.text(a), column.text(b));

type RowsInput<Row> = {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly filter: string;
  readonly sort: Sort | null;
};

/** The rows that fit the filter, in order. */
export const useTableRows = <Row>({
  rows,
  columns,
  rowKey,
  filter,
  sort,
}: RowsInput<Row>): readonly ShownRow<Row>[] => {
  // Typing stays quick whatever the length of the list: the rows follow when there is time.
  const sought = useDeferredValue(filter.toLowerCase());
  const { id: sortId, down: sortDown } = sort ?? {};

  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is keyed does not change
  const sorted = useMemo(() => {
    const column = columns.find((one) => one.id === sortId);
    const ordered = column ? [...rows].sort((a, b) => compare(column)(a, b) * (sortDown ? -1 : 1)) : rows;
    const parts = (row: Row) => columns.map((one) => one.text(row)).join(' ');
    return ordered.map((row) => ({ row, key: rowKey(row), text: `${parts(row)} ${rowKey(row)}`.toLowerCase() }));
  }, [rows, sortId, sortDown, columns]);
  return useMemo(() => {
    const words = sought.split(/\s+/).filter(Boolean);
    return words.length === 0 ? sorted : sorted.filter(({ text }) => words.every((word) => text.includes(word)));
  }, [sorted, sought]);
};
