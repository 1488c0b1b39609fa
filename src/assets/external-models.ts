import { LabError } from '../contract/errors.ts';
import type { TeacherFiles } from '../protocol/lab-api.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { probeExternalModel } from '../teacher/assert-alive.ts';
import { openExternalModel, type ExternalModel } from '../teacher/external-model.ts';
import { requireSameTokenizer } from '../teacher/same-tokenizer.ts';

/** Where the files of a named external model come from. */
export type ExternalSource = (name: string) => Promise<TeacherFiles>;

/** External models of an opened model, opened at first use on its device and kept until it closes. */
export class ExternalModels {
  readonly #gpu: Gpu;
  readonly #vocab: number;
  /** The student's `tokenizer.json`, parsed. */
  readonly #tokenizer: unknown;
  readonly #source: ExternalSource;
  readonly #open = new Map<string, Promise<ExternalModel>>();

  /** @param vocab width of the student's logits */
  constructor(gpu: Gpu, vocab: number, tokenizer: unknown, source: ExternalSource) {
    this.#gpu = gpu;
    this.#vocab = vocab;
    this.#tokenizer = tokenizer;
    this.#source = source;
  }

  /**
   * The model of that name. @throws LabError `E_TEACHER_*` when it cannot be read, does not share the student's tokenizer, or has uniform
   * logits.
   */
  async open(name: string): Promise<ExternalModel> {
    const opened = this.#open.get(name) ?? this.#load(name);
    this.#open.set(name, opened);
    try {
      return await opened;
    } catch (error) {
      this.#open.delete(name);
      throw error;
    }
  }

  /** Ends every session. Call it before the device is destroyed. */
  async release(): Promise<void> {
    const models = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const model of models) if (model.status === 'fulfilled') await model.value.release();
  }

  async #load(name: string): Promise<ExternalModel> {
    const { config, tokenizer, onnx } = await this.#source(name);
    requireSameTokenizer(this.#tokenizer, tokenizer);
    const model = await openExternalModel(this.#gpu, this.#gpu.memory, { name, config, model: onnx });
    try {
      if (model.vocab !== this.#vocab) throw otherWidth(name, model.vocab, this.#vocab);
      await probeExternalModel(this.#gpu, this.#gpu.memory, model, PROBE);
    } catch (error) {
      await model.release();
      throw error;
    }
    return model;
  }
}

/** Any few tokens will do: a trained model's logits after them are not uniform. */
const PROBE = Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const otherWidth = (name: string, vocab: number, student: number): LabError =>
  new LabError({
    code: 'E_TEACHER_TOKENIZER',
    message: `the teacher scores ${vocab} tokens, the student ${student}`,
    file: name,
    consequence: 'The teacher was not opened; your run and your model are unchanged.',
    nextStep: 'Choose a teacher of the same family as the student, with the same vocabulary size.',
  });

/** A source without models, for labs opened without one. */
export const noExternals: ExternalSource = name =>
  Promise.reject(
    new LabError({
      code: 'E_TEACHER_MISSING',
      message: `there is no external model called ${name}`,
      consequence: 'The run did not start.',
      nextStep: 'Choose another teacher, or add the model first.',
    }),
  );
