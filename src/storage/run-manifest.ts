import { z } from 'zod';
import { canonicalJson } from '../contract/canonical-json.ts';
import type { KeptFacts } from '../protocol/kept-runs.ts';
import { runConfigSchema } from '../settings/run-config.ts';
import { sha256 } from '../contract/sha256.ts';
import { damagedRun } from './run-fault.ts';

/** Raised when older manifests can no longer be read. */
const RUN_FORMAT = 1;

const count = z.int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Ids become folder names. */
export const isRunId = (id: string): boolean => /^[\w-]{1,64}$/.test(id);

const manifestSchema = z
  .strictObject({
    format: z.literal(RUN_FORMAT),
    run: z.strictObject({
      id: z.string().refine(isRunId),
      label: z.string().max(200),
      status: z.enum(['going', 'stopped', 'finished', 'failed']),
      step: count,
      resumableStep: count.nullable(),
      config: runConfigSchema,
      savedAt: z.iso.datetime(),
      weightsSha256: digest,
    }),
    configSha256: digest,
    files: z
      .array(
        z.strictObject({ name: z.string().regex(/^[a-z]+\.[a-z]+$/), bytes: count.min(1), sha256: digest }),
      )
      .min(1),
  })
  .refine(
    ({ files }) => new Set(files.map(({ name }) => name)).size === files.length,
    'a file is listed twice',
  );

export type RunManifest = z.infer<typeof manifestSchema>;
export type ManifestFile = RunManifest['files'][number];

/** Of canonical JSON, as in receipts. */
const hashOf = (value: unknown): Promise<string> => sha256(new TextEncoder().encode(canonicalJson(value)));

/** What a run’s generation consists of, with sizes and hashes: written last, it completes the generation. */
export async function writeManifest(facts: KeptFacts, files: readonly ManifestFile[]): Promise<string> {
  const { id, label, status, step, resumableStep, config, savedAt, weightsSha256 } = facts;
  return JSON.stringify({
    format: RUN_FORMAT,
    run: { id, label, status, step, resumableStep, config, savedAt, weightsSha256 },
    configSha256: await hashOf(config),
    files,
  });
}

/**
 * Reads a manifest strictly.
 * @param file its name, for refusals
 * @throws LabError `E_CHECKPOINT_MANIFEST`, `E_CHECKPOINT_FORMAT`, `E_CHECKPOINT_CONFIG`.
 */
export async function readManifest(text: string, id: string, file: string): Promise<RunManifest> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw damagedRun('MANIFEST', file, { message: 'the list of a run’s files is not JSON' }, error);
  }
  const format = (parsed as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== RUN_FORMAT)
    throw damagedRun('FORMAT', file, {
      message: `the run was kept in format ${format}; this page reads format ${RUN_FORMAT}`,
      nextStep: 'Open the page in the version that kept it, or delete the run.',
    });
  const result = manifestSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw damagedRun('MANIFEST', file, {
      message: `the list of a run’s files is not as it was written: ${issue?.message ?? 'unknown fields'}`,
      place: issue?.path.join('.') ?? '',
    });
  }
  const manifest = result.data;
  if (manifest.run.id !== id)
    throw damagedRun('MANIFEST', file, {
      message: `the list of files is that of another run, ${manifest.run.id}`,
      place: 'run.id',
    });
  // Of the settings as stored, before the schema fills in defaults.
  const written = (parsed as { run: { config: unknown } }).run.config;
  if ((await hashOf(written)) !== manifest.configSha256)
    throw damagedRun('CONFIG', file, {
      message: 'the run’s settings do not match their hash',
      place: 'run.config',
    });
  return manifest;
}
