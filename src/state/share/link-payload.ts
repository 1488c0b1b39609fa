import { deflateSync } from 'fflate';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { LabError, type Fault } from '../../contract/errors.ts';
import { runConfigSchema, type RunConfig } from '../../settings/run-config.ts';
import { parseStrictJson } from '../../contract/strict-json.ts';
import type { Constitution } from '../../contract/world.ts';
import { refuseHiddenCharacters } from '../../data/constitution/hidden-characters.ts';
import { importConstitution } from '../../data/constitution/import-constitution.ts';
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts';
import { inflateAtMost } from '../page/bounded-inflate.ts';
import { SHARED_HASH } from './link-store.ts';

/** What a link carries: all settings, and with them or without the constitution. */
export interface Shared {
  readonly settings: Omit<RunConfig, 'constitution'>;
  readonly constitution: Constitution | null;
  /** The view that is to be shown, by its name. */
  readonly view: string | null;
}

const VERSION = 1;
/** Characters of a whole link at most. */
export const MAX_LINK = 32 * 1024;
/** What a link may unfold to, in bytes: a constitution of the largest kind and all settings. */
const MAX_UNFOLDED = 160 * 1024;
const CHECKSUM = 4;
const MAX_DEPTH = 8;

const FILE = 'the link';
const LEFT_OUT = 'The link was ignored; your settings are unchanged.';
const NOT_MADE = 'No link was made; your settings are unchanged.';
const ASK_AGAIN = 'Ask the sender for the whole link, made again with Share.';

type Refusal = Pick<Fault, 'message' | 'nextStep'> & { readonly place?: string | undefined };

function refuse(code: string, { message, place, nextStep }: Refusal): never {
  throw new LabError({
    code: `E_LINK_${code}`,
    message,
    file: FILE,
    ...(place && { place }),
    consequence: LEFT_OUT,
    nextStep,
  });
}

const payloadSchema = z.strictObject({
  settings: z.record(z.string(), z.unknown()),
  constitution: z.unknown().optional(),
  view: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/)
    .optional(),
});

type Issue = z.core.$ZodIssue;

/** The first thing that a schema objects to: a field that it does not know has a code of its own. */
function refuseShape(issue: Issue | undefined, above: string): never {
  const path = [above, ...(issue?.path ?? [])].filter(part => part !== '').join('.');
  if (issue?.code === 'unrecognized_keys') {
    const known = `this page knows no ${issue.keys.map(key => `“${key.slice(0, 40)}”`).join(', ')}`;
    refuse('FIELD', {
      message: known,
      place: path,
      nextStep: 'Open it with the version of the lab that made it.',
    });
  }
  refuse('SETTING', {
    message: issue?.message ?? 'the settings make no sense',
    place: path,
    nextStep: ASK_AGAIN,
  });
}

/** Texts in settings are names; one that reads differently from how it is could lead a person astray. */
function refuseHiddenText(value: unknown, place: string): void {
  if (typeof value === 'string') refuseHiddenCharacters(FILE, value, place);
  else if (typeof value === 'object' && value !== null)
    for (const [key, nested] of Object.entries(value))
      refuseHiddenText(nested, place ? `${place}.${key}` : key);
}

/** Runs what refuses as an imported constitution does, and refuses as a link. */
function asLink<T>(code: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { message, place } = error.fault;
    return refuse(code, { message, place, nextStep: 'Make the link again from settings without it.' });
  }
}

const utf8 = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

function readSettings(given: Readonly<Record<string, unknown>>): Shared['settings'] {
  if (Object.hasOwn(given, 'constitution'))
    refuse('FIELD', {
      message: 'the settings of a link hold no constitution',
      place: 'settings.constitution',
      nextStep: ASK_AGAIN,
    });
  const checked = runConfigSchema.safeParse({ ...given, constitution: { title: '', clauses: [] } });
  if (!checked.success) refuseShape(checked.error.issues[0], 'settings');
  const { constitution: _none, ...settings } = checked.data;
  asLink('TEXT', () => refuseHiddenText(settings, ''));
  return settings;
}

/** By the one way in that constitutions have. */
const readConstitution = (value: unknown): Constitution =>
  asLink('CONSTITUTION', () => importConstitution({ name: 'link.json', bytes: utf8(value) }).constitution);

