import { inflateAtMost } from '../page/bounded-inflate.ts';
import { refuseBundle, shownPath, type ZipEntry } from './zip-directory.ts';

/**
 * The bytes of a file, which must be as many as it declares: unfolding stops where they become more.
 * @throws LabError `E_BUNDLE_SIZE`, `E_BUNDLE_ZIP`
 */
export function unfoldEntry(file: string, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { path, data, deflated, size } = entry;
  if (!deflated) return data;
  const place = shownPath(path);
  const unfolded = inflateAtMost(data, size);
  if (unfolded === 'broken') refuseBundle(file, 'ZIP', { message: 'its compressed data are broken', place });
  if (unfolded === 'more' || unfolded.length < size)
    refuseBundle(file, 'SIZE', {
      message: `it declares ${size.toLocaleString('en-US')} bytes and unfolds to ${unfolded === 'more' ? 'more' : 'fewer'}`,
      place,
    });
  return unfolded;
}
