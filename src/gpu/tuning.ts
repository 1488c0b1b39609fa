/** How kernels are tuned for an adapter; passed to them as override constants. */
export interface Tuning {
  /** A software adapter: few wide lanes, costly barriers. */
  readonly software: boolean;
  /** Invocations that share one row in row-wise reductions; 1 means no barrier. `rowLanes × rowsPerGroup = 64`. */
  readonly rowLanes: number;
  readonly rowsPerGroup: number;
}

/** Software adapters reduce rows without barriers, hardware ones with a workgroup a row. */
export function tuningFor(info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'description'>): Tuning {
  const software = /swiftshader|llvmpipe|software|basic render/i.test(
    `${info.vendor} ${info.architecture} ${info.description}`,
  );
  return software ? { software, rowLanes: 1, rowsPerGroup: 64 } : { software, rowLanes: 64, rowsPerGroup: 1 };
}
