import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type {
  AddedClassifier,
  MemoryForecast,
  ModelDescription,
  ModelLibrary,
  ModelOffer,
  PathedFile,
  PromptSetFacts,
} from '../../protocol/model-api.ts';
import { withModel } from './chat-settings.ts';
import type { ConfigStore } from '../setup/config-store.ts';
import { askToStay } from '../page/persistent-storage.ts';

export interface ModelState {
  readonly library: ModelLibrary | null;
  /** A hub model that was looked up. */
  readonly offer: ModelOffer | null;
  /** The chat model of the draft. */
  readonly description: ModelDescription | null;
  readonly prompts: PromptSetFacts | null;
  /** The classifier that was added last. */
  readonly classifier: AddedClassifier | null;
  readonly forecast: MemoryForecast | null;
  /** What is being done for the user, in words. */
  readonly busy: string | null;
  readonly fault: Fault | null;
}

export interface ModelActions {
  readonly store: StoreApi<ModelState>;
  refresh(): Promise<void>;
  look(address: string, revision: string): Promise<void>;
  download(): Promise<void>;
  stop(): Promise<void>;
  remove(name: string): Promise<void>;
  /** Files of one folder, chosen or dropped: checked, listed, and chosen as the student. */
  add(files: readonly PathedFile[]): Promise<void>;
  /** Makes a model the student of the next run, with settings that fit it. */
  choose(name: string): Promise<void>;
  /** Reads what a model of the settings is, where settings were kept or came by a link. */
  describe(name: string): Promise<void>;
  addPrompts(file: File): Promise<void>;
  starterPrompts(): Promise<void>;
  addAdapter(files: readonly File[]): Promise<void>;
  addClassifier(files: readonly File[]): Promise<void>;
  /** What the draft would take of GPU memory. */
  predict(): Promise<void>;
  dismiss(): void;
}

type Question = 'library' | 'description' | 'memory';

