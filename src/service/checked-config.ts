import { LabError } from '../contract/errors.ts';
import { runConfigSchema, type RunConfig } from '../settings/run-config.ts';

/** Settings as they came from another thread. @throws LabError `E_CONFIG` with the path of the setting. */
export function checkedConfig(config: unknown): RunConfig {
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
