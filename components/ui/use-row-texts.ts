'use client';

import { useLayoutEffect, useState } from 'react';
import type { Column } from './table-types';

/** So long at most is read at once; a key pressed meanwhile waits no longer. */
const SLICE_MS = 8;

type TextsInput<Row> = {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly isWanted: boolean;
};

/**
 * What a filter looks through, of every row in small letters. A long list is read a slice at a time, so that keys are answered in
 * between; null until it has been read for the first time.
 */
export const useRowTexts = <Row>({
  rows,
  columns,
  rowKey,
  isWanted,
}: TextsInput<Row>): ReadonlyMap<Row, string> | null => {
  const [texts, setTexts] = useState<ReadonlyMap<Row, string> | null>(null);
  // Before the first paint, so that a short list is never seen whole under a filter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is keyed does not change
  useLayoutEffect(() => {
    if (!isWanted) return;
    const made = new Map<Row, string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let at = 0;
    const slice = () => {
      const until = performance.now() + SLICE_MS;
      for (let row = rows[at]; row !== undefined && performance.now() < until; row = rows[at]) {
        made.set(row, `${columns.map((column) => column.text(row)).join(' ')} ${rowKey(row)}`.toLowerCase());
        at += 1;
      }
      if (at < rows.length) timer = setTimeout(slice);
      else setTexts(made);
    };
    slice();
    return () => clearTimeout(timer);
  }, [rows, columns, isWanted]);
  return texts;
};
