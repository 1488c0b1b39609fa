import { isPolicyGradient } from '../../settings/method-config.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { countOf, everySteps } from '../../contract/format.ts';
import { POLICY_FIELDS, SHAPING_FIELDS } from '../../settings/method-fields.ts';
import { methodLabel, usesTeacher } from '../../settings/methods.ts';
import {
  DIVERGENCE_TEMPERATURE,
  EVALUATION_FIELDS,
  OPTIMIZER_FIELDS,
  ROLLOUT_FIELDS,
} from '../../settings/number-fields.ts';
import { GEOMETRY_SWITCH } from '../../settings/switch-fields.ts';
import { teacherLabel } from '../../settings/teachers.ts';
import { useConfig } from '../shared/lab-context.ts';
import { CalibrationChoice } from './calibration-choice.tsx';
import { Folded, Numbers } from './group.tsx';
import { ModelChoice } from './model-choice.tsx';
import { ObjectiveChoice } from './objective-choice.tsx';
import { OutcomeKinds } from './outcome-kinds.tsx';
import { ScheduleChoice } from './schedule-choice.tsx';
import { SwitchInput } from './switch-input.tsx';
import { TeacherChoice } from './teacher-choice.tsx';
import { WeightsChoice } from './weights-choice.tsx';

const OPTIMIZER_PATHS = ['optimizer.schedule', ...OPTIMIZER_FIELDS.map(({ path }) => path)];
const ROLLOUT_PATHS = ROLLOUT_FIELDS.map(({ path }) => path);
const SHAPING = [...SHAPING_FIELDS, DIVERGENCE_TEMPERATURE];

function rolloutText({ objective, queries, rolloutsPerQuery }: RunConfig): string {
  if (objective.kind === 'supervised') return `none; ${countOf(queries, 'query', 'queries')} a step`;
  return rolloutsPerQuery === 1 ? `${queries} a step` : `${queries} × ${rolloutsPerQuery} a step`;
}

function shapingText({ shaping: { topK, tokenClip, skipFirst } }: RunConfig): string {
  const parts = [
    ...(topK > 0 ? [`top ${topK}`] : []),
    ...(tokenClip > 0 ? [`clip ${tokenClip}`] : []),
    ...(skipFirst > 0 ? [`skip ${skipFirst}`] : []),
  ];
  return parts.join(', ') || 'all';
}

const policyText = ({ policyGradient: { updates, anchor } }: RunConfig): string =>
  `${countOf(updates, 'update')}, ${anchor > 0 ? `anchor ${anchor}` : 'no anchor'}`;

/** What a recipe sets beyond the essentials: folded, each says how it stands. */
export function Details({ disabled }: { readonly disabled: boolean }) {
  const draft = useConfig(state => state.draft);
  const { objective, calibration, lora, evaluation } = draft;
  return (
    <>
      <Folded title="Objective" now={methodLabel(objective)} paths={['objective']}>
        <ObjectiveChoice disabled={disabled} />
      </Folded>
      <Folded
        title="Teacher"
        now={usesTeacher(draft) ? teacherLabel(draft.teacher) : 'none'}
        paths={['teacher', 'teacherContext']}
      >
        <TeacherChoice disabled={disabled} />
      </Folded>
      {calibration && (
        <Folded
          title="Cross-SFT"
          now={`${countOf(calibration.pairs, 'pair')}, ${countOf(calibration.epochs, 'epoch')}`}
          paths={['calibration']}
        >
          <CalibrationChoice disabled={disabled} />
        </Folded>
      )}
      <Folded title="Rollouts" now={rolloutText(draft)} paths={ROLLOUT_PATHS}>
        <Numbers fields={ROLLOUT_FIELDS} disabled={disabled} />
      </Folded>
      {isPolicyGradient(objective.kind) && (
        <Folded title="Policy gradient" now={policyText(draft)} paths={['policyGradient']}>
          {objective.kind === 'sampled-advantage' && <OutcomeKinds disabled={disabled} />}
          <Numbers fields={POLICY_FIELDS} disabled={disabled} />
        </Folded>
      )}
      <Folded title="Tokens that count" now={shapingText(draft)} paths={['shaping', 'divergenceTemperature']}>
        <Numbers fields={SHAPING} disabled={disabled} />
      </Folded>
      <Folded title="Optimiser" now={draft.optimizer.schedule} paths={OPTIMIZER_PATHS}>
        <ScheduleChoice disabled={disabled} />
        <Numbers fields={OPTIMIZER_FIELDS} disabled={disabled} />
      </Folded>
      <Folded title="Trained weights" now={lora ? `LoRA, rank ${lora.rank}` : 'all'} paths={['lora']}>
        <WeightsChoice disabled={disabled} />
      </Folded>
      <Folded title="Evaluation" now={everySteps(evaluation.every)} paths={['evaluation']}>
        <Numbers fields={EVALUATION_FIELDS} disabled={disabled} />
        <SwitchInput field={GEOMETRY_SWITCH} disabled={disabled} />
      </Folded>
      <Folded title="Model" now={draft.model} paths={['model']}>
        <ModelChoice disabled={disabled} />
      </Folded>
    </>
  );
}
