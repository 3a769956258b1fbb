/** A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
const escapeCell = (cell: string): string => {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Rows as CSV (RFC 4180), first row the headings. */
export const toCsv = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, ...rows].map((row) => row.map(escapeCell).join(',')).join('\r\n');

/** Hands a text to the browser as a file. */
export const saveText = (fileName: string, text: string, type = 'text/csv') => {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
};
