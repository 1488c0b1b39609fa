import type { Outcome } from '../contract/lab-api.ts';
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
} from '../contract/model-api.ts';
import type { DownloadPlan } from '../contract/model-hub.ts';
import { answer } from './answer.ts';
import type { ModelDesk } from './model-desk.ts';

/** The part of the worker's face that needs no device: models, prompts and adapters before a run takes them. */
export class ModelAnswers implements Omit<ModelApi, 'forecast' | 'exportRun'> {
  protected readonly desk: ModelDesk;

  constructor(desk: ModelDesk) {
    this.desk = desk;
  }

  models(): Promise<Outcome<ModelLibrary>> {
    return answer(() => this.desk.models.list());
  }

  offerModel(id: string, revision: string): Promise<Outcome<ModelOffer>> {
    return answer(() => this.desk.models.offer(id, revision));
  }

  downloadModel(plan: DownloadPlan): Promise<Outcome<null>> {
    return answer(() => this.desk.models.download(plan));
  }

  stopDownload(): Promise<Outcome<null>> {
    return answer(() => this.desk.models.stop());
  }

  removeModel(name: string): Promise<Outcome<null>> {
    return answer(() => this.desk.remove(name));
  }

  addModel(folder: string, files: readonly PathedFile[]): Promise<Outcome<LibraryModel>> {
    return answer(() => this.desk.models.add(folder, files));
  }

  describeModel(name: string): Promise<Outcome<ModelDescription>> {
    return answer(() => this.desk.describe(name));
  }

  addPrompts(title: string, file: Blob): Promise<Outcome<PromptSetFacts>> {
    return answer(() => this.desk.addPrompts(title, file));
  }

  starterPrompts(): Promise<Outcome<PromptSetFacts>> {
    return answer(() => this.desk.starterPrompts());
  }

  addAdapter(model: string, files: readonly PathedFile[]): Promise<Outcome<AddedAdapter>> {
    return answer(() => this.desk.addAdapter(model, files));
  }

  addClassifier(files: readonly PathedFile[]): Promise<Outcome<AddedClassifier>> {
    return answer(() => this.desk.classifiers.add(files));
  }
}
