import { refuseFile } from './fault.ts';
import { readSmall, type ModelSource } from './model-source.ts';
import { parseStrictJson, type JsonLimits } from '../../contract/strict-json.ts';

export interface JsonFileLimits extends JsonLimits {
  readonly maxBytes: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A JSON file of a model folder whose value is an object.
 * @throws LabError `E_MODEL_FILE_MISSING`, `E_MODEL_FILE_SIZE`, `E_MODEL_FILE_EMPTY`, `E_MODEL_LFS_POINTER`, `E_MODEL_HTML`,
 * `E_JSON_ENCODING`, `E_JSON_SYNTAX`, `E_JSON_DEPTH`, `E_JSON_DUPLICATE`, `E_JSON_KEY`, `E_JSON_OBJECT`; what the source throws.
 */
export async function readJsonFile(
  source: ModelSource,
  path: string,
  { maxBytes, ...limits }: JsonFileLimits,
): Promise<JsonObject> {
  const bytes = await readSmall(source, path, maxBytes);
  refuseImpostors(bytes, path);
  const value = parseStrictJson(bytes, limits, (problem, message, place) =>
    refuseFile(path, { code: `E_JSON_${problem}`, message, ...(place !== undefined && { place }) }),
  );
  if (!isObject(value))
    refuseFile(path, { code: 'E_JSON_OBJECT', message: 'the file is not a JSON object', place: 'byte 0' });
  return value;
}

/** Files that are not what their names say: mostly failed downloads. @throws LabError. */
export function refuseImpostors(bytes: Uint8Array, path: string): void {
  if (bytes.byteLength === 0)
    refuseFile(path, { code: 'E_MODEL_FILE_EMPTY', message: 'the file is empty', place: 'byte 0' });
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  if (start.startsWith('version https://git-lfs'))
    refuseFile(path, {
      code: 'E_MODEL_LFS_POINTER',
      message: 'this is a Git LFS pointer, not the file itself',
      place: 'byte 0',
      nextStep: 'Fetch the files with "git lfs pull", or download them from the model’s page.',
    });
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(start))
    refuseFile(path, { code: 'E_MODEL_HTML', message: 'this is a web page', place: 'byte 0' });
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
