import type {
  AddedAdapter,
  MemoryForecast,
  ModelDescription,
  PathedFile,
  PromptSetFacts,
} from '../protocol/model-api.ts';
import type { ConstitutionReader, ConstitutionReading } from '../contract/constitution-reading.ts';
import type { PromptSet } from '../contract/prompts.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { ModelSource } from '../contract/model-source.ts';
import { LabError } from '../contract/errors.ts';
import { QUERY_KINDS, type Constitution } from '../contract/world.ts';
import { readConstitution } from '../data/constitution/reading.ts';
import { openModelFolder, type ModelFolder } from '../model/checkpoint/model-folder.ts';
import type { DecoderConfig } from '../model/config.ts';
import { readAdapter } from '../model/export/adapter.ts';
import { AdapterRegistry } from '../assets/adapter-registry.ts';
import { ClassifierRegistry } from '../assets/classifier-registry.ts';
import { forecastRun, type GpuAdapterFacts } from './forecast-run.ts';
import { MOST_WEIGHT_BYTES } from '../assets/open-model.ts';
import { modelFacts } from '../assets/model-facts.ts';
import { openLanguage, type ModelLanguage } from '../assets/model-language.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { PromptRegistry } from '../assets/prompt-registry.ts';
import { runTasks } from '../run/run-tasks.ts';

/** A model whose files are checked, and of whose weights nothing was read. */
export interface KnownModel extends ModelLanguage {
  readonly name: string;
  readonly source: ModelSource;
  readonly folder: ModelFolder;
  readonly config: DecoderConfig;
}

/** Prompts of each kind that are shown of a set. */
const EXAMPLES = 2;

/** Looks at models, prompts and adapters before a run takes them; nothing that is open on the device is touched. */
export class ModelCatalog {
  readonly models: ModelRegistry;
  readonly prompts: PromptRegistry;
  readonly adapters = new AdapterRegistry();
  readonly classifiers = new ClassifierRegistry();
  readonly #known = new Map<string, Promise<KnownModel>>();

  constructor(models: ModelRegistry, prompts: PromptRegistry) {
    this.models = models;
    this.prompts = prompts;
  }

  async describe(name: string): Promise<ModelDescription> {
    const { config, chat } = await this.look(name);
    const thinking = chat?.thinks ?? false;
    const notes = chat?.prompts({ thinking: false }).notes ?? [];
    return { name, facts: modelFacts(config), chat: chat !== null, thinking, notes };
  }

  /** How the teacher of some settings reads a constitution, whatever model is open. @throws LabError for every fault of the model's files. */
  async reading(
    constitution: Constitution,
    { model, thinking, gold }: ConstitutionReader,
  ): Promise<ConstitutionReading> {
    const { tokenizer, chat } = await this.look(model);
    return readConstitution(constitution, tokenizer, chat?.prompts({ thinking }), gold);
  }

  async forecast(config: RunConfig, gpuAdapter: GpuAdapterFacts): Promise<MemoryForecast> {
    const model = await this.look(config.model);
    const { tasks } = await runTasks(
      { ...model, promptSets: this.prompts, classifiers: this.classifiers },
      config,
    );
    return forecastRun(model.config, config, tasks, gpuAdapter);
  }

  async addPrompts(title: string, file: Blob): Promise<PromptSetFacts> {
    return promptFacts(await this.prompts.add(title, new Uint8Array(await file.arrayBuffer())));
  }

  async starterPrompts(): Promise<PromptSetFacts> {
    return promptFacts(await this.prompts.starter());
  }

  /** Reads an adapter in PEFT's layout; the files may lie in a folder. */
  async addAdapter(model: string, files: readonly PathedFile[]): Promise<AddedAdapter> {
    const { config } = await this.look(model);
    const contents = await Promise.all(
      files.map(
        async ({ path, file }) => [baseName(path), new Uint8Array(await file.arrayBuffer())] as const,
      ),
    );
    const { shape, arrays, base } = readAdapter(new Map(contents), config);
    const folder = files[0]?.path.split('/').at(-2) ?? (base || 'adapter');
    const { rank, alpha, targets, lastLayers = 0 } = shape;
    return {
      name: this.adapters.add(`own: ${folder}`, { shape, arrays }),
      lora: { rank, alpha, targets: [...targets], lastLayers },
      base: base || null,
    };
  }

  /**
   * Whether all is here that a run of another day was made with.
   * @param teachers that a person added, by name
   * @throws LabError `E_MODEL_UNKNOWN`, `E_STORAGE_*`, `E_PROMPTS_GONE`, `E_CLASSIFIER_GONE`, `E_ADAPTER_GONE`, `E_TEACHER_GONE`.
   */
  async requireParts(
    { model, chat, adapter, teacher }: RunConfig,
    teachers: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    await this.models.open(model);
    if (chat) await this.prompts.find(chat.prompts);
    if (chat?.classifier) this.classifiers.find(chat.classifier);
    if (adapter !== null) this.adapters.find(adapter);
    if (teacher.kind !== 'external' || !teacher.model.startsWith('own: ') || teachers.has(teacher.model))
      return;
    throw new LabError({
      code: 'E_TEACHER_GONE',
      file: teacher.model,
      message: 'the teacher of the run is not open here',
      consequence: 'The run did not go on; what is kept of it is unchanged.',
      nextStep: 'Add the teacher’s folder again under Teacher, then resume the run.',
    });
  }

  /** Deletes or forgets a model. @throws LabError as `ModelRegistry.remove`. */
  async remove(name: string): Promise<void> {
    await this.models.remove(name);
    this.#known.delete(name);
  }

  /** @throws LabError for every fault of the model's files. */
  async look(name: string): Promise<KnownModel> {
    const known = this.#known.get(name) ?? this.#open(name);
    this.#known.set(name, known);
    try {
      return await known;
    } catch (error) {
      this.#known.delete(name);
      throw error;
    }
  }

  async #open(name: string): Promise<KnownModel> {
    const source = await this.models.open(name);
    // The smallest storage: the run's own is not known here.
    const folder = await openModelFolder(source, { maxBytes: MOST_WEIGHT_BYTES, storage: 'q8' });
    const language = openLanguage(folder);
    const config = { ...folder.config, eos: language.tokenizer.endOfTurn };
    return { name, source, folder, config, ...language };
  }
}

function promptFacts({ rows, ...facts }: PromptSet): PromptSetFacts {
  const examples = QUERY_KINDS.flatMap(kind =>
    rows
      .filter(row => row.kind === kind)
      .slice(0, EXAMPLES)
      .map(({ messages }) => ({ kind, text: messages.at(-1)!.content })),
  );
  return { ...facts, examples };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
