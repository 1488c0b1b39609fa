import type { ModelStore } from '../contract/model-store.ts';
import { ArtefactStore } from '../assets/artefacts.ts';
import { freeName } from '../assets/free-name.ts';
import { PromptRegistry, type StarterFile } from '../assets/prompt-registry.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { checkedConfig, checkedLive } from '../settings/problems.ts';
import type { LabCommands, TeacherFiles } from '../protocol/lab-api.ts';
import type { StudentModel } from '../protocol/model-api.ts';
import type { RunStorage } from '../protocol/kept-runs.ts';
import { decodeRun, RUN_FILES } from '../run/checkpoint-file.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { requireSameTokenizer } from '../teacher/same-tokenizer.ts';
import { EventBatch } from './event-batch.ts';
import { exportRun } from './export-run.ts';
import type { GpuAdapterFacts } from './forecast-run.ts';
import { ModelCatalog } from './model-catalog.ts';
import { ModelRegistry, type EmbeddedModel } from './model-registry.ts';
import { ModelSlot } from './model-slot.ts';
import { RunHost } from './run-host.ts';
import { inState } from './run-refusals.ts';
import { RunSaver } from './run-saver.ts';

/** What the service takes from where it runs. */
export interface LabEnvironment {
  openGpu(): Promise<Gpu>;
  /** Models that ship with the page. */
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

/** All that the worker does for the page: checks what comes in, and hands it to whoever does it. */
export function createLabService(environment: LabEnvironment): LabCommands {
  const events = new EventBatch();
  const emit = events.add.bind(events);
  const models = new ModelRegistry({ embedded: environment.models, store: environment.store }, emit);
  const catalog = new ModelCatalog(models, new PromptRegistry(environment.loadStarterPrompts));
  const artefacts = new ArtefactStore();
  /** Teachers that a person added, by name. */
  const teachers = new Map<string, TeacherFiles>();
  const slot = new ModelSlot(environment, catalog, {
    artefacts,
    promptSets: catalog.prompts,
    adapters: catalog.adapters,
    classifiers: catalog.classifiers,
    externals: async name => teachers.get(name) ?? (await environment.loadExternal(name)),
  });
  const host = new RunHost(
    (config, tell) => slot.open(studentOf(config), tell),
    emit,
    new RunSaver(environment.runs, emit),
  );
  let gpuAdapter: GpuAdapterFacts | undefined;

  /** The GPU adapter's limits, for forecasts: of a device that is open, or of one that is opened for the question. */
  async function gpuAdapterFacts(): Promise<GpuAdapterFacts> {
    if (gpuAdapter) return gpuAdapter;
    const open = slot.current?.gpu;
    const gpu = open ?? (await environment.openGpu());
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
    gpuAdapter = { limits: { maxBufferSize, maxStorageBufferBindingSize }, software: gpu.tuning.software };
    if (!open) gpu.destroy();
    return gpuAdapter;
  }

  return {
    subscribe(listener) {
      events.listener = listener;
    },
    ping: () => undefined,
    loseDevice: () => slot.current?.gpu.device.destroy(),

    start: run => host.start({ ...run, config: checkedConfig(run.config) }),
    resumeKept: id =>
      host.startKept(id, async () => {
        const { value, skipped } = await environment.runs.read(id, RUN_FILES, (facts, files) => {
          return { facts, stored: decodeRun(facts, files) };
        });
        const { label, config } = value.facts;
        await catalog.requireParts(config, teachers);
        const { step } = value.stored.checkpoint;
        return [{ id, label, config, paused: false }, value.stored, { step, skipped }];
      }),
    pause: id => host.pause(id),
    resume: id => host.resume(id),
    step: id => host.step(id),
    stop: id => host.stop(id),
    inspect: id => host.inspect(id),
    recover: id => host.recover(id),
    setLive: (id, settings) => host.setLive(id, checkedLive(settings)),
    setPace: milliseconds => host.setPace(milliseconds),
    setDropped: (id, rows) => host.setDropped(id, rows),
    record: id => host.record(id),
    async exportRun(id, kind) {
      const student = host.student(id);
      const { model } = student.config;
      // A model that is open is there; of another the files are looked at again.
      const known = slot.current?.name === model ? slot.current : await catalog.look(model);
      const { prompts, classifiers } = catalog;
      return exportRun(kind, { ...known, promptSets: prompts, classifiers }, student);
    },

    models: () => models.list(),
    offerModel: (id, revision) => models.offer(id, revision),
    downloadModel: plan => models.download(plan),
    stopDownload: () => models.stop(),
    removeModel: name => catalog.remove(name),
    addModel: (folder, files) => models.add(folder, files),
    describeModel: name => catalog.describe(name),
    addPrompts: (title, file) => catalog.addPrompts(title, file),
    starterPrompts: () => catalog.starterPrompts(),
    addAdapter: (model, files) => catalog.addAdapter(model, files),
    addClassifier: files => catalog.classifiers.add(files),
    forecast: async config => catalog.forecast(checkedConfig(config), await gpuAdapterFacts()),
    inspectConstitution: (constitution, reader) => catalog.reading(constitution, reader),

    artefacts: () => artefacts.list(),
    artefactFile: name => artefacts.file(name),
    async addTeacher(student, files) {
      const { going } = host;
      // Opening another model would take the device from the run.
      if (going && going.model !== student.name)
        throw inState(
          'add a teacher',
          `training ${going.model}`,
          'Add it when the run has ended, or stop the run.',
        );
      const model = await slot.open(going ? studentOf(going) : student);
      requireSameTokenizer(model.tokenizerFile, files.tokenizer);
      // A name of its own, so that it never stands for a model that ships with the page.
      const name = freeName(`own: ${files.name}`, teachers);
      teachers.set(name, files);
      try {
        await model.externals.open(name);
      } catch (error) {
        teachers.delete(name);
        throw error;
      }
      return { name };
    },
  };
}

const studentOf = ({ model: name, chat }: RunConfig): StudentModel => ({
  name,
  storage: chat?.storage ?? 'f32',
});
