import type { Artefact, LabApi, LabEvent, LabInfo, Outcome, TeacherFiles } from '../protocol/lab-api.ts';
import type { ConstitutionReader, ConstitutionReading } from '../contract/constitution-reading.ts';
import type { ResumedRun, RunStorage } from '../protocol/kept-runs.ts';
import { liveSettingsSchema, type LiveSettings, type RunConfig } from '../settings/run-config.ts';
import type { ExportFile, ExportKind, MemoryForecast } from '../protocol/model-api.ts';
import type { ModelStore } from '../contract/model-store.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Constitution } from '../contract/world.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { outcome } from './outcome.ts';
import { checkedConfig } from '../settings/problems.ts';
import { decodeRun, RUN_FILES } from '../run/checkpoint-file.ts';
import { freeName } from '../assets/free-name.ts';
import { describeModel, openModel, type OpenModel } from '../assets/open-model.ts';
import { EventBatch } from './event-batch.ts';
import { ModelAnswers } from './model-answers.ts';
import { ModelCatalog } from './model-catalog.ts';
import { ModelRegistry, type EmbeddedModel } from './model-registry.ts';
import { PromptRegistry, type StarterFile } from '../assets/prompt-registry.ts';
import { requireSameTokenizer } from '../teacher/same-tokenizer.ts';
import type { WeightStorage } from '../model/weight-storage.ts';
import { ArtefactStore } from '../assets/artefacts.ts';
import { exportRun } from './export-run.ts';
import type { AdapterFacts } from './forecast-run.ts';
import { RunHost } from './run-host.ts';
import { RunSaver } from './run-saver.ts';
import { wholePercents } from './whole-percents.ts';

/** What the service takes from where it runs. */
export interface LabEnvironment {
  openGpu(): Promise<Gpu>;
  /** Models that ship with the page, the one that opens first at the beginning. */
  readonly models: readonly EmbeddedModel[];
  readonly store: ModelStore;
  readonly loadStarterPrompts: StarterFile;
  /** Where runs survive this thread. */
  readonly runs: RunStorage;
  /** The files of an external model that ships with the page. */
  loadExternal(name: string): Promise<TeacherFiles>;
  /** Named in receipts. */
  readonly runtime: string;
}

/** What the next lab is opened with. */
interface WantedModel {
  readonly name: string;
  readonly storage: WeightStorage;
}

/** LabApi on this thread: checks what comes in, drives runs, and turns every error into data. */
export class LabService extends ModelAnswers implements LabApi {
  readonly #environment: LabEnvironment;
  readonly #host: RunHost;
  readonly #artefacts = new ArtefactStore();
  /** Teachers that a person added, by name. */
  readonly #teachers = new Map<string, TeacherFiles>();
  #lab: Promise<OpenModel> | undefined;
  #wanted: WantedModel;
  #adapterFacts: AdapterFacts | undefined;
  readonly #events: EventBatch;

