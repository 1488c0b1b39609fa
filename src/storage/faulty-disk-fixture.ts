import type { OpfsFile, OpfsFolder, SyncFile } from './opfs.ts';

export interface DiskFaults {
  /** Writes beyond this byte of a file write half of their data and return that count, like a browser over its quota. */
  readonly fullAt?: number;
  /** A file is never moved to this name; `reached` is called when it would be. */
  readonly stopBefore?: string;
  readonly reached?: () => void;
}

function faultyHandle(handle: SyncFile, { fullAt = Infinity }: DiskFaults): SyncFile {
  return {
    getSize: () => handle.getSize(),
    read: (buffer, options) => handle.read(buffer, options),
    write: (buffer, { at }) => {
      const short = at + buffer.byteLength > fullAt;
      return handle.write(short ? buffer.subarray(0, buffer.byteLength >> 1) : buffer, { at });
    },
    truncate: size => handle.truncate(size),
    flush: () => handle.flush(),
    close: () => handle.close(),
  };
}

function faultyFile(file: OpfsFile, faults: DiskFaults): OpfsFile {
  return {
    kind: 'file',
    getFile: () => file.getFile(),
    createSyncAccessHandle: async () => faultyHandle(await file.createSyncAccessHandle(), faults),
    move: name => {
      if (name !== faults.stopBefore) return file.move(name);
      faults.reached?.();
      return new Promise(() => undefined);
    },
  };
}

/** The same folder, on a faulty disk. */
export function faultyFolder(folder: OpfsFolder, faults: DiskFaults): OpfsFolder {
  return {
    kind: 'directory',
    getFileHandle: async (name, options) => faultyFile(await folder.getFileHandle(name, options), faults),
    getDirectoryHandle: async (name, options) =>
      faultyFolder(await folder.getDirectoryHandle(name, options), faults),
    removeEntry: (name, options) => folder.removeEntry(name, options),
    entries: () => folder.entries(),
  };
}
