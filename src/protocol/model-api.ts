import type { Fault } from '../contract/errors.ts';
import type { MemoryShare } from '../contract/memory-share.ts';
import type { Awaitable } from '../contract/outcome.ts';
import type { CacheUsage, CachedModel, DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import type { PromptSet } from '../contract/prompts.ts';
import type { LoraConfig } from '../settings/method-config.ts';
import type { ChatConfig } from '../settings/chat-config.ts';
import type { RunConfig } from '../settings/run-config.ts';

/** A model that a run can name. */
export interface LibraryModel {
  /** What `RunConfig.model` says: the embedded model's name, `owner/name@commit`, or `own: folder`. */
  readonly name: string;
  /** Ships with the page; kept by the browser after a download; or read from this computer's disk while the page is open. */
  readonly origin: 'embedded' | 'hub' | 'disk';
  /** Bytes on the disk, and of all its files. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Models from elsewhere than the hub are always complete. */
  readonly state: CachedModel['state'];
}

export interface ModelLibrary {
  readonly models: readonly LibraryModel[];
  /** Null where the browser keeps no files for this page. */
  readonly usage: CacheUsage | null;
}

/** What a model is, as its `config.json` and its tokenizer say. */
export interface ModelFacts {
  readonly family: 'llama' | 'qwen2' | 'qwen3';
  readonly parameters: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabulary: number;
  readonly contextLength: number;
  /** Bytes of its weights on the GPU by how they are stored. */
  readonly storedBytes: Readonly<Record<WeightStorageName, number>>;
}
export type WeightStorageName = ChatConfig['storage'];

/** A hub model of which only descriptions have been fetched. */
export interface ModelOffer {
  readonly plan: DownloadPlan;
  readonly facts: ModelFacts;
  /** A model that is in the cache already needs no download. */
  readonly cached: CachedModel['state'] | null;
}

/** A local model, inspected without reading its weights. */
export interface ModelDescription {
  readonly name: string;
  readonly facts: ModelFacts;
  /** Whether it is a chat model, prompted in natural language; else it speaks the embedded world's language. */
  readonly chat: boolean;
  /** Whether its chat template has a thinking switch. */
  readonly thinking: boolean;
  /** What a person should know of how it is prompted. */
  readonly notes: readonly string[];
}

/** What a run will take of GPU memory, computed before anything is allocated. */
export interface MemoryForecast {
  readonly peakBytes: number;
  readonly shares: Readonly<Record<MemoryShare, number>>;
  /** Why such a run cannot start on this adapter, with advice; null where it can. */
  readonly refused: Fault | null;
}

/** An added set of prompts, without its rows. */
export type PromptSetFacts = Omit<PromptSet, 'rows'> & {
  /** The first few prompts of each kind, as a preview. */
  readonly examples: readonly { readonly kind: PromptSet['rows'][number]['kind']; readonly text: string }[];
};

/** An adapter that a run can start from, and the shape that the run's LoRA settings must have. */
export interface AddedAdapter {
  readonly name: string;
  readonly lora: LoraConfig;
  /** The model it was made for, as named by its configuration. */
  readonly base: string | null;
}

/** A file with its path below the chosen folder: browsers drop it when a file crosses threads. */
export interface PathedFile {
  readonly path: string;
  readonly file: File;
}

/** A model as runs name it, and how its weights are kept on the GPU. */
export interface StudentModel {
  readonly name: string;
  readonly storage: WeightStorageName;
}

/** An added text classifier. */
export interface AddedClassifier {
  readonly name: string;
  readonly sha256: string;
  readonly labels: readonly string[];
  /** The label most likely meant for harm. */
  readonly suggestedLabel: string;
}

/** A file to save. */
export interface ExportFile {
  readonly name: string;
  readonly blob: Blob;
}

/** Events about models, apart from any run. */
export type ModelEvent =
  | {
      readonly type: 'download';
      readonly runId: null;
      readonly id: string;
      readonly status: 'running' | 'complete' | 'stopped';
      readonly progress: DownloadProgress;
    }
  | {
      readonly type: 'download';
      readonly runId: null;
      readonly id: string;
      readonly status: 'failed';
      readonly fault: Fault;
    };

/** Calls about models, prompts and adapters, before a run uses them. */
export interface ModelCommands {
  models(): Promise<ModelLibrary>;
  /** Looks a model up on the hub: listings and descriptions alone. Throws `E_HUB_…`, `E_MODEL_…`. */
  offerModel(id: string, revision: string): Promise<ModelOffer>;
  /** Starts or resumes a download; `download` events report progress. One at a time: throws `E_HUB_BUSY`. */
  downloadModel(plan: DownloadPlan): Awaitable<void>;
  /** Stops the download; what has arrived is kept. */
  stopDownload(): Awaitable<void>;
  /** Deletes a hub model from this browser, or forgets one from the disk. */
  removeModel(name: string): Promise<void>;
  /** Adds a model folder from the disk; its files are read in place. */
  addModel(folder: string, files: readonly PathedFile[]): Promise<LibraryModel>;
  describeModel(name: string): Promise<ModelDescription>;
  /** What a run with these settings will take of GPU memory. */
  forecast(config: RunConfig): Promise<MemoryForecast>;
  /** Reads a file of prompts (JSON Lines). Runs name the set by its hash; it lives as long as the worker. */
  addPrompts(title: string, file: Blob): Promise<PromptSetFacts>;
  /** The starter set that ships with the page. */
  starterPrompts(): Promise<PromptSetFacts>;
  /** Reads a PEFT adapter for the model of that name. */
  addAdapter(model: string, files: readonly PathedFile[]): Promise<AddedAdapter>;
  /** Opens a text classifier from its folder, in the layout of transformers.js. Throws `E_CLASSIFIER_*`. */
  addClassifier(files: readonly PathedFile[]): Promise<AddedClassifier>;
}
