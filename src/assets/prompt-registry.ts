import { LabError } from '../contract/errors.ts';
import type { PromptSet } from '../contract/prompts.ts';
import type { ChatConfig } from '../settings/chat-config.ts';
import { importPrompts } from '../data/prompts/import-prompts.ts';

/** The set that ships with the page is read at first use. */
export type StarterFile = () => Promise<Uint8Array<ArrayBuffer>>;

const STARTER_TITLE = 'Starter prompts';

/** Prompt sets by the hashes of their files. They live as long as the worker. */
export class PromptRegistry {
  readonly #readStarter: StarterFile;
  readonly #added = new Map<string, PromptSet>();
  #starter: Promise<PromptSet> | undefined;

  constructor(readStarter: StarterFile) {
    this.#readStarter = readStarter;
  }

  /** Adds a file of prompts. @throws LabError `E_PROMPTS_*` naming every invalid line. */
  async add(title: string, bytes: Uint8Array<ArrayBuffer>): Promise<PromptSet> {
    const set = await importPrompts({ name: title, bytes });
    this.#added.set(set.sha256, set);
    return set;
  }

  /** The set that a run names; null is the starter set. @throws LabError `E_PROMPTS_GONE`. */
  async find(wanted: ChatConfig['prompts']): Promise<PromptSet> {
    if (wanted === null) return await this.starter();
    return this.#added.get(wanted.sha256) ?? gone(wanted);
  }

  async starter(): Promise<PromptSet> {
    this.#starter ??= this.#readStarter().then(bytes => importPrompts({ name: STARTER_TITLE, bytes }));
    try {
      return await this.#starter;
    } catch (error) {
      this.#starter = undefined;
      throw error;
    }
  }
}

function gone({ title, sha256 }: NonNullable<ChatConfig['prompts']>): never {
  throw new LabError({
    code: 'E_PROMPTS_GONE',
    message: `the prompts “${title}” are not open here`,
    file: title,
    place: `SHA-256 ${sha256.slice(0, 12)}…`,
    consequence: 'The run did not start; its settings are unchanged.',
    nextStep: 'Choose the file again, or take the starter prompts.',
  });
}

/** For labs opened without any. */
export const noPrompts: Pick<PromptRegistry, 'find'> = {
  find: wanted => Promise.reject(missing(wanted?.title ?? STARTER_TITLE)),
};

const missing = (title: string): LabError =>
  new LabError({
    code: 'E_PROMPTS_GONE',
    message: 'this lab has no prompts in natural language',
    file: title,
    consequence: 'The run did not start.',
    nextStep: 'Open the lab with prompts, or choose the embedded model.',
  });
