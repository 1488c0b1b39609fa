import type { Fault } from '../contract/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { METHODS, withMethod } from './methods.ts';
import { NUMBER_FIELDS } from './number-fields.ts';
import { problemsOf } from './validation.ts';

export interface LinkSettings {
  readonly config: RunConfig;
  /** The link sets something. */
  readonly set: boolean;
  readonly fault: Fault | null;
}

function refused(message: string, place: string): Fault {
  return {
    code: 'E_LINK_SETTING',
    message,
    file: 'the page’s address',
    place,
    consequence: 'The link’s settings were left out; the page has its usual ones.',
    nextStep: 'Correct the address, or set the values in the setup panel.',
  };
}

/**
 * Settings that a link carries as query parameters, by their dotted paths: `?steps=20&optimizer.learningRate=0.001&method=jsd`.
 * Parameters that name no setting are left alone; a value that the schema refuses sets nothing at all. Nothing runs by itself.
 */
export function settingsFromLink(query: string, defaults: RunConfig): LinkSettings {
  const parameters = new URLSearchParams(query);
  let config = defaults;
  const method = parameters.get('method');
  if (method !== null) {
    const known = METHODS.find(({ kind }) => kind === method);
    if (!known) {
      const choices = METHODS.map(({ kind }) => kind).join(', ');
      return {
        config: defaults,
        set: false,
        fault: refused(`the method is one of ${choices}`, `method=${method}`),
      };
    }
    config = withMethod(config, known.kind);
  }
  for (const field of NUMBER_FIELDS) {
    const value = parameters.get(field.path);
    if (value === null) continue;
    const number = value.trim() === '' ? NaN : Number(value);
    config = field.set(config, number);
    const problem = problemsOf(config).find(({ path }) => path === field.path);
    if (problem)
      return {
        config: defaults,
        set: false,
        fault: refused(`${field.label.toLowerCase()} ${problem.message}`, `${field.path}=${value}`),
      };
  }
  return { config, set: config !== defaults, fault: null };
}