/** The page's models, prompts and adapters. */
export function createModelActions(config: ConfigStore, client: () => LabClient): ModelActions {
  const store = createStore<ModelState>(() => ({
    library: null,
    offer: null,
    description: null,
    prompts: null,
    forecast: null,
    classifier: null,
    busy: null,
    fault: null,
  }));

  /** Tasks in progress, the latest last: another may be requested before one is done. */
  const doing: string[] = [];
  /** The latest faults of the page's own requests. */
  const met = new Map<Question, Fault>();

  /** A request of the user's: `busy` is set while the worker works; an earlier fault is cleared, and a new one is kept to be shown. */
  async function ask<T>(busy: string, call: (lab: LabClient) => Promise<Outcome<T>>): Promise<T | undefined> {
    doing.push(busy);
    store.setState({ busy, fault: null });
    const outcome = await call(client());
    doing.splice(doing.indexOf(busy), 1);
    store.setState({ busy: doing.at(-1) ?? null, ...(!outcome.ok && { fault: outcome.fault }) });
    return outcome.ok ? outcome.value : undefined;
  }

  /**
   * A request of the page's own. It disables nothing, or a button could vanish while it is being pressed; and it clears no fault but its
   * own, since the user may be reading another. Stale answers are ignored.
   */
  async function learn<T>(
    question: Question,
    call: (lab: LabClient) => Promise<Outcome<T>>,
    matters: () => boolean = () => true,
  ): Promise<T | undefined> {
    const outcome = await call(client());
    if (!matters()) return undefined;
    if (!outcome.ok) {
      met.set(question, outcome.fault);
      store.setState({ fault: outcome.fault });
      return undefined;
    }
    if (store.getState().fault === met.get(question)) store.setState({ fault: null });
    return outcome.value;
  }

  /** Of two answers of a kind only the one to the later request counts. */
  const turns = { offer: 0, choice: 0 };
  function turn(kind: keyof typeof turns): () => boolean {
    const mine = ++turns[kind];
    return () => turns[kind] === mine;
  }

  const actions: ModelActions = {
    store,
    async refresh() {
      const library = await learn('library', lab => lab.models());
      if (!library) return;
      store.setState(({ offer }) => ({ library, offer: offer && cachedAs(offer, library) }));
      // A model that a link named and that had to be fetched first can be read now.
      const { model, chat } = config.store.getState().draft;
      const isHere = library.models.some(({ name, state }) => name === model && state === 'complete');
      if (chat && isHere) await actions.describe(model);
    },
    async look(address, revision) {
      const isLast = turn('offer');
      store.setState({ offer: null });
      const offer = await ask('Asking the hub', lab => lab.offerModel(address, revision));
      if (offer && isLast()) store.setState({ offer });
    },
    async download() {
      const { offer } = store.getState();
      if (offer) askToStay();
      if (offer) await ask('Beginning', lab => lab.downloadModel(offer.plan));
    },
    async stop() {
      await ask('Stopping', lab => lab.stopDownload());
    },
    async remove(name) {
      const removed = await ask('Deleting', lab => lab.removeModel(name));
      if (removed !== undefined) await actions.refresh();
    },
    async add(files) {
      const [folder = '', ...below] = files[0]?.path.split('/') ?? [];
      const model = await ask('Checking the files', lab =>
        lab.addModel(below.length > 0 ? folder : '', files),
      );
      if (!model) return;
      await actions.refresh();
      await actions.choose(model.name);
    },
    async choose(name) {
      const isLast = turn('choice');
      const description = await ask('Reading its tokenizer', lab => lab.describeModel(name));
      if (!description || !isLast()) return;
      store.setState({ description: description.chat ? description : null, prompts: null, forecast: null });
      config.edit(draft => withModel(draft, description));
    },
    async describe(name) {
      if (store.getState().description?.name === name) return;
      const isOurs = (): boolean => config.store.getState().draft.model === name;
      const description = await learn('description', lab => lab.describeModel(name), isOurs);
      if (description?.chat) store.setState({ description });
    },
    async addPrompts(file) {
      const prompts = await ask('Reading the prompts', lab => lab.addPrompts(file.name, file));
      if (!prompts) return;
      const { title, sha256 } = prompts;
      store.setState({ prompts });
      config.edit(draft => ({ ...draft, chat: draft.chat && { ...draft.chat, prompts: { title, sha256 } } }));
    },
    async starterPrompts() {
      const prompts = await ask('Reading the prompts', lab => lab.starterPrompts());
      if (!prompts) return;
      store.setState({ prompts });
      config.edit(draft => ({ ...draft, chat: draft.chat && { ...draft.chat, prompts: null } }));
    },
    async addAdapter(files) {
      const { model } = config.store.getState().draft;
      const adapter = await ask('Reading the adapter', lab => lab.addAdapter(model, pathed(files)));
      // It fits only the model it was read for.
      if (adapter && config.store.getState().draft.model === model)
        config.edit(draft => ({ ...draft, adapter: adapter.name, lora: adapter.lora }));
    },
    async addClassifier(files) {
      const classifier = await ask('Opening the classifier', lab => lab.addClassifier(pathed(files)));
      if (!classifier) return;
      const { name, sha256, suggestedLabel: label } = classifier;
      store.setState({ classifier });
      config.edit(draft => ({
        ...draft,
        chat: draft.chat && { ...draft.chat, classifier: { name, sha256, label, threshold: 0.5 } },
      }));
    },
    async predict() {
      const { draft, problems } = config.store.getState();
      if (!draft.chat || problems.length > 0) return;
      const isOurs = (): boolean => config.store.getState().draft === draft;
      const forecast = await learn('memory', lab => lab.forecast(draft), isOurs);
      if (isOurs()) store.setState({ forecast: forecast ?? null });
    },
    dismiss: () => store.setState({ fault: null }),
  };
  return actions;
}

/** The offer with what has come of it: downloads and deletions happen while it is shown. */
function cachedAs(offer: ModelOffer, { models }: ModelLibrary): ModelOffer {
  const name = `${offer.plan.id}@${offer.plan.commit}`;
  return { ...offer, cached: models.find(model => model.name === name)?.state ?? null };
}

export const pathed = (files: readonly File[]): PathedFile[] =>
  files.map(file => ({ path: file.webkitRelativePath || file.name, file }));