  constructor(environment: LabEnvironment) {
    const { models, store, loadStarterPrompts } = environment;
    const events = new EventBatch();
    const registry = new ModelRegistry({ embedded: models, store }, event => events.add(event));
    super(new ModelCatalog(registry, new PromptRegistry(loadStarterPrompts)));
    this.#environment = environment;
    this.#events = events;
    this.#wanted = { name: models[0]!.name, storage: 'f32' };
    this.#host = new RunHost(
      tell => this.#openModel(tell),
      event => events.add(event),
      new RunSaver(environment.runs, event => events.add(event)),
    );
  }

  subscribe(listener: (events: readonly LabEvent[]) => unknown): Promise<Outcome<null>> {
    return outcome(() => {
      this.#events.listener = listener;
    });
  }

  open(): Promise<Outcome<LabInfo>> {
    return outcome(async () => describeModel(await this.#openModel()));
  }

  start(id: string, config: RunConfig, paused: boolean, label = 'Run'): Promise<Outcome<null>> {
    return outcome(async () => {
      const checked = checkedConfig(config);
      this.#wanted = wantedModel(checked);
      await this.#host.start({ id, label, config: checked, paused });
    });
  }

  resumeKept(id: string, paused: boolean): Promise<Outcome<ResumedRun>> {
    return outcome(async () => {
      const { value, skipped } = await this.#environment.runs.read(id, RUN_FILES, (facts, files) => ({
        facts,
        stored: decodeRun(facts, files),
      }));
      const { label, config } = value.facts;
      await this.catalog.requireParts(config, this.#teachers);
      this.#wanted = wantedModel(config);
      await this.#host.start({ id, label, config, paused }, value.stored);
      return { step: value.stored.checkpoint.step, skipped };
    });
  }

  pause(): Promise<Outcome<null>> {
    return outcome(() => this.#host.pause());
  }

  resume(): Promise<Outcome<null>> {
    return outcome(() => this.#host.resume());
  }

  step(): Promise<Outcome<null>> {
    return outcome(() => this.#host.step());
  }

  inspect(): Promise<Outcome<null>> {
    return outcome(() => this.#host.inspect());
  }

  stop(): Promise<Outcome<null>> {
    return outcome(() => this.#host.stop());
  }

  recover(): Promise<Outcome<{ readonly step: number }>> {
    return outcome(() => this.#host.recover());
  }

  setLive(settings: LiveSettings): Promise<Outcome<null>> {
    return outcome(() => this.#host.setLive(liveSettingsSchema.parse(settings)));
  }

  setPace(minimumStepMilliseconds: number): Promise<Outcome<null>> {
    return outcome(() => this.#host.setPace(minimumStepMilliseconds));
  }

  setDropped(rows: readonly number[]): Promise<Outcome<{ readonly dropped: readonly number[] }>> {
    return outcome(() => this.#host.setDropped(rows));
  }

  artefacts(): Promise<Outcome<readonly Artefact[]>> {
    return outcome(() => this.#artefacts.list());
  }

  artefactFile(name: string): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
    return outcome(() => this.#artefacts.file(name));
  }

  addTeacher(files: TeacherFiles): Promise<Outcome<{ readonly name: string }>> {
    return outcome(async () => {
      const lab = await this.#openModel();
      requireSameTokenizer(lab.tokenizerFile, files.tokenizer);
      // A name of its own, so that it never stands for a model that ships with the page.
      const name = freeName(`own: ${files.name}`, this.#teachers);
      this.#teachers.set(name, files);
      try {
        await lab.externals.open(name);
      } catch (error) {
        this.#teachers.delete(name);
        throw error;
      }
      return { name };
    });
  }

  record(): Promise<Outcome<RunRecord>> {
    return outcome(() => this.#host.record());
  }

  inspectConstitution(
    constitution: Constitution,
    reader: ConstitutionReader,
  ): Promise<Outcome<ConstitutionReading>> {
    return outcome(() => this.catalog.reading(constitution, reader));
  }

  forecast(config: RunConfig): Promise<Outcome<MemoryForecast>> {
    return outcome(async () => this.catalog.forecast(checkedConfig(config), await this.#adapter()));
  }

  exportRun(kind: ExportKind): Promise<Outcome<ExportFile>> {
    return outcome(async () => exportRun(kind, await this.#openModel(), this.#host.student()));
  }

  loseDevice(): Promise<Outcome<null>> {
    return outcome(async () => (await this.#openModel()).gpu.device.destroy());
  }

  ping(): Promise<Outcome<null>> {
    return outcome(() => undefined);
  }

  /** The open lab; opened anew when there is none, its device is gone, or a run names another model or storage. */
  async #openModel(tell: (activity: string) => void = () => undefined): Promise<OpenModel> {
    const { name, storage } = this.#wanted;
    const open = async (): Promise<OpenModel> => {
      const { openGpu, loadExternal, runtime } = this.#environment;
      const source = await this.catalog.models.open(name);
      return await openModel(await openGpu(), source, runtime, {
        storage,
        artefacts: this.#artefacts,
        promptSets: this.catalog.prompts,
        adapters: this.catalog.adapters,
        classifiers: this.catalog.classifiers,
        onProgress: wholePercents(percent => tell(`Loading the model, ${percent} %`)),
        externals: async teacher => this.#teachers.get(teacher) ?? (await loadExternal(teacher)),
      });
    };
    const current = await this.#lab?.catch(() => undefined);
    if (current && !current.gpu.lost && current.name === name && current.storage === storage) return current;
    if (current && !current.gpu.lost) await current.externals.release();
    current?.gpu.destroy();
    this.#lab = open();
    return await this.#lab;
  }

  /** The adapter's limits, for forecasts: of a device that is open, or of one that is opened for the question. */
  async #adapter(): Promise<AdapterFacts> {
    if (!this.#adapterFacts) {
      const current = await this.#lab?.catch(() => undefined);
      const gpu = current && !current.gpu.lost ? current.gpu : await this.#environment.openGpu();
      const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
      this.#adapterFacts = {
        limits: { maxBufferSize, maxStorageBufferBindingSize },
        software: gpu.tuning.software,
      };
      if (gpu !== current?.gpu) gpu.destroy();
    }
    return this.#adapterFacts;
  }
}

const wantedModel = ({ model: name, chat }: RunConfig): WantedModel => ({
  name,
  storage: chat?.storage ?? 'f32',
});
