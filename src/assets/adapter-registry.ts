import { LabError } from '../contract/errors.ts';
import type { LoraAdapter } from '../model/export/adapter.ts';
import { freeName } from './free-name.ts';

/** The user's adapters by name. They live as long as the worker. */
export class AdapterRegistry {
  readonly #adapters = new Map<string, LoraAdapter>();

  /** Keeps an adapter under `wanted` or a similar free name, and returns that name. */
  add(wanted: string, adapter: LoraAdapter): string {
    const name = freeName(wanted, this.#adapters);
    this.#adapters.set(name, adapter);
    return name;
  }

  /** @throws LabError `E_ADAPTER_GONE`. */
  find(name: string): LoraAdapter {
    const found = this.#adapters.get(name);
    if (found) return found;
    throw new LabError({
      code: 'E_ADAPTER_GONE',
      file: name,
      message: 'the adapter to start from is not open here',
      consequence: 'The run did not start; its settings are unchanged.',
      nextStep: 'Choose the adapter’s files again, or start from a fresh adapter.',
    });
  }
}
