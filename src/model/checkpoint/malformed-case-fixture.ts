import { goodFolder, type Contents } from './model-folder-fixture.ts';

/** A malformed folder, the expected refusal, and the place it must name. */
export interface Malformed {
  readonly what: string;
  readonly code: string;
  readonly file: string;
  readonly place: RegExp | null;
  readonly make: () => Contents;
}

/** A case for each line: what, code, place, and the file's content. */
export function cases(
  file: string,
  lines: readonly [
    what: string,
    code: string,
    place: RegExp | null,
    content: () => Uint8Array<ArrayBuffer> | string,
  ][],
): Malformed[] {
  return lines.map(([what, code, place, content]) => ({
    what: `${file}: ${what}`,
    code,
    file,
    place,
    make: () => new Map([...goodFolder(), [file, content()]]),
  }));
}

/** Files that are not what their names say. */
export const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
export const HTML = '<!DOCTYPE html><html><title>404</title></html>';
