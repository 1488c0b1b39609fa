import { LabError } from '../contract/errors.ts';
import type { DownloadPlan, HubFile } from '../contract/model-hub.ts';
import { hashFile } from './file-hash.ts';
import { checkReference, fileUrl } from './hub-address.ts';
import { chooseFiles, chooseShards, MOST_TEXT_BYTES } from './hub-choice.ts';
import { hubError, PassingFailure } from './hub-fault.ts';
import { listFiles, readCommit } from './hub-listing.ts';
import { connectHub, persevere, readText, request, type HubConnection } from './hub-request.ts';
import type { Subject } from './hub-status.ts';

/** A small file whose hash is checked. */
async function readChecked(
  hub: HubConnection,
  subject: Subject,
  file: HubFile,
  signal: AbortSignal | undefined,
): Promise<string> {
  const url = fileUrl(hub.base, subject.id, subject.revision, file.path);
  return persevere(hub, signal, () =>
    request(hub, { url, subject, signal }, async (_, body) => {
      const text = await readText(body, MOST_TEXT_BYTES, subject);
      const hasher = hashFile(file);
      hasher.update(new TextEncoder().encode(text));
      if (hasher.matches()) return text;
      throw new PassingFailure(
        hubError('HASH', {
          message: 'its content is not what the hub lists',
          file: `${subject.id}/${file.path}`,
          nextStep: 'Look at the model again; it may just have changed.',
        }),
      );
    }),
  );
}

/**
 * What a download of the model would fetch, from which commit, and its size. Fetches listings, and the index of a sharded model, but no
 * weights.
 * @throws LabError `E_HUB_…`, `E_HUB_CANCELLED` when `signal` aborts.
 */
export async function planDownload(
  hub: HubConnection,
  id: string,
  revision = 'main',
  signal?: AbortSignal,
): Promise<DownloadPlan> {
  checkReference(id, revision);
  const commit = await readCommit(hub, id, revision, signal);
  const listed = await listFiles(hub, id, commit, signal);
  const { files: chosen, index } = chooseFiles(id, listed);
  const subject: Subject = { kind: 'file', id, revision: commit, ...(index && { path: index.path }) };
  const shards = index ? chooseShards(id, await readChecked(hub, subject, index, signal), listed) : [];
  const files = [...chosen, ...shards];
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (!Number.isSafeInteger(totalBytes))
    throw new LabError({
      code: 'E_HUB_ANSWER',
      message: 'the hub lists impossible sizes',
      file: id,
      consequence: 'Nothing was fetched.',
      nextStep: 'Check the hub’s address.',
    });
  return { base: hub.base, id, revision, commit, files, totalBytes };
}

/** A small file of a plan. @throws LabError `E_HUB_…`; RangeError if the plan does not have it. */
export async function readPlanned(
  plan: DownloadPlan,
  path: string,
  hub: HubConnection = connectHub(plan.base),
  signal?: AbortSignal,
): Promise<string> {
  const file = plan.files.find(listed => listed.path === path);
  if (!file) throw new RangeError(`the plan has no file ${path}`);
  const { id, commit: revision } = plan;
  return await readChecked(hub, { kind: 'file', id, revision, path }, file, signal);
}
