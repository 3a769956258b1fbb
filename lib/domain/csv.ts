/** SECURITY: a cell that a spreadsheet would run as a formula gets an apostrophe in front; quoting alone does not stop it. */
const escapeCell = (cell: string): string => {
  const safe = /^(?:\s*[=+\-@|%]|[\t\r\n])/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line of CSV (RFC 4180), without its line break. */
export const csvLine = (cells: readonly string[]): string => cells.map(escapeCell).join(',');

/** Rows as CSV (RFC 4180), first row the headings. */
export const toCsv = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, ...rows].map(csvLine).join('\r\n');
