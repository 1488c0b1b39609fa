import { WEIGHTS_FILE } from './checkpoint.ts';
import { listed, quoted, refuseFile } from './fault.ts';
import { INDEX_FILE } from './shard-index.ts';

/** Files that every model folder has, besides its weights. */
const REQUIRED = ['config.json', 'tokenizer.json'];
const OPTIONAL = [
  'tokenizer_config.json',
  'generation_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
];

/** Files of a model folder, one of each kind. */
const MODEL_FILES: readonly string[] = [...REQUIRED, ...OPTIONAL, WEIGHTS_FILE];

const isWanted = (file: string): boolean =>
  MODEL_FILES.includes(file) || file === INDEX_FILE || /^[^/]+\.safetensors$/.test(file);

/**
 * Picks a model's files out of paths: those beside the outermost `config.json`. Others are ignored.
 * @returns the path of each by its name in the folder.
 * @throws LabError `E_FOLDER_CONFIG` if there is none, or several candidates; `E_FOLDER_FILES` naming what is missing.
 */
export function pickModelFiles(name: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const configs = paths.filter(path => baseName(path) === 'config.json');
  const depth = configs.reduce((least, path) => Math.min(least, depthOf(path)), Infinity);
  const outermost = configs.filter(path => depthOf(path) === depth);
  const [config, another] = outermost;
  const nextStep = 'Choose the folder that holds one model’s config.json, tokenizer and weights.';
  if (config === undefined)
    return refuseFolder(name, 'E_FOLDER_CONFIG', `there is no config.json${hint(paths)}`, nextStep);
  if (another !== undefined)
    return refuseFolder(name, 'E_FOLDER_CONFIG', `there are several models: ${listed(outermost)}`, nextStep);
  const prefix = config.slice(0, -'config.json'.length);
  const files = new Map(
    paths
      .filter(path => path.startsWith(prefix))
      .map(path => [path.slice(prefix.length), path] as const)
      .filter(([file]) => isWanted(file)),
  );
  const weights = files.has(WEIGHTS_FILE) || files.has(INDEX_FILE) ? [] : [WEIGHTS_FILE];
  const missing = [...REQUIRED.filter(file => !files.has(file)), ...weights];
  if (missing.length > 0)
    refuseFolder(
      name,
      'E_FOLDER_FILES',
      `${listed(missing)} ${missing.length > 1 ? 'are' : 'is'} missing${weights.length > 0 ? hint(paths) : ''}`,
      'Add what is missing, all from the same model.',
    );
  return files;
}

/** What was found instead of a readable model. */
function hint(paths: readonly string[]): string {
  const names = paths.map(baseName);
  const found = (pattern: RegExp, what: string): string | undefined => {
    const file = names.find(candidate => pattern.test(candidate));
    return file === undefined ? undefined : `; ${quoted(file)} is ${what}`;
  };
  return (
    found(/^adapter_/, 'part of an adapter, not of a model') ??
    found(/\.gguf$/i, 'in the GGUF format, which is not read') ??
    found(/\.(?:bin|pth?|ckpt)$/i, 'in a format that can run code, which is not read') ??
    found(/-of-\d+\.safetensors$/, `a part of the weights, whose ${INDEX_FILE} is missing`) ??
    ''
  );
}

const refuseFolder = (name: string, code: `E_FOLDER_${string}`, message: string, nextStep: string): never =>
  refuseFile(name, { code, message, place: 'folder', nextStep });

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const depthOf = (path: string): number => path.split('/').length;
