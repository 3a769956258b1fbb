'use client';

import { Download } from 'lucide-react';
import { toCsv } from '@/lib/domain/csv';
import { Button } from './button';
import { saveText } from './csv';

type CsvButtonProps = {
  /** Of the table and the file. */
  name: string;
  headings: readonly string[];
  rows: () => readonly (readonly string[])[];
};

/** The file of a table that is whole on the page. */
export const CsvButton = ({ name, headings, rows }: CsvButtonProps) => (
  <Button
    look="quiet"
    size="sm"
    aria-label={`Export ${name} as CSV`}
    onClick={() => saveText(`${name}.csv`, toCsv(headings, rows()))}
  >
    <Download aria-hidden />
    CSV
  </Button>
);
