import { z } from 'zod';
import { wordsOf, type FieldWords, type GroupName, type Need } from './field.ts';
import { hasTeacher, isDivergence, isPolicyGradient, type Objective } from './objectives.ts';
import { withObjective, withRecipe, withTeacher } from './choices.ts';
import { runConfigSchema, type LiveSettings, type RunConfig } from './run-config.ts';

/** A setting: where it lives, what it is called, and how it is read and written. */
interface Base<Kind extends string, Value> {
  readonly kind: Kind;
  /** Where it lives in the configuration, dotted: what validation names, links set and the command line takes. */
  readonly path: string;
  readonly words: FieldWords;
  /** Its own group, or that of the setting that it belongs to. */
  readonly group: GroupName | undefined;
  /** The setting above it says it all. */
  readonly told: boolean;
  /** Whether the settings have a place for it: not every objective has a β. */
  exists(config: RunConfig): boolean;
  /** Whether it is there and has an effect. */
  applies(config: RunConfig): boolean;
  /** Of a number without a place NaN, of anything else the poorest value. */
  get(config: RunConfig): Value;
  /** Leaves settings without a place for it as they are. */
  set(config: RunConfig, value: Value): RunConfig;
  /** As it stands in the settings, defaults filled in; null where it does not apply. */
  value(config: RunConfig): unknown;
}

export interface NumberField extends Base<'number', number> {
  /** The schema's bounds in words, with advice. */
  readonly range: string;
  readonly whole: boolean;
  /** What an arrow key adds. */
  readonly increment: number;
}
export type SwitchField = Base<'switch', boolean>;
/** One of some names: a choice of the schema, or the kind of a union's member. */
export interface ChoiceField extends Base<'choice', string> {
  readonly choices: readonly string[];
}
export interface ListField extends Base<'list', readonly string[]> {
  readonly choices: readonly string[];
}
export type TextField = Base<'text', string>;
/** Settings that belong together. */
export type PartField = Base<'part', unknown>;
export type Field = NumberField | SwitchField | ChoiceField | ListField | TextField | PartField;

const NEEDS: Readonly<Record<Need, (objective: Objective) => boolean>> = {
  'a divergence': isDivergence,
  'a policy gradient': isPolicyGradient,
  'the sampled advantage': ({ kind }) => kind === 'sampled-advantage',
  'a teacher': hasTeacher,
};

type Values = Readonly<Record<string, unknown>>;
const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

const valueAt = (value: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((found, key) => (isValues(found) ? found[key] : undefined), value);

function withValue(values: Values, [key, ...rest]: readonly string[], value: unknown): Values {
  if (key === undefined) return values;
  const below = values[key];
  return {
    ...values,
    [key]: rest.length === 0 ? value : withValue(isValues(below) ? below : {}, rest, value),
  };
}

/** What the schema says behind `nullable` and `default`. */
function unwrapped(schema: z.core.$ZodType): { inner: z.core.$ZodType; otherwise: unknown } {
  let inner = schema;
  let otherwise: unknown;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    if (inner instanceof z.ZodDefault) otherwise ??= inner.def.defaultValue;
    inner = inner.def.innerType;
  }
  return { inner, otherwise };
}

/** The schema's bounds in words; an end that it refuses is “over” or “below”. */
function rangeOf(schema: z.ZodNumber, advice = ''): string {
  const { minValue: low, maxValue: high } = schema;
  const end = (bound: number | null, beyond: string): string => {
    if (bound === null || Math.abs(bound) >= Number.MAX_SAFE_INTEGER) return '';
    const digits = bound >= 1000 ? bound.toLocaleString('en-US') : String(bound);
    return schema.safeParse(bound).success ? digits : `${beyond} ${digits}`;
  };
  const [from, to] = [end(low, 'over'), end(high, 'below')];
  const over = from.startsWith('over');
  const range = to ? `${from}${over ? ',' : ''} to ${to}` : over ? from : `${from} and up`;
  return advice ? `${range}; ${advice}` : range;
}

const NOTHING: readonly string[] = [];

/** Choices that set more than themselves. */
const CHOOSE: Readonly<Record<string, (config: RunConfig, value: never) => RunConfig>> = {
  recipe: withRecipe,
  objective: withObjective,
  teacher: withTeacher,
};

const kindOf = (member: z.core.$ZodType): string =>
  member instanceof z.ZodObject ? String((member.shape['kind'] as z.ZodLiteral).value) : '';

/** What a setting takes from those above it. */
interface Above {
  readonly group: GroupName | undefined;
  readonly told: boolean;
}

