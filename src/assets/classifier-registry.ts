import { LabError } from '../contract/errors.ts';
import type { AddedClassifier, PathedFile } from '../protocol/model-api.ts';
import type { ClassifierConfig } from '../settings/chat-config.ts';
import { readClassifierFiles, suggestedLabel } from '../teacher/classifier-files.ts';
import { openTextClassifier, type TextClassifier } from '../teacher/text-classifier.ts';
import { freeName } from './free-name.ts';
import { sha256 } from '../contract/sha256.ts';

interface Kept {
  readonly sha256: string;
  readonly classifier: TextClassifier;
}

/** The user's classifiers, opened when they are added. They live as long as the worker. */
export class ClassifierRegistry {
  readonly #kept = new Map<string, Kept>();

  /**
   * Opens a classifier from its folder, and tries it on a text. One that is already open is not opened twice.
   * @throws LabError `E_CLASSIFIER_*`.
   */
  async add(files: readonly PathedFile[]): Promise<AddedClassifier> {
    const folder = files[0]?.path.split('/').at(-2) ?? 'classifier';
    const checked = await readClassifierFiles(
      folder,
      new Map(files.map(({ path, file }) => [below(path), file])),
    );
    const hash = await hashOf(checked.contents);
    const open = [...this.#kept].find(([, { sha256: known }]) => known === hash);
    if (open) return addedOf(...open);
    const classifier = await openTextClassifier(folder, checked);
    try {
      await classifier.classify('Is this well?');
    } catch (error) {
      await classifier.release();
      throw error;
    }
    const name = freeName(`own: ${folder}`, this.#kept);
    const kept = { sha256: hash, classifier };
    this.#kept.set(name, kept);
    return addedOf(name, kept);
  }

  /** The classifier that a run names. @throws LabError `E_CLASSIFIER_GONE`. */
  find({ name, sha256: wanted, label }: ClassifierConfig): TextClassifier {
    const found = [...this.#kept.values()].find(
      ({ sha256: hash, classifier }) => hash === wanted && classifier.labels.includes(label),
    );
    if (found) return found.classifier;
    throw new LabError({
      code: 'E_CLASSIFIER_GONE',
      file: name,
      place: `SHA-256 ${wanted.slice(0, 12)}…`,
      message: 'the classifier that judges answers is not open here',
      consequence: 'The run did not start; its settings are unchanged.',
      nextStep: 'Choose the classifier’s folder again, or judge by phrases alone.',
    });
  }
}

const addedOf = (name: string, { sha256: hash, classifier: { labels } }: Kept): AddedClassifier => ({
  name,
  sha256: hash,
  labels,
  suggestedLabel: suggestedLabel(labels),
});

/** For labs opened without any. */
export const noClassifiers: Pick<ClassifierRegistry, 'find'> = new ClassifierRegistry();

/** Path below the chosen folder. */
const below = (path: string): string => path.slice(path.indexOf('/') + 1);

/** Of one line a file, `PATH SHA-256`, sorted by path. */
async function hashOf(files: ReadonlyMap<string, Blob>): Promise<string> {
  const lines: string[] = [];
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(`${path} ${await sha256(new Uint8Array(await file.arrayBuffer()))}\n`);
  return await sha256(new TextEncoder().encode(lines.join('')));
}
