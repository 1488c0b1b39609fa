// oxlint-disable-next-line import/default -- With this query Vite gives the address of the built script.
import workerUrl from '../../workers/lab.worker.ts?worker&url';

/** The blob of one line: kept for every worker of this page, and never revoked, since not every browser reads it at once. */
let starter: string | undefined;

/**
 * Starts the worker under the page's own Content Security Policy. A worker loaded from a URL has the policy that its answer
 * brings, which is none where a host sends no headers; one loaded from a blob inherits its creator's, so a blob of one line
 * imports the script. Its `location` is that blob: the worker finds its files by `import.meta.url`.
 */
export function createLabWorker(): Worker {
  const script = new URL(workerUrl, location.href).href;
  starter ??= URL.createObjectURL(
    new Blob([`import ${JSON.stringify(script)};`], { type: 'text/javascript' }),
  );
  return new Worker(starter, { type: 'module', name: 'lab' });
}
