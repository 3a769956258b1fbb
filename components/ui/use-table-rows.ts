'use client';

import { useDeferredValue, useMemo } from 'react';
import type { Sort } from './list-state';
import type { Column, ShownRow } from './table-types';
import { useRowTexts } from './use-row-texts';

const collator = new Intl.Collator(undefined, { numeric: true });

/** The rows in the column's order; what they are ordered by is read once of each. */
const inOrder = <Row>(rows: readonly Row[], column: Column<Row>, isDown: boolean): readonly Row[] => {
  const sign = isDown ? -1 : 1;
  const { order, text } = column;
  if (order) {
    const keyed = rows.map((row) => ({ row, by: order(row) }));
    return keyed.sort((a, b) => (a.by - b.by) * sign).map(({ row }) => row);
  }
  const keyed = rows.map((row) => ({ row, by: text(row) }));
  return keyed.sort((a, b) => collator.compare(a.by, b.by) * sign).map(({ row }) => row);
};

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
  const texts = useRowTexts({ rows, columns, rowKey, isWanted: filter !== '' });

  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is keyed does not change
  const sorted = useMemo(() => {
    const column = columns.find((one) => one.id === sortId);
    const ordered = column ? inOrder(rows, column, sortDown ?? false) : rows;
    return ordered.map((row) => ({ row, key: rowKey(row) }));
  }, [rows, sortId, sortDown, columns]);
  return useMemo(() => {
    const words = sought.split(/\s+/).filter(Boolean);
    if (words.length === 0 || texts === null) return sorted;
    return sorted.filter(({ row }) => {
      const text = texts.get(row) ?? '';
      return words.every((word) => text.includes(word));
    });
  }, [sorted, sought, texts]);
};
