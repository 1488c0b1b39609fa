import { openModel, type ModelParts, type OpenModel } from '../assets/open-model.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { StudentModel } from '../protocol/model-api.ts';
import type { ModelCatalog } from './model-catalog.ts';
import { wholePercents } from './whole-percents.ts';

interface Place {
  openGpu(): Promise<Gpu>;
  readonly runtime: string;
}

/** The one model on a device: runs share it, and a run that names another replaces it, on a new device. */
export class ModelSlot {
  readonly #place: Place;
  readonly #catalog: Pick<ModelCatalog, 'look'>;
  readonly #parts: Omit<ModelParts, 'storage' | 'onProgress'>;
  #open: OpenModel | undefined;
  /** Requests take turns: two at once would open two devices. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    place: Place,
    catalog: Pick<ModelCatalog, 'look'>,
    parts: Omit<ModelParts, 'storage' | 'onProgress'>,
  ) {
    this.#place = place;
    this.#catalog = catalog;
    this.#parts = parts;
  }

  /** What is open, on a device that still lives. */
  get current(): OpenModel | undefined {
    return this.#open?.gpu.lost ? undefined : this.#open;
  }

  /** The named model, opened if necessary. If that fails nothing of it remains: another can be opened next. */
  open(student: StudentModel, tell: (activity: string) => void = () => undefined): Promise<OpenModel> {
    const opened = this.#turn.then(() => this.#find(student, tell));
    this.#turn = opened.catch(() => undefined);
    return opened;
  }

  async #find({ name, storage }: StudentModel, tell: (activity: string) => void): Promise<OpenModel> {
    const { current } = this;
    if (current && current.name === name && current.storage === storage) return current;
    // A model with missing or inconsistent files leaves the open one untouched.
    const { source } = await this.#catalog.look(name);
    await current?.externals.release();
    this.#open?.gpu.destroy();
    this.#open = undefined;
    const gpu = await this.#place.openGpu();
    try {
      this.#open = await openModel(gpu, source, this.#place.runtime, {
        ...this.#parts,
        storage,
        onProgress: wholePercents(percent => tell(`Loading the model, ${percent} %`)),
      });
      return this.#open;
    } catch (error) {
      gpu.destroy();
      throw error;
    }
  }
}
