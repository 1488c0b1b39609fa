import type { OpfsFile, OpfsFolder, SyncFile } from './opfs.ts';

export interface DiskFaults {
  /** Writes beyond this byte of a file take half of what they are given and say so, as a browser over its quota does. */
  readonly fullAt?: number;
  /** The file that is to get this name never gets it; `reached` is called when it should. */
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

/** The same folder on a disk with faults. */
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
