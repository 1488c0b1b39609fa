// oxlint-disable-next-line import/default -- With this query Vite gives the address of the built script.
import labUrl from '../../workers/lab.worker.ts?worker&url';
// oxlint-disable-next-line import/default -- As above.
import runsUrl from '../../workers/runs.worker.ts?worker&url';

/** One-line blobs, shared by the workers of this page and never revoked, since not every browser reads them at once. */
const starters = new Map<string, string>();

/**
 * Starts a worker under the page's own Content Security Policy. A worker loaded from a URL has the policy sent with its response, which is
 * none on hosts without headers; one loaded from a blob inherits its creator's, so a one-line blob imports the script. Its `location` is
 * that blob: the worker finds its files by `import.meta.url`.
 */
function startWorker(url: string, name: string): Worker {
  const script = new URL(url, location.href).href;
  const starter =
    starters.get(script) ??
    URL.createObjectURL(new Blob([`import ${JSON.stringify(script)};`], { type: 'text/javascript' }));
  starters.set(script, starter);
  return new Worker(starter, { type: 'module', name });
}

/** Trains: device, model and runs. */
export const createLabWorker = (): Worker => startWorker(labUrl, 'lab');

/** Manages kept runs. */
export const createRunsWorker = (): Worker => startWorker(runsUrl, 'runs');
