'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle } from 'react';
import { ROW_HEIGHT, type RowsInPage, type ShownRow, type TableData } from './table-types';

/** So many rows before the end the next page is fetched. */
const AHEAD = 20;

/** Brings the row of that index into view. */
export type ScrollTo = (index: number) => void;

type VirtualRowsProps = {
  shown: readonly ShownRow<unknown>[];
  data: Pick<TableData<unknown>, 'rows' | 'hasMore' | 'isFetchingMore' | 'fetchMore'>;
  /** What scrolls the rows; null until it is in the page. */
  scroller: HTMLElement | null;
  scrollTo: Ref<ScrollTo>;
  children: (inPage: RowsInPage) => ReactNode;
};

/** Of a long list only what is near the screen; the next page comes before its end is reached. */
export const VirtualRows = ({ shown, data, scroller, scrollTo, children }: VirtualRowsProps) => {
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller,
    // The first rows were there before this was loaded, and may have been scrolled.
    initialOffset: () => scroller?.scrollTop ?? 0,
    estimateSize: () => ROW_HEIGHT,
    // A new function would have every row of the list measured again.
    getItemKey: useCallback((index: number) => shown[index]?.key ?? index, [shown]),
    overscan: 12,
  });
  useImperativeHandle(scrollTo, () => (index) => virtual.scrollToIndex(index), [virtual]);
  const near = virtual.getVirtualItems();
  const last = near.at(-1)?.index ?? 0;
  const { fetchMore } = data;
  const wantsMore = data.hasMore && !data.isFetchingMore && last >= shown.length - AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once per page, not per render
  useEffect(() => {
    if (wantsMore) fetchMore();
  }, [wantsMore, data.rows.length]);
  return children({
    first: near[0]?.index ?? 0,
    last,
    above: near[0]?.start ?? 0,
    under: virtual.getTotalSize() - (near.at(-1)?.end ?? 0),
    measure: virtual.measureElement,
  });
};