/** @param member the `kind` that brings the setting, where it belongs to a union's member */
function fieldOf(
  schema: z.core.$ZodType,
  keys: readonly string[],
  member: string | null,
  above: Above,
): Field | null {
  const { inner, otherwise } = unwrapped(schema);
  const words = wordsOf(inner);
  if (!words) return null;
  const path = keys.join('.');
  const exists = (config: RunConfig): boolean => {
    const parent = valueAt(config, keys.slice(0, -1));
    return isValues(parent) && (member === null || parent['kind'] === member);
  };
  const applies = (config: RunConfig): boolean =>
    exists(config) && (!words.needs || NEEDS[words.needs](config.objective));
  // Recorded runs are older than some settings.
  const raw = (config: RunConfig): unknown =>
    exists(config) ? (valueAt(config, keys) ?? otherwise ?? null) : null;
  const base = {
    path,
    words,
    group: words.group ?? above.group,
    told: above.told,
    exists,
    applies,
    set: (config: RunConfig, value: unknown): RunConfig =>
      exists(config) ? (withValue(config, keys, value) as RunConfig) : config,
    value: (config: RunConfig): unknown => (applies(config) ? raw(config) : null),
  };
  if (inner instanceof z.ZodNumber) {
    const get = (config: RunConfig): number => Number(raw(config) ?? NaN);
    const whole = inner.isInt;
    const increment = words.increment ?? (whole ? 1 : 0.05);
    return { ...base, kind: 'number', range: rangeOf(inner, words.advice), whole, increment, get };
  }
  if (inner instanceof z.ZodBoolean) return { ...base, kind: 'switch', get: config => raw(config) === true };
  if (inner instanceof z.ZodEnum || inner instanceof z.ZodDiscriminatedUnion) {
    // Options with words are offered in the order of their words.
    const choices = words.options
      ? Object.keys(words.options)
      : inner instanceof z.ZodEnum
        ? inner.options.map(String)
        : inner.options.map(kindOf);
    const get = (config: RunConfig): string => {
      const value = raw(config);
      return String(isValues(value) ? value['kind'] : value);
    };
    return { ...base, kind: 'choice', choices, get, set: CHOOSE[path] ?? base.set };
  }
  if (inner instanceof z.ZodArray) {
    const choices = inner.element instanceof z.ZodEnum ? inner.element.options.map(String) : [];
    return { ...base, kind: 'list', choices, get: config => (raw(config) ?? NOTHING) as readonly string[] };
  }
  if (inner instanceof z.ZodString)
    return { ...base, kind: 'text', get: config => (raw(config) ?? '') as string };
  return { ...base, kind: 'part', get: raw };
}

function* walk(
  schema: z.core.$ZodType,
  keys: readonly string[],
  member: string | null,
  above: Above,
): Generator<Field> {
  const field = fieldOf(schema, keys, member, above);
  if (field) yield field;
  const below = field
    ? { group: field.group, told: field.told || (field.words.text !== undefined && !field.words.key) }
    : above;
  const { inner } = unwrapped(schema);
  if (inner instanceof z.ZodDiscriminatedUnion)
    for (const option of inner.options as readonly z.ZodObject[])
      for (const [key, own] of Object.entries(option.shape))
        yield* walk(own, [...keys, key], kindOf(option), below);
  else if (inner instanceof z.ZodObject)
    for (const [key, own] of Object.entries(inner.shape)) yield* walk(own, [...keys, key], null, below);
}

/** Every setting that has words, in the order of the schema. Members of a union may share a path: each has words of its own for it. */
export const FIELDS: readonly Field[] = [
  ...walk(runConfigSchema, [], null, { group: undefined, told: false }),
];

/** The setting at a path. @throws Error where there is none: a mistake in the code. */
export function fieldAt(path: string): Field {
  const field = FIELDS.find(each => each.path === path);
  if (!field) throw new Error(`there is no setting '${path}'`);
  return field;
}

/** Settings that may change while a run goes on. */
export const LIVE_FIELDS = FIELDS.filter(field => field.kind === 'number').filter(({ words }) => words.live);

/** In live settings they go by the end of their path. */
const liveName = ({ path }: NumberField): keyof LiveSettings => path.split('.').at(-1) as keyof LiveSettings;

/** Those of the settings at `paths`, for a run that goes on. */
export const liveSettings = (config: RunConfig, paths: readonly string[]): LiveSettings =>
  Object.fromEntries(
    LIVE_FIELDS.filter(({ path }) => paths.includes(path)).map(field => [liveName(field), field.get(config)]),
  );

/** Live settings by their fields. */
export const liveEntries = (live: LiveSettings): readonly (readonly [NumberField, number])[] =>
  LIVE_FIELDS.flatMap(field => {
    const value = live[liveName(field)];
    return value === undefined ? [] : [[field, value] as const];
  });

/** The settings of a run that took live ones over. */
export const withLive = (config: RunConfig, live: LiveSettings): RunConfig =>
  liveEntries(live).reduce((now, [field, value]) => field.set(now, value), config);

/** What a link or a command line may set: everything but parts and names of files. */
export type SettableField = Exclude<Field, PartField>;
export const SETTABLE: readonly SettableField[] = FIELDS.filter(field => field.kind !== 'part');

/** Of settings that share a path or a name: the one that the settings have, else any. */
export const fieldFor = <F extends Field>(config: RunConfig, fields: readonly F[]): F | undefined =>
  fields.find(field => field.applies(config)) ?? fields[0];

/** @returns the settings with this one as `text` has it, or why that cannot be */
export function withText(config: RunConfig, field: SettableField, text: string): RunConfig | string {
  const { label } = field.words;
  const wrong = (choices: readonly string[]): string => `“${label}” is one of ${choices.join(', ')}`;
  if (!field.applies(config)) return `these settings have no “${label}”`;
  switch (field.kind) {
    case 'number':
      return field.set(config, text.trim() === '' ? NaN : Number(text));
    case 'switch':
      return text === 'true' || text === 'false'
        ? field.set(config, text === 'true')
        : `“${label}” is true or false`;
    case 'choice':
      return field.choices.includes(text) ? field.set(config, text) : wrong(field.choices);
    case 'list': {
      const chosen = text === '' ? [] : text.split(',');
      return chosen.every(name => field.choices.includes(name))
        ? field.set(config, chosen)
        : wrong(field.choices);
    }
    case 'text':
      return field.set(config, text);
  }
}
