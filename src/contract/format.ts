/** A number for people: at most four significant digits; very small and very large ones with an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : '∞';
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return value.toExponential();
  if (Number.isInteger(value)) return size >= 10_000 ? value.toLocaleString('en-US') : String(value);
  return String(Number(value.toPrecision(4)));
}

/** `value` with a fixed number of digits after the point, or a dash where it is not finite. */
export function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

export function percent(share: number, digits = 0): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : '–';
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A span of time in its two largest units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number of weights in words. */
export function formatWeights(count: number): string {
  if (count < 1e6) return `${Math.round(count / 1e3)} thousand`;
  return count < 1e9 ? `${Math.round(count / 1e6)} million` : `${(count / 1e9).toFixed(1)} billion`;
}

/** A model's name with its commit, if it has one, as short as people write it. */
export const shortModelName = (name: string): string => name.replace(/@([0-9a-f]{8})[0-9a-f]{32}$/, ' @ $1');

/** A number of things in words: one step, two steps, of each the digits. `many` where the plural is not made with an s. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** How often, in steps. */
export const everySteps = (every: number): string =>
  every === 1 ? 'every step' : `every ${countOf(every, 'step')}`;

interface AdapterNames {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
}

/** A short name for people: the description where the browser gives one, else vendor and architecture. */
export function gpuAdapterName({ vendor, architecture, description }: AdapterNames): string {
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
}
