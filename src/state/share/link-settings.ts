import type { Fault } from '../../contract/errors.ts';
import { RECIPES } from '../../settings/method-config.ts';
import { withRecipe } from '../../settings/recipes.ts';
import { CONFIG_VERSION, type RunConfig } from '../../settings/run-config.ts';
import { METHODS, withMethod } from '../../settings/methods.ts';
import { NUMBER_FIELDS } from '../../settings/number-fields.ts';
import { SWITCH_FIELDS } from '../../settings/switch-fields.ts';
import { TEACHERS, withTeacher } from '../../settings/teachers.ts';
import { problemsOf } from '../../settings/validation.ts';

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

type Read = (config: RunConfig, value: string, refuse: (message: string) => never) => RunConfig;

function oneOf<T extends string>(
  name: string,
  choices: readonly T[],
  put: (config: RunConfig, choice: T) => RunConfig,
): Read {
  return (config, value, refuse) => {
    const known = choices.find(choice => choice === value);
    return known === undefined ? refuse(`the ${name} is one of ${choices.join(', ')}`) : put(config, known);
  };
}

/** By their names in links, in the order in which they are set: a recipe sets everything, the rest changes it. */
const SETTINGS: readonly (readonly [name: string, read: Read])[] = [
  [
    'version',
    (config, value, refuse) =>
      // Links of version 1 set nothing that has another meaning today.
      ['1', String(CONFIG_VERSION)].includes(value)
        ? config
        : refuse(`the link was made for settings of version ${value}; this page knows ${CONFIG_VERSION}`),
  ],
  ['recipe', oneOf('recipe', RECIPES, withRecipe)],
  [
    'method',
    oneOf(
      'method',
      METHODS.map(({ kind }) => kind),
      withMethod,
    ),
  ],
  [
    'teacher',
    oneOf(
      'teacher',
      TEACHERS.map(({ kind }) => kind),
      withTeacher,
    ),
  ],
  ...SWITCH_FIELDS.map(
    ({ path, label, applies, set }) =>
      [
        path,
        (config, value, refuse) => {
          if (!(applies?.(config) ?? true)) return refuse(`these settings have no “${label}”`);
          return value === 'true' || value === 'false'
            ? set(config, value === 'true')
            : refuse(`“${label}” is true or false`);
        },
      ] as const satisfies readonly [string, Read],
  ),
  ...NUMBER_FIELDS.map(
    ({ path, label, applies, set }) =>
      [
        path,
        (config, value, refuse) => {
          if (!(applies?.(config) ?? true)) return refuse(`these settings have no “${label}”`);
          return set(config, value.trim() === '' ? NaN : Number(value));
        },
      ] as const satisfies readonly [string, Read],
  ),
];

function read(parameters: URLSearchParams, defaults: RunConfig): RunConfig {
  let config = defaults;
  for (const [name, put] of SETTINGS) {
    const value = parameters.get(name);
    if (value === null) continue;
    const place = `${name}=${value}`;
    config = put(config, value, message => {
      throw new Refusal(message, place);
    });
  }
  const [problem] = problemsOf(config);
  if (!problem) return config;
  const field = NUMBER_FIELDS.find(({ path }) => path === problem.path);
  const value = parameters.get(problem.path);
  throw new Refusal(
    field ? `${field.label.toLowerCase()} ${problem.message}` : problem.message,
    value === null ? problem.path : `${problem.path}=${value}`,
  );
}

/**
 * Settings that a link carries as query parameters, by their dotted paths:
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
