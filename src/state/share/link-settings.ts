import type { Fault } from '../../contract/errors.ts';
import { fieldAt, fieldFor, FIELDS, SETTABLE, withText, type SettableField } from '../../settings/fields.ts';
import { problemsOf } from '../../settings/problems.ts';
import { CONFIG_VERSION, type RunConfig } from '../../settings/run-config.ts';

export interface LinkSettings {
  readonly config: RunConfig;
  /** The link sets something. */
  readonly set: boolean;
  readonly fault: Fault | null;
}

/** Why a link is not taken, thrown from where it is found out. */
class Refusal extends Error {
  readonly place: string;
  constructor(message: string, place: string) {
    super(message);
    this.place = place;
  }
}

/** What an address may set. Names of models and files are left to shared links, which are checked for what they hide. */
const IN_ADDRESS = new Map<string, SettableField[]>();
for (const field of SETTABLE)
  for (const name of [field.path, field.words.link])
    if (name !== undefined && field.kind !== 'text')
      IN_ADDRESS.set(name, [...(IN_ADDRESS.get(name) ?? []), field]);

function read(parameters: URLSearchParams, defaults: RunConfig): RunConfig {
  const version = parameters.get('version');
  // Links of version 1 set nothing that has another meaning today.
  if (version !== null && !['1', String(CONFIG_VERSION)].includes(version))
    throw new Refusal(
      `the link was made for settings of version ${version}; this page knows ${CONFIG_VERSION}`,
      `version=${version}`,
    );
  let config = defaults;
  // In the order of the schema: the recipe sets everything, objective and teacher what belongs to them, the rest itself.
  for (const [name, fields] of IN_ADDRESS) {
    const value = parameters.get(name);
    const field = fieldFor(config, fields);
    if (value === null || !field) continue;
    const changed = withText(config, field, value);
    if (typeof changed === 'string') throw new Refusal(changed, `${name}=${value}`);
    config = changed;
  }
  const [problem] = problemsOf(config);
  if (!problem) return config;
  const { path, message } = problem;
  const value = parameters.get(path);
  const number = FIELDS.some(field => field.path === path && field.kind === 'number');
  throw new Refusal(
    number ? `${fieldAt(path).words.label.toLowerCase()} ${message}` : message,
    value === null ? path : `${path}=${value}`,
  );
}

/**
 * Settings that an address carries as query parameters, by their dotted paths:
 * `?recipe=copsd&steps=20&optimizer.learningRate=0.001&calibration.epochs=5`. Parameters that name no setting are left alone; a
 * value that the schema refuses sets nothing at all. Nothing runs by itself.
 */
export function settingsFromLink(query: string, defaults: RunConfig): LinkSettings {
  try {
    const config = read(new URLSearchParams(query), defaults);
    return { config, set: config !== defaults, fault: null };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const { message, place } = refusal;
    return {
      config: defaults,
      set: false,
      fault: {
        code: 'E_LINK_SETTING',
        message,
        file: 'the page’s address',
        place,
        consequence: 'The link’s settings were left out; the page has its usual ones.',
        nextStep: 'Correct the address, or set the values in the setup panel.',
      },
    };
  }
}
