import { useMemo } from 'react';
import { RUN_FIELDS } from '../../settings/number-fields.ts';
import { recipeChanges } from '../../settings/recipe-groups.ts';
import { useConfig, useRuns } from '../shared/lab-context.ts';
import { ChangedSettings } from './changed-settings.ts';
import { ChangesBar } from './changes-bar.tsx';
import { ConstitutionSummary } from './constitution-summary.tsx';
import { Details } from './details.tsx';
import { Group, Numbers } from './group.tsx';
import { PromptMix } from './prompt-mix.tsx';
import { RecipeChoice } from './recipe-choice.tsx';
import { ResetSettings } from './reset-settings.tsx';
import './method.css';
import './setup.css';

const RUN_PATHS = RUN_FIELDS.map(({ path }) => path);

/** The left of the page: what the next run will be. */
export function SetupPanel() {
  const replay = useRuns(state => state.gpu.kind === 'none');
  const draft = useConfig(state => state.draft);
  const changed = useMemo(() => recipeChanges(draft), [draft]);
  return (
    <ChangedSettings value={changed}>
      <div className="setup">
        <ChangesBar />
        {replay && (
          <p className="setup-replay">
            Settings are fixed here: without WebGPU the recorded run is replayed.
          </p>
        )}
        <Group title="Recipe">
          <RecipeChoice disabled={replay} />
        </Group>
        <Group title="Constitution">
          <ConstitutionSummary />
        </Group>
        <Group title="Prompts" paths={['mix']}>
          <PromptMix disabled={replay} />
        </Group>
        <Group title="Run" paths={RUN_PATHS}>
          <Numbers fields={RUN_FIELDS} disabled={replay} />
        </Group>
        <Details disabled={replay} />
        <ResetSettings disabled={replay} />
      </div>
    </ChangedSettings>
  );
}
