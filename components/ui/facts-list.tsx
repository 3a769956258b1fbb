import type { ReactNode } from 'react';

export type FactRow = { readonly label: string; readonly value: ReactNode };

export const fact = (label: string, value: ReactNode): FactRow => ({ label, value });

/** Labelled values, one a line; a row without a value is left out. */
export const FactsList = ({ rows }: { rows: readonly FactRow[] }) => (
  <dl className="grid grid-cols-[96px_minmax(0,1fr)] sm:grid-cols-[140px_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
    {rows
      .filter(({ value }) => value !== null && value !== undefined && value !== '')
      .map(({ label, value }) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
  </dl>
);
