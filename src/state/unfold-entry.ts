import { Inflate } from 'fflate';
import { refuseBundle, shownPath, type ZipEntry } from './zip-directory.ts';

/** Compressed bytes that are unfolded at a time: at a thousand to one they make 16 MiB. */
const PIECE = 16 * 1024;
const AGAIN = 'Take the bundle again from where it was made.';

/**
 * The bytes of a file, which must be as many as it declares: unfolding stops where they become more.
 * @throws LabError `E_BUNDLE_SIZE`, `E_BUNDLE_ZIP`
 */
export function unfoldEntry(file: string, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { path, data, deflated, size } = entry;
  if (!deflated) return data;
  const place = shownPath(path);
  const whole = new Uint8Array(size);
  let filled = 0;
  const otherSize = (): never =>
    refuseBundle(file, 'SIZE', {
      message: `it declares ${size.toLocaleString('en-US')} bytes and unfolds to ${filled > size ? 'more' : 'fewer'}`,
      place,
      nextStep: AGAIN,
    });
  const inflate = new Inflate(piece => {
    const at = filled;
    filled += piece.length;
    if (filled <= size) whole.set(piece, at);
  });
  for (let at = 0; at < data.length; at += PIECE) {
    try {
      inflate.push(data.slice(at, at + PIECE), at + PIECE >= data.length);
    } catch {
      refuseBundle(file, 'ZIP', { message: 'its compressed data are broken', place, nextStep: AGAIN });
    }
    if (filled > size) otherSize();
  }
  if (filled !== size) otherSize();
  return whole;
}
