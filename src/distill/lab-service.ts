import type {
  Artefact,
  ConstitutionReading,
  LabApi,
  LabEvent,
  LabInfo,
  Outcome,
  TeacherFiles,
} from '../contract/lab-api.ts';
import {
  liveSettingsSchema,
  runConfigSchema,
  type LiveSettings,
  type RunConfig,
} from '../contract/run-config.ts';
import type { RunRecord } from '../contract/run-record.ts';
import { LabError } from '../contract/errors.ts';
import type { Constitution } from '../contract/world.ts';
import { readConstitution } from '../data/constitution/reading.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { describeFailure } from './failures.ts';
import { describeLab, openLab, type Lab, type ModelFiles } from './lab.ts';
import { requireSameTokenizer } from '../teacher/same-tokenizer.ts';
import { ArtefactStore } from './artefacts.ts';
import { RunHost } from './run-host.ts';

/** What the service takes from where it runs. */
export interface LabEnvironment {
  openGpu(): Promise<Gpu>;
  loadModel(name: string): Promise<ModelFiles>;
  /** The files of an external model that ships with the page. */
  loadExternal(name: string): Promise<TeacherFiles>;
  /** Named in receipts. */
  readonly runtime: string;
}

/** Milliseconds that events gather before they go to the page in one message. */
const BATCH_INTERVAL = 100;

/** The model that `open` opens before a run names one. */
const EMBEDDED_MODEL = 'world-s';

/** LabApi on this thread: checks what comes in, drives runs, and turns every error into data. */
export class LabService implements LabApi {
  readonly #environment: LabEnvironment;
  readonly #host: RunHost;
  readonly #artefacts = new ArtefactStore();
  /** Teachers that a person added, by name. */
  readonly #teachers = new Map<string, TeacherFiles>();
  #lab: Promise<Lab> | undefined;
  #model = EMBEDDED_MODEL;
  #listener: ((events: readonly LabEvent[]) => unknown) | undefined;
  #batch: LabEvent[] = [];

  constructor(environment: LabEnvironment) {
    this.#environment = environment;
    this.#host = new RunHost(
      () => this.#openLab(),
      event => this.#emit(event),
    );
  }

  subscribe(listener: (events: readonly LabEvent[]) => unknown): Promise<Outcome<null>> {
    return answer(() => {
      this.#listener = listener;
    });
  }

  open(): Promise<Outcome<LabInfo>> {
    return answer(async () => describeLab(await this.#openLab()));
  }

  start(runId: string, config: RunConfig, startPaused: boolean): Promise<Outcome<null>> {
    return answer(async () => {
      const checked = checkedConfig(config);
      this.#model = checked.model;
      await this.#host.start(runId, checked, startPaused);
    });
  }

  pause(): Promise<Outcome<null>> {
    return answer(() => this.#host.pause());
  }

  resume(): Promise<Outcome<null>> {
    return answer(() => this.#host.resume());
  }

  step(): Promise<Outcome<null>> {
    return answer(() => this.#host.step());
  }

  stop(): Promise<Outcome<null>> {
    return answer(() => this.#host.stop());
  }

  recover(): Promise<Outcome<{ readonly step: number }>> {
    return answer(() => this.#host.recover());
  }

  setLive(settings: LiveSettings): Promise<Outcome<null>> {
    return answer(() => this.#host.setLive(liveSettingsSchema.parse(settings)));
  }

  setPace(minimumStepMilliseconds: number): Promise<Outcome<null>> {
    return answer(() => this.#host.setPace(minimumStepMilliseconds));
  }

  setDropped(rows: readonly number[]): Promise<Outcome<{ readonly dropped: readonly number[] }>> {
    return answer(() => this.#host.setDropped(rows));
  }

  artefacts(): Promise<Outcome<readonly Artefact[]>> {
    return answer(() => this.#artefacts.list());
  }

  artefactFile(name: string): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
    return answer(() => this.#artefacts.file(name));
  }

  addTeacher(files: TeacherFiles): Promise<Outcome<{ readonly name: string }>> {
    return answer(async () => {
      const lab = await this.#openLab();
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
    return answer(() => this.#host.record());
  }

  inspectConstitution(constitution: Constitution): Promise<Outcome<ConstitutionReading>> {
    return answer(async () => readConstitution(constitution, (await this.#openLab()).tokenizer));
  }

  loseDevice(): Promise<Outcome<null>> {
    return answer(async () => (await this.#openLab()).gpu.device.destroy());
  }

  ping(): Promise<Outcome<null>> {
    return answer(() => undefined);
  }

  /** The open lab; opened anew when there is none, its device is gone, or a run names another model. */
  async #openLab(): Promise<Lab> {
    const name = this.#model;
    const open = async (): Promise<Lab> => {
      const { openGpu, loadModel, loadExternal, runtime } = this.#environment;
      const externals = async (teacher: string): Promise<TeacherFiles> =>
        this.#teachers.get(teacher) ?? (await loadExternal(teacher));
      return await openLab(await openGpu(), await loadModel(name), runtime, {
        externals,
        artefacts: this.#artefacts,
      });
    };
    const current = await this.#lab?.catch(() => undefined);
    if (current && !current.gpu.lost && current.name === name) return current;
    if (current && !current.gpu.lost) await current.externals.release();
    current?.gpu.destroy();
    this.#lab = open();
    return await this.#lab;
  }

  #emit(event: LabEvent): void {
    if (this.#batch.push(event) > 1) return;
    setTimeout(() => {
      const events = this.#batch;
      this.#batch = [];
      void this.#listener?.(events);
    }, BATCH_INTERVAL);
  }
}

/** `wanted`, or `wanted (2)` and so on: a name stands for one model, open or in an artefact's settings, for good. */
function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted} (${n})`;
  return name;
}

/** Runs a call; what it throws becomes the answer's fault. */
async function answer(call: () => void | undefined | Promise<void>): Promise<Outcome<null>>;
async function answer<T>(call: () => T | Promise<T>): Promise<Outcome<T>>;
async function answer(call: () => unknown): Promise<Outcome<unknown>> {
  try {
    return { ok: true, value: (await call()) ?? null };
  } catch (error) {
    return { ok: false, fault: describeFailure(error) };
  }
}

function checkedConfig(config: unknown): RunConfig {
  const result = runConfigSchema.safeParse(config);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new LabError({
    code: 'E_CONFIG',
    message: issue?.message ?? 'the settings are not valid',
    ...(issue && { place: issue.path.join('.') }),
    consequence: 'The run did not start.',
    nextStep: 'Correct the setting and start again.',
  });
}
