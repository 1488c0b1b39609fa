import { LabError, type Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { Constitution } from '../../contract/world.ts';

/** A file's bytes, or pasted text, for the importer. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Imported {
  readonly constitution: Constitution;
  /** What was changed or left out. */
  readonly notes: readonly string[];
}

/** Turns bytes into a constitution, or says why not. */
export type Importer = (source: Source) => Promise<Outcome<Imported>>;

/** Larger files are refused without being read at all; the importer's own limit is far below. */
const READ_BYTES = 1024 * 1024;

const unchanged = 'Nothing was imported; the constitution is unchanged.';

/** The one validating importer, loaded with the first constitution, because it includes a YAML parser. */
export const importConstitutionSource: Importer = async source => {
  try {
    const { importConstitution } = await import('../../data/constitution/import-constitution.ts');
    return { ok: true, value: importConstitution(source) };
  } catch (error) {
    if (error instanceof LabError) return { ok: false, fault: error.fault };
    const fault: Fault = {
      code: 'E_CONSTITUTION_READ',
      message: `the file could not be read: ${error instanceof Error ? error.message : String(error)}`,
      file: source.name,
      consequence: unchanged,
      nextStep: 'Reload the page and try again.',
    };
    return { ok: false, fault };
  }
};

/** Reads dropped or chosen files; entries that are not files, or far too large, become faults. */
export async function readFiles(files: readonly File[]): Promise<readonly Outcome<Source>[]> {
  return Promise.all(
    files.map(async (file): Promise<Outcome<Source>> => {
      const refuse = (code: Fault['code'], message: string, nextStep: string): Outcome<Source> => ({
        ok: false,
        fault: { code, message, file: file.name, consequence: unchanged, nextStep },
      });
      if (file.size > READ_BYTES)
        return refuse(
          'E_CONSTITUTION_TOO_LARGE',
          `the file has ${file.size.toLocaleString('en-US')} bytes, far more than a page of rules`,
          'Shorten it to the rules themselves.',
        );
      try {
        return { ok: true, value: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } };
      } catch {
        return refuse(
          'E_CONSTITUTION_READ',
          'the browser could not read this: it may be a folder, or gone by now',
          'Drop a .md, .txt, .json or .yaml file.',
        );
      }
    }),
  );
}
