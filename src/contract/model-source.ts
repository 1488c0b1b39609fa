/**
 * A model folder in Hugging Face layout, wherever it is stored. It has the shape that the checkpoint reader takes, for rooms that may not
 * import the reader.
 */
export interface ModelSource {
  /** What to call the model: `owner/name`, or a folder's name. */
  readonly name: string;
  /** Paths relative to the folder, and their bytes. */
  readonly files: ReadonlyMap<string, number>;
  /**
   * Bytes [begin, end) of a file, by default all of it. The caller owns the result.
   * @throws LabError when there is no such file, the range exceeds it, or the bytes are gone.
   */
  read(path: string, begin?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>;
}
