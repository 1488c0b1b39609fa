import { CONFIG_VERSION, runConfigSchema, type RunConfig } from '../../settings/run-config.ts';
import type { ConfigStore } from './config-store.ts';
import { storedValue } from '../page/stored-value.ts';

/** The settings of the last visit, with their constitution. */
export const storedSettings = storedValue<RunConfig>({
  key: 'copsd-lab.settings',
  version: CONFIG_VERSION,
  schema: runConfigSchema,
  what: 'the settings of your last visit',
  consequence: 'The page has its usual ones; nothing else is affected.',
  nextStep: 'Set them again: that overwrites the damaged ones.',
});

/** Dragging a slider writes once. */
const WRITE_MS = 250;

/** Keeps the user's settings if they can be run, and removes them when the settings are reset. */
export function keepSettings({ store }: ConfigStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { draft, touched, problems } = store.getState();
    if (!touched) storedSettings.write(null);
    else if (problems.length === 0) storedSettings.write(draft);
  };
  store.subscribe((now, before) => {
    if (now.draft === before.draft || (!now.touched && !before.touched)) return;
    timer ??= setTimeout(write, WRITE_MS);
  });
  if (typeof addEventListener === 'function')
    addEventListener('pagehide', () => {
      if (timer !== undefined) write();
    });
}
