import { hubError } from './hub-fault.ts';

export const DEFAULT_HUB = 'https://huggingface.co';

const LONGEST = 200;
/** Names that the hub allows. `--` would make folder names of the cache ambiguous, and the hub refuses it too. */
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const FORBIDDEN = /\.\.|--|\.git$|[.-]$/;
const REVISION = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const REVISION_FORBIDDEN = /\.\.|\/\/|\/\.|[./]$|\.lock$/;

export const isModelId = (id: string): boolean =>
  id.length <= LONGEST &&
  id.split('/').length <= 2 &&
  id.split('/').every(part => SEGMENT.test(part) && !FORBIDDEN.test(part));

export const isCommit = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Files directly in a model's folder; the lab reads no deeper ones. */
export const isFileName = (path: string): boolean =>
  path.length <= LONGEST && SEGMENT.test(path) && !path.includes('..');

/** @throws LabError `E_HUB_ID`, `E_HUB_REVISION`: neither may take a request, or a folder of the cache, out of its place. */
export function checkReference(id: string, revision: string): void {
  if (!isModelId(id))
    throw hubError('ID', {
      message: `${JSON.stringify(id.slice(0, LONGEST))} is not a model's name`,
      place: 'model name',
      nextStep: 'Write it as on its page, for example HuggingFaceTB/SmolLM2-135M-Instruct.',
    });
  if (revision.length > LONGEST || !REVISION.test(revision) || REVISION_FORBIDDEN.test(revision))
    throw hubError('REVISION', {
      message: `${JSON.stringify(revision.slice(0, LONGEST))} is not a branch, tag or commit`,
      file: id,
      place: 'revision',
      nextStep: 'Write main, or a branch, tag or commit from the model’s page.',
    });
}

/**
 * The hub's URL without trailing slashes. Plain http is allowed for this machine only; a query, a fragment or a password in the URL is a
 * mistake.
 * @throws LabError `E_HUB_ADDRESS`.
 */
export function hubBase(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const near = url !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && near);
  if (!url || !allowed || url.search || url.hash || url.username || url.password)
    throw hubError('ADDRESS', {
      message: `${JSON.stringify(address.slice(0, LONGEST))} is not the address of a hub`,
      place: 'hub address',
      nextStep: `Give an https address, for example ${DEFAULT_HUB}.`,
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const idPath = (id: string): string => id.split('/').map(encodeURIComponent).join('/');

export const revisionUrl = (base: string, id: string, revision: string): string =>
  `${base}/api/models/${idPath(id)}/revision/${encodeURIComponent(revision)}`;

export const treeUrl = (base: string, id: string, commit: string): string =>
  `${base}/api/models/${idPath(id)}/tree/${encodeURIComponent(commit)}?recursive=true`;

export const fileUrl = (base: string, id: string, commit: string, path: string): string =>
  `${base}/${idPath(id)}/resolve/${encodeURIComponent(commit)}/${encodeURIComponent(path)}`;

/**
 * Hub and model from what the user typed: a model's name on the Hugging Face hub, or the URL of its page on that hub or another with the
 * same layout. Neither is checked yet.
 */
export function splitAddress(text: string): { readonly base: string; readonly id: string } {
  const address = text.trim().replace(/\/+$/, '');
  if (!URL.canParse(address) || !/^https?:/i.test(address)) return { base: DEFAULT_HUB, id: address };
  const page = address.replace(/\/(?:tree|blob|resolve)\/.*$/, '');
  const [, base = '', id = ''] = /^(.*?)\/([^/]+\/[^/]+)$/.exec(page) ?? [];
  return { base, id };
}