function readPayload(bytes: Uint8Array): Shared {
  const value = parseStrictJson(bytes, { maxDepth: MAX_DEPTH }, (_, message, place) =>
    refuse('JSON', { message, place, nextStep: ASK_AGAIN }),
  );
  const checked = payloadSchema.safeParse(value);
  if (!checked.success) return refuseShape(checked.error.issues[0], '');
  const { settings, constitution, view } = checked.data;
  return {
    settings: readSettings(settings),
    constitution: constitution === undefined ? null : readConstitution(constitution),
    view: view ?? null,
  };
}

function unfold(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const unfolded = inflateAtMost(bytes, MAX_UNFOLDED);
  if (unfolded === 'broken') damaged('its compressed data are broken');
  if (unfolded === 'more')
    refuse('UNFOLDS', {
      message: `the link unfolds to more than ${MAX_UNFOLDED.toLocaleString('en-US')} bytes`,
      nextStep: 'Do not trust it: no link that Share makes does so.',
    });
  return unfolded;
}

function damaged(why: string): never {
  refuse('DAMAGED', { message: `the link is damaged or was cut: ${why}`, nextStep: ASK_AGAIN });
}

const checksum = (bytes: Uint8Array): Uint8Array => sha256(bytes).subarray(0, CHECKSUM);

/**
 * Reads the hash of an address that begins with `#share=`: a version, a point, and in base64url four bytes of the SHA-256 of what
 * follows them unfolded, then JSON by deflate. Nothing is fetched and nothing runs.
 * @throws LabError `E_LINK_…`, and nothing else, whatever the hash holds
 */
export function readSharedHash(hash: string): Shared {
  if (hash.length > MAX_LINK)
    refuse('TOO_LONG', {
      message: `the link has ${hash.length.toLocaleString('en-US')} characters; at most ${MAX_LINK.toLocaleString('en-US')} are read`,
      nextStep: 'Do not trust it: Share makes no such links.',
    });
  const [, version, payload] = /^#share=(\d{1,6})\.(.*)$/s.exec(hash) ?? [];
  if (version === undefined || payload === undefined) damaged('it does not say of which version it is');
  if (Number(version) !== VERSION)
    refuse('VERSION', {
      message: `the link is of version ${version}; this page reads version ${VERSION}`,
      nextStep: 'Open it with the version of the lab that made it.',
    });
  const bytes = decodeBase64Url(payload) ?? damaged('it holds characters that no link has');
  if (bytes.length <= CHECKSUM) damaged('nothing follows its version');
  const unfolded = unfold(bytes.subarray(CHECKSUM));
  if (checksum(unfolded).some((byte, at) => byte !== bytes[at])) damaged('its checksum does not fit');
  return readPayload(unfolded);
}

function write({ settings, constitution, view }: Shared): string {
  const unfolded = utf8({ settings, ...(constitution && { constitution }), ...(view && { view }) });
  const folded = deflateSync(unfolded, { level: 9 });
  const bytes = new Uint8Array(CHECKSUM + folded.length);
  bytes.set(checksum(unfolded));
  bytes.set(folded, CHECKSUM);
  return `${SHARED_HASH}${VERSION}.${encodeBase64Url(bytes)}`;
}

function refuseLong(link: string, address: string, shared: Shared): never {
  const count = (value: number): string => value.toLocaleString('en-US');
  const without = address.length + write({ ...shared, constitution: null }).length;
  const over = link.length - MAX_LINK;
  refuse('TOO_LONG', {
    message: `the link would have ${count(link.length)} characters, ${count(over)} more than the ${count(MAX_LINK)} that a link may have`,
    nextStep:
      without <= MAX_LINK
        ? `Shorten the constitution, which takes ${count(link.length - without)} of them, leave it out, or export it as a file.`
        : 'Open the page at a shorter address.',
  });
}

/**
 * The link that opens the page at `address` (without a hash) with all this. It is read back before it is handed out.
 * @throws LabError `E_LINK_…` where it is too long, by how much and what to shorten, or holds what no link may hold
 */
export function writeLink(address: string, shared: Shared): string {
  try {
    const hash = write(shared);
    const link = address + hash;
    if (link.length > MAX_LINK) refuseLong(link, address, shared);
    readSharedHash(hash);
    return link;
  } catch (error) {
    if (error instanceof LabError) throw new LabError({ ...error.fault, consequence: NOT_MADE }, error);
    throw error;
  }
}
