'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { classNames } from './class-names';
import type { Column } from './table-types';

type TableRowProps<Row> = {
  row: Row;
  rowKey: string;
  index: number;
  columns: readonly Column<Row>[];
  href: string | undefined;
  isAtCursor: boolean;
  isSelected: boolean;
  /** Of a list of which only a part is in the page: takes the row's height. */
  measure: ((element: HTMLTableRowElement | null) => void) | undefined;
  onOpen: (key: string, href: string) => void;
};

/** A row that is drawn again only when something of its own changed: moving through a long list touches two of them. */
export const TableRow = <R,>({
  row,
  rowKey,
  index,
  columns,
  href,
  isAtCursor,
  isSelected,
  measure,
  onOpen,
}: TableRowProps<R>) =>
  useMemo(
    () => (
      <tr
        data-key={rowKey}
        data-index={index}
        ref={measure}
        aria-rowindex={measure ? index + 2 : undefined}
        data-selected={isSelected || undefined}
        onClick={(event) => {
          if (href && !(event.target instanceof Element && event.target.closest('a,button'))) onOpen(rowKey, href);
        }}
        className={classNames(
          'h-10 border-b transition-colors',
          href && 'cursor-pointer hover:bg-hover',
          isAtCursor && 'bg-hover',
          isSelected && 'bg-selected hover:bg-selected',
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
                href={href}
                scroll={false}
                prefetch={false}
                className={classNames(
                  'block truncate rounded-sm font-medium',
                  column.wraps && 'line-clamp-2 whitespace-normal',
                )}
              >
                {column.cell(row)}
              </Link>
            ) : (
              column.cell(row)
            )}
            {column.below && <div className="mt-0.5 hidden beside:block max-sm:block">{column.below(row)}</div>}
          </td>
        ))}
      </tr>
    ),
    [row, rowKey, index, columns, href, isAtCursor, isSelected, measure, onOpen],
  );
