import { fileName, toCsv, type Table } from '../../record/tables.ts';

/** Downloads a file in the browser. */
export function saveFile(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the blob by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a table as CSV, under a name that says whose it is and of what. */
export function saveTable(label: string, part: string, table: Table): void {
  saveFile(fileName(label, part, 'csv'), 'text/csv', toCsv(table));
}
