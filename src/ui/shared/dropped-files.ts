import type { PathedFile } from '../../protocol/model-api.ts';

/** A model's folder has a few dozen; a home folder that was dropped by mistake has no end. */
export const MOST_DROPPED = 1_000;

/**
 * What was dropped, folders walked through; paths begin with the name of a dropped folder. Past `MOST_DROPPED` files the rest is left out,
 * and so is what the browser cannot read: whoever takes the files says what is missing.
 * To be called before the drop event is over: browsers forget what it held.
 */
export function droppedFiles(transfer: DataTransfer | null): Promise<PathedFile[]> {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  // Both at once, and before anything is awaited.
  const roots = items.map(item => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return walk(roots);
}

async function walk(
  roots: readonly { readonly entry: FileSystemEntry | null; readonly file: File | null }[],
): Promise<PathedFile[]> {
  const found: PathedFile[] = [];
  const waiting: FileSystemEntry[] = [];
  for (const { entry, file } of roots) {
    if (entry?.isDirectory) waiting.push(entry);
    else if (file) found.push({ path: file.name, file });
  }
  for (let entry = waiting.pop(); entry && found.length < MOST_DROPPED; entry = waiting.pop()) {
    if (entry.isDirectory) waiting.push(...(await childrenOf(entry as FileSystemDirectoryEntry)));
    else {
      const file = await fileOf(entry as FileSystemFileEntry);
      if (file) found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    }
  }
  return found;
}

const fileOf = (entry: FileSystemFileEntry): Promise<File | null> =>
  new Promise(resolve => entry.file(resolve, () => resolve(null)));

/** A reader gives a hundred entries at a time, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const next = (): Promise<FileSystemEntry[]> =>
    new Promise(resolve => reader.readEntries(resolve, () => resolve([])));
  const children: FileSystemEntry[] = [];
  for (let some = await next(); some.length > 0; some = await next()) {
    children.push(...some);
    if (children.length > MOST_DROPPED) break;
  }
  return children;
}
