import { z } from 'zod';
import type { HubFile } from '../contract/model-hub.ts';
import { isCommit, revisionUrl, treeUrl } from './hub-address.ts';
import { hubError } from './hub-fault.ts';
import { persevere, readText, request, type HubConnection } from './hub-request.ts';
import { gated, type Subject } from './hub-status.ts';

const MOST_BYTES = 16 * 2 ** 20;
/** A page lists up to a thousand entries; a model's folder never has more pages than this. */
const MOST_PAGES = 50;

const bytes = z.number().int().nonnegative();
const revisionAnswer = z.object({
  sha: z.string().refine(isCommit),
  /** `auto` and `manual` are how access is granted. */
  gated: z.union([z.boolean(), z.string()]).optional(),
});
const treeAnswer = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: bytes.optional(),
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: bytes }).optional(),
  }),
);

interface Page<T> {
  readonly value: T;
  /** URL of the next page, as given by the server. */
  readonly next: string | null;
}

/** `Link: <address>; rel="next"` (RFC 8288). */
const nextOf = (link: string | null): string | null =>
  /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1] ?? null;

async function getJson<T>(
  hub: HubConnection,
  url: string,
  subject: Subject,
  schema: z.ZodType<T>,
  signal: AbortSignal | undefined,
): Promise<Page<T>> {
  const page = await persevere(hub, signal, () =>
    request(hub, { url, subject, signal }, async (response, body) => ({
      text: await readText(body, MOST_BYTES, subject),
      next: nextOf(response.headers.get('Link')),
    })),
  );
  let json: unknown;
  try {
    json = JSON.parse(page.text);
  } catch {
    json = undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data, next: page.next };
  const [issue] = parsed.error.issues;
  throw hubError('ANSWER', {
    message: `the ${subject.kind} is not what a hub returns`,
    file: subject.id,
    place: json === undefined ? 'not JSON' : `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    nextStep: 'Check the hub’s address.',
  });
}

/**
 * The commit that a revision currently resolves to.
 * @throws LabError `E_HUB_GATED` when files would be refused: better before a download than during it.
 */
export async function readCommit(
  hub: HubConnection,
  id: string,
  revision: string,
  signal?: AbortSignal,
): Promise<string> {
  const subject: Subject = { kind: 'revision', id, revision };
  const { value } = await getJson(hub, revisionUrl(hub.base, id, revision), subject, revisionAnswer, signal);
  if (value.gated) throw gated(subject);
  return value.sha;
}

/** All files of a commit, in the hub's order. Files without a verifiable hash are left out. */
export async function listFiles(
  hub: HubConnection,
  id: string,
  commit: string,
  signal?: AbortSignal,
): Promise<HubFile[]> {
  const subject: Subject = { kind: 'listing', id, revision: commit };
  const files: HubFile[] = [];
  const first = treeUrl(hub.base, id, commit);
  let url = first;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { value, next } = await getJson(hub, url, subject, treeAnswer, signal);
    for (const { type, path, size, oid, lfs } of value) {
      if (type !== 'file') continue;
      if (lfs) files.push({ path, bytes: lfs.size, hash: { algorithm: 'sha256', digest: lfs.oid } });
      else if (size !== undefined && oid !== undefined && isCommit(oid))
        files.push({ path, bytes: size, hash: { algorithm: 'git-blob-sha1', digest: oid } });
    }
    if (next === null) return files;
    // Only the cursor is taken from the response: a mirror gives the URL of the hub that it mirrors, and no server may redirect us.
    url = `${first.split('?')[0]}${new URL(next, url).search}`;
  }
  throw hubError('ANSWER', {
    message: `the listing has more than ${MOST_PAGES} pages`,
    file: id,
    nextStep: 'Download the files you need by hand, and open the folder from your disk.',
  });
}
