import { LabError } from '../contract/errors.ts';
import type {
  LibraryModel,
  ModelEvent,
  ModelLibrary,
  ModelOffer,
  PathedFile,
} from '../protocol/model-api.ts';
import type { DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import type { ModelSource } from '../contract/model-source.ts';
import type { ModelStore } from '../contract/model-store.ts';
import { readConfigFile } from '../model/checkpoint/config-file.ts';
import { fileSource } from '../model/checkpoint/file-source.ts';
import { openModelFolder } from '../model/checkpoint/model-folder.ts';
import { memorySource } from '../model/checkpoint/model-source.ts';
import { describeFailure } from './failures.ts';
import { freeName } from '../assets/free-name.ts';
import { MOST_WEIGHT_BYTES } from '../assets/open-model.ts';
import { modelFacts } from '../assets/model-facts.ts';
import { openLanguage } from '../assets/model-language.ts';

/** A model that ships with the page. */
export interface EmbeddedModel {
  readonly name: string;
  open(): Promise<ModelSource>;
}

const CUT_SHORT = {
  consequence: 'The download ended; what has arrived is kept.',
  nextStep: 'Download the model again: it goes on from there.',
};

/** The smallest storage: the run's own is not known here. */
const LIMITS = { maxBytes: MOST_WEIGHT_BYTES, storage: 'q8' } as const;

/** The models that can be opened by name: the page's, those of the hub's cache, and those on this computer's disk. */
export class ModelRegistry {
  readonly #embedded: readonly EmbeddedModel[];
  readonly #store: ModelStore;
  readonly #emit: (event: ModelEvent) => void;
  /** Of the disk, as long as the worker lives. */
  readonly #own = new Map<string, ModelSource>();
  #download: AbortController | undefined;

  constructor(
    parts: { readonly embedded: readonly EmbeddedModel[]; readonly store: ModelStore },
    emit: (event: ModelEvent) => void,
  ) {
    this.#embedded = parts.embedded;
    this.#store = parts.store;
    this.#emit = emit;
  }

  async list(): Promise<ModelLibrary> {
    const kept = await this.#kept();
    const embedded = this.#embedded.map(({ name }): LibraryModel => ({
      name,
      origin: 'embedded',
      bytes: 0,
      totalBytes: 0,
      state: 'complete',
    }));
    const own = [...this.#own].map(([name, source]) => ownModel(name, source));
    return { models: [...embedded, ...kept.models, ...own], usage: kept.usage };
  }

  /** Looks a model up on its hub: listings and descriptions alone. @throws LabError `E_HUB_*`, and as `readConfigFile`. */
  async offer(address: string, revision: string): Promise<ModelOffer> {
    const plan = await this.#store.plan(address, revision);
    const text = await this.#store.readText(plan, 'config.json');
    const config = await readConfigFile(memorySource(plan.id, new Map([['config.json', text]])), LIMITS);
    const { models } = await this.#kept();
    const name = `${plan.id}@${plan.commit}`;
    const cached = models.find(model => model.name === name)?.state ?? null;
    return { plan, facts: modelFacts(config), cached };
  }

  /** Begins to download; events tell how far it is, and how it ended. @throws LabError `E_HUB_BUSY`. */
  download(plan: DownloadPlan): void {
    if (this.#download)
      throw new LabError({
        code: 'E_HUB_BUSY',
        file: plan.id,
        message: 'another model is being downloaded',
        consequence: 'This download did not start; the other continues.',
        nextStep: 'Wait until it is done, or stop it.',
      });
    this.#download = new AbortController();
    void this.#fetch(plan, this.#download.signal).finally(() => (this.#download = undefined));
  }

  /** Stops the download, if there is one; what has arrived is kept. */
  stop(): void {
    this.#download?.abort();
  }

  /** Deletes a hub model from this browser, or forgets one from the disk. @throws LabError `E_STORAGE_*`, `E_MODEL_EMBEDDED`. */
  async remove(name: string): Promise<void> {
    if (this.#own.delete(name)) return;
    if (this.#embedded.some(model => model.name === name))
      throw new LabError({
        code: 'E_MODEL_EMBEDDED',
        file: name,
        message: 'this model is part of the page',
        consequence: 'It was not deleted.',
        nextStep: 'Choose a downloaded model to delete.',
      });
    await this.#store.delete(name);
  }

  /** Takes in a folder of the disk after every check of its files. @throws LabError as `fileSource`, `openModelFolder`, `openLanguage`. */
  async add(folder: string, files: readonly PathedFile[]): Promise<LibraryModel> {
    const name = freeName(`own: ${folder || 'model'}`, this.#own);
    const paths = new Map(files.map(({ file, path }) => [file, path]));
    const source = fileSource(
      name,
      files.map(({ file }) => file),
      file => paths.get(file) ?? file.name,
    );
    openLanguage(await openModelFolder(source, LIMITS));
    this.#own.set(name, source);
    return ownModel(name, source);
  }

  /** The files of a model, read where they lie. @throws LabError `E_MODEL_UNKNOWN`, `E_STORAGE_*`. */
  async open(name: string): Promise<ModelSource> {
    const own = this.#own.get(name);
    if (own) return own;
    const embedded = this.#embedded.find(model => model.name === name);
    if (embedded) return await embedded.open();
    if (!name.includes('@')) throw unknown(name);
    return await this.#store.open(name);
  }

  async #fetch(plan: DownloadPlan, signal: AbortSignal): Promise<void> {
    const about = { type: 'download', runId: null, id: plan.id } as const;
    let last: DownloadProgress = { bytes: 0, totalBytes: plan.totalBytes, file: '' };
    const tell = (status: 'running' | 'complete' | 'stopped'): void =>
      this.#emit({ ...about, status, progress: last });
    try {
      tell('running');
      await this.#store.download(plan, {
        signal,
        onProgress: progress => {
          last = progress;
          tell('running');
        },
      });
      last = { ...last, bytes: plan.totalBytes };
      tell('complete');
    } catch (error) {
      if (signal.aborted) tell('stopped');
      else this.#emit({ ...about, status: 'failed', fault: describeFailure(error, CUT_SHORT) });
    }
  }

  /** What the browser keeps; nothing where it keeps no files. */
  async #kept(): Promise<ModelLibrary> {
    try {
      const models = (await this.#store.list()).map(({ key, bytes, totalBytes, state }): LibraryModel => ({
        name: key,
        origin: 'hub',
        bytes,
        totalBytes,
        state,
      }));
      return { models, usage: await this.#store.usage() };
    } catch (error) {
      if (error instanceof LabError && error.fault.code === 'E_STORAGE_MISSING')
        return { models: [], usage: null };
      throw error;
    }
  }
}

function ownModel(name: string, { files }: ModelSource): LibraryModel {
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  return { name, origin: 'disk', bytes, totalBytes: bytes, state: 'complete' };
}

const unknown = (name: string): LabError =>
  new LabError({
    code: 'E_MODEL_UNKNOWN',
    file: name,
    message: 'no such model is open here',
    consequence: 'Nothing was opened; what is open is unchanged.',
    nextStep: name.startsWith('own: ')
      ? 'Choose the model’s folder again: a page forgets the disk when it is closed.'
      : 'Choose one of the models that the page lists.',
  });
