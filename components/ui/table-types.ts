import type { ReactNode } from 'react';

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
  /** A sentence: takes a second line where it needs one. */
  readonly wraps?: boolean;
  /** Only for filter and file: no column of the table. */
  readonly hidden?: true;
  /** A second line under the first column where the others are left out. */
  readonly below?: (row: Row) => ReactNode;
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

/** Pixels. */
export const ROW_HEIGHT = 41;

export type ShownRow<Row> = { readonly row: Row; readonly key: string };

/** Which of the shown rows stand in the page, and the heights of what is left out before and after. */
export type RowsInPage = {
  readonly first: number;
  readonly last: number;
  readonly above: number;
  readonly under: number;
  readonly measure?: (element: HTMLElement | null) => void;
};
