/** How the content of a file on the hub is identified: by SHA-256 in Git LFS, else by git's blob hash. */
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

/** What would be downloaded. A plan is plain data: it is shown before any file is fetched, and kept with the files. */
export interface DownloadPlan {
  /** URL of the hub, without a trailing slash. */
  readonly base: string;
  /** `owner/name`, or a name alone. */
  readonly id: string;
  /** The requested branch, tag or commit. */
  readonly revision: string;
  /** The commit it resolved to when the plan was made. Everything is fetched from there. */
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
  /** Its key in the cache: `owner/name@commit`. */
  readonly key: string;
  readonly id: string;
  readonly revision: string;
  readonly commit: string;
  /** Bytes that it takes on the disk. */
  readonly bytes: number;
  /** Bytes of its files when complete; 0 if unknown. */
  readonly totalBytes: number;
  /**
   * `complete` opens. `partial` resumes when downloaded again. `damaged`: files were lost or changed by something else; download it again
   * or delete it.
   */
  readonly state: 'complete' | 'partial' | 'damaged';
}

/** Bytes of the cache, and the browser's quota for this site. */
export interface CacheUsage {
  readonly bytes: number;
  /** Everything the site stores, the cache included. */
  readonly siteBytes: number;
  readonly quotaBytes: number;
}
