// oxlint-disable-next-line import/default -- With this query Vite gives the address of the built script.
import workerUrl from '../../workers/lab.worker.ts?worker&url';

/**
 * Starts the worker under the page's own Content Security Policy. A worker loaded from a URL has the policy that its answer
 * brings, which is none where a host sends no headers; one loaded from a blob inherits its creator's, so a blob of one line
 * imports the script. Its `location` is that blob: the worker finds its files by `import.meta.url`.
 */
export function createLabWorker(): Worker {
  const script = JSON.stringify(new URL(workerUrl, location.href).href);
  const starter = URL.createObjectURL(new Blob([`import ${script};`], { type: 'text/javascript' }));
  const worker = new Worker(starter, { type: 'module', name: 'lab' });
  // The constructor has looked the blob up; nothing asks for its name again.
  URL.revokeObjectURL(starter);
  return worker;
}
