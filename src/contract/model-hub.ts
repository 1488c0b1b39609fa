/** How the content of a file on the hub is known: files in Git LFS by their SHA-256, others as git names a blob. */
export interface FileHash {
  readonly algorithm: 'sha256' | 'git-blob-sha1';
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly hash: FileHash;
}

/** What would be downloaded. A plan is plain data: it is shown to a person before a file is fetched, and kept with the files. */
export interface DownloadPlan {
  /** Address of the hub, without a slash at its end. */
  readonly base: string;
  /** `owner/name`, or a name alone. */
  readonly id: string;
  /** Branch, tag or commit that was asked for. */
  readonly revision: string;
  /** The commit that it named when the plan was made. Everything is fetched from there. */
  readonly commit: string;
  readonly files: readonly HubFile[];
  readonly totalBytes: number;
}

/** Progress over all files of a plan; `bytes` counts those kept from an earlier download too. */
export interface DownloadProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  /** The file that is being fetched or checked. */
  readonly file: string;
}

/** One model of the cache. */
export interface CachedModel {
  /** Names it in the cache: `owner/name@commit`. */
  readonly key: string;
  readonly id: string;
  readonly revision: string;
  readonly commit: string;
  /** Bytes that it takes on the disk. */
  readonly bytes: number;
  /** Bytes of its files when all are there; 0 where that is not known. */
  readonly totalBytes: number;
  /**
   * `complete` opens; `partial` is continued by downloading it again; of `damaged` files were lost or changed behind the
   * lab's back, and only downloading it again or deleting it helps.
   */
  readonly state: 'complete' | 'partial' | 'damaged';
}

/** Bytes of the cache, and what the browser grants this site in all. */
export interface CacheUsage {
  readonly bytes: number;
  /** All that the site stores, the cache included. */
  readonly siteBytes: number;
  readonly quotaBytes: number;
}
