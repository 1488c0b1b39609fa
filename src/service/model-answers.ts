import type { Outcome } from '../protocol/lab-api.ts';
import type {
  AddedAdapter,
  AddedClassifier,
  LibraryModel,
  ModelApi,
  ModelDescription,
  ModelLibrary,
  ModelOffer,
  PathedFile,
  PromptSetFacts,
} from '../protocol/model-api.ts';
import type { DownloadPlan } from '../contract/model-hub.ts';
import { outcome } from './outcome.ts';
import type { ModelCatalog } from './model-catalog.ts';

/** The part of the worker's face that needs no device: models, prompts and adapters before a run takes them. */
export class ModelAnswers implements Omit<ModelApi, 'forecast' | 'exportRun'> {
  protected readonly catalog: ModelCatalog;

  constructor(catalog: ModelCatalog) {
    this.catalog = catalog;
  }

  models(): Promise<Outcome<ModelLibrary>> {
    return outcome(() => this.catalog.models.list());
  }

  offerModel(id: string, revision: string): Promise<Outcome<ModelOffer>> {
    return outcome(() => this.catalog.models.offer(id, revision));
  }

  downloadModel(plan: DownloadPlan): Promise<Outcome<null>> {
    return outcome(() => this.catalog.models.download(plan));
  }

  stopDownload(): Promise<Outcome<null>> {
    return outcome(() => this.catalog.models.stop());
  }

  removeModel(name: string): Promise<Outcome<null>> {
    return outcome(() => this.catalog.remove(name));
  }

  addModel(folder: string, files: readonly PathedFile[]): Promise<Outcome<LibraryModel>> {
    return outcome(() => this.catalog.models.add(folder, files));
  }

  describeModel(name: string): Promise<Outcome<ModelDescription>> {
    return outcome(() => this.catalog.describe(name));
  }

  addPrompts(title: string, file: Blob): Promise<Outcome<PromptSetFacts>> {
    return outcome(() => this.catalog.addPrompts(title, file));
  }

  starterPrompts(): Promise<Outcome<PromptSetFacts>> {
    return outcome(() => this.catalog.starterPrompts());
  }

  addAdapter(model: string, files: readonly PathedFile[]): Promise<Outcome<AddedAdapter>> {
    return outcome(() => this.catalog.addAdapter(model, files));
  }

  addClassifier(files: readonly PathedFile[]): Promise<Outcome<AddedClassifier>> {
    return outcome(() => this.catalog.classifiers.add(files));
  }
}
