import { readExactly, readSmall, type ModelSource } from '../checkpoint/model-source.ts';
import { refuseFile } from '../checkpoint/fault.ts';
import { readSafetensorsHeader, type SafetensorsEntry } from '../safetensors.ts';
import type { SourceType } from '../weight-storage.ts';

export const WEIGHTS = 'model.safetensors';
export const WEIGHTS_INDEX = 'model.safetensors.index.json';

/** Longest index file that is read. */
const INDEX_LIMIT = 64 * 1024 * 1024;

/** A tensor of a model folder and the file it lies in; `begin` and `end` are bytes of that file. */
export interface SourceTensor extends SafetensorsEntry {
  readonly file: string;
  readonly dtype: SourceType;
}

/**
 * All tensors of a model folder in safetensors, of one file or of the shards that its index names, sorted by name. Reads headers only.
 * @throws LabError as `readSafetensorsHeader` and `readExactly`; `E_MODEL_INDEX` where index and shards do not agree.
 */
export async function sourceTensors(source: ModelSource): Promise<SourceTensor[]> {
  const places = source.files.has(WEIGHTS) ? undefined : await readIndex(source);
  const files = places ? [...new Set(places.values())].sort() : [WEIGHTS];
  const tensors: SourceTensor[] = [];
  for (const file of files)
    for (const entry of await readHeader(source, file))
      if (!places || places.get(entry.name) === file)
        tensors.push({ ...entry, file, dtype: entry.dtype as SourceType });
  const found = new Set(tensors.map(({ name }) => name));
  const missing = [...(places?.keys() ?? [])].find(name => !found.has(name));
  if (missing !== undefined)
    refuseFile(WEIGHTS_INDEX, {
      code: 'E_MODEL_INDEX',
      message: `${places!.get(missing)} has no tensor ${missing}, as the index says`,
    });
  return tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readHeader(source: ModelSource, file: string): Promise<SafetensorsEntry[]> {
  const total = source.files.get(file) ?? 0;
  const start = await readExactly(source, file, 0, Math.min(total, 64));
  // What is too short or too long for a header is the header reader's to refuse.
  const length =
    start.byteLength < 8 ? 0 : Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  const bytes = length < total - 8 ? await readExactly(source, file, 0, 8 + length) : start;
  return readSafetensorsHeader(bytes, file, total);
}

async function readIndex(source: ModelSource): Promise<ReadonlyMap<string, string>> {
  const text = new TextDecoder().decode(await readSmall(source, WEIGHTS_INDEX, INDEX_LIMIT));
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch (error) {
    return refuseFile(WEIGHTS_INDEX, { code: 'E_MODEL_INDEX', message: 'the index is not JSON' }, error);
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  const entries = typeof map === 'object' && map !== null ? Object.entries(map) : [];
  if (entries.length === 0 || entries.some(([, file]) => typeof file !== 'string'))
    refuseFile(WEIGHTS_INDEX, {
      code: 'E_MODEL_INDEX',
      message: 'the index has no weight_map of tensors and files',
    });
  return new Map(entries as [string, string][]);
}
