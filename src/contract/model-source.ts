/**
 * A model folder in Hugging Face layout, wherever it lies. Structurally what the checkpoint reader takes; rooms that may not
 * import the reader build it from here.
 */
export interface ModelSource {
  /** What to call the model: `owner/name`, or a folder's name. */
  readonly name: string;
  /** Paths relative to the folder, and their bytes. */
  readonly files: ReadonlyMap<string, number>;
  /**
   * Bytes [begin, end) of a file, by default all of it. The caller owns the answer.
   * @throws LabError when there is no such file, the range leaves it, or the bytes are no longer there.
   */
  read(path: string, begin?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>;
}
