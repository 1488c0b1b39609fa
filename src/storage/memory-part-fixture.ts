import type { PartFile } from './part-file.ts';

/** A part in memory that counts how often it was cleared. */
export class MemoryPart implements PartFile {
  content: Uint8Array<ArrayBuffer> = new Uint8Array();
  cleared = 0;
  tag: string | null = null;

  size(): number {
    return this.content.byteLength;
  }

  read(begin: number, end: number): Uint8Array {
    return this.content.subarray(begin, end);
  }

  append(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.content.byteLength + bytes.byteLength);
    joined.set(this.content);
    joined.set(bytes, this.content.byteLength);
    this.content = joined;
  }

  clear(): void {
    this.content = new Uint8Array();
    this.cleared++;
  }

  setTag(tag: string | null): Promise<void> {
    this.tag = tag;
    return Promise.resolve();
  }
}
