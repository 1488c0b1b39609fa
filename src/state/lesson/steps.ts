import { STEP_IDS, type StepId } from './link.ts';
import type { Finding } from './findings.ts';
import type { Predictions, Readings } from './predictions.ts';
import type { LearnerAction, Opened, Pane, View } from '../page/page-store.ts';

/** Steps that a run answers. */
export const TRAINING_STEPS = ['train', 'ablate', 'copsd'] as const satisfies readonly StepId[];
export type TrainingStep = (typeof TRAINING_STEPS)[number];
export type Findings = Readonly<Record<TrainingStep, Finding | null>>;

/** All that completion is derived from. */
export interface LessonFacts {
  readonly predictions: Predictions;
  readonly readings: Readings;
  readonly findings: Findings;
  readonly view: View;
  /** Since the lesson was begun. */
  readonly learnerActions: Readonly<Partial<Record<LearnerAction, number>>>;
}

/** Where to look: what has to be open, and what gets the focus there. */
export interface Guide {
  readonly pane?: Pane;
  readonly view?: View;
  readonly opens?: Opened;
  readonly target: 'view' | 'run' | 'recipe' | 'clauses' | 'export';
  /** The place is among the controls, which a link may have hidden. */
  readonly needsControls: boolean;
}

export interface LessonStep {
  readonly id: StepId;
  readonly title: string;
  readonly minutes: number;
  /** At most three short sentences. */
  readonly todo: readonly string[];
  readonly notice: string;
  readonly question: string;
  readonly guide: Guide;
  done(facts: LessonFacts): boolean;
}

const every = (values: Readonly<Record<string, unknown>>): boolean =>
  Object.values(values).every(value => value !== null);

/** The class of 45 minutes. A step completes on what the learner does, in any order. */
export const LESSON_STEPS: readonly LessonStep[] = [
  {
    id: 'predict',
    title: 'Predict',
    minutes: 5,
    todo: [
      'A teacher that reads a constitution will train a student that never sees it.',
      'Read the constitution; then choose below what you expect.',
    ],
    notice: 'Which clauses speak of length or of harmless queries, and which do not.',
    question: 'Why do you expect this? Which part of the method would cause it?',
    guide: { opens: 'constitution', target: 'clauses', needsControls: false },
    done: ({ predictions }) => every(predictions),
  },
  {
    id: 'baseline',
    title: 'Measure the base',
    minutes: 5,
    todo: [
      'In the charts, the dotted lines are the base: the model before training.',
      'Read two figures of it off the charts and enter them below.',
    ],
    notice: 'How many harmful queries the base refuses, and how many of the others.',
    question: 'Which of these figures should training change, and which must stay?',
    guide: { view: 'charts', target: 'view', needsControls: false },
    done: ({ readings }) => every(readings),
  },
  {
    id: 'train',
    title: 'Train by self-distillation',
    minutes: 8,
    todo: [
      'Keep the recipe OPSD and all clauses, and press Run.',
      'Watch the charts until the run has finished.',
      'Where training is slow, take the recorded run.',
    ],
    notice: 'Which curve moves first: refusals of harmful queries, or the length of benign answers.',
    question: 'Which predictions held? Where one did not, what had you overlooked?',
    guide: { view: 'charts', target: 'run', needsControls: true },
    done: ({ findings }) => findings.train !== null,
  },
  {
    id: 'token',
    title: 'Find the highest-KL token',
    minutes: 6,
    todo: [
      'Open Tokens and choose an answer of the student.',
      'Find the token at which student and teacher disagree most, and choose it.',
    ],
    notice:
      'How much of the answer’s divergence lies on that one token, and what the teacher would have said.',
    question: 'What does the answer decide at that token?',
    guide: { view: 'tokens', target: 'view', needsControls: false },
    done: ({ learnerActions }) => (learnerActions['highest-token'] ?? 0) > 0,
  },
  {
    id: 'ablate',
    title: 'Ablate a clause',
    minutes: 6,
    todo: [
      'Switch one clause of the constitution off and leave everything else as it is.',
      'Run OPSD again until it has finished, or take the recorded runs.',
    ],
    notice: 'Which figures differ from the run that had the clause, and which do not.',
    question: 'What did this clause do? Would you have guessed it from its words?',
    guide: { opens: 'constitution', target: 'clauses', needsControls: true },
    done: ({ findings }) => findings.ablate !== null,
  },
  {
    id: 'copsd',
    title: 'Repair it with COPSD',
    minutes: 7,
    todo: [
      'Switch the clause on again, choose the recipe COPSD, and run it.',
      'Cross-SFT calibrates the teacher first; then the student follows.',
      'Where training is slow, take the recorded run.',
    ],
    notice: 'Whether benign answers keep their length while harmful queries are declined.',
    question: 'What did COPSD change in the teacher, and what did it cost?',
    guide: { pane: 'setup', target: 'recipe', needsControls: true },
    done: ({ findings }) => findings.copsd !== null,
  },
  {
    id: 'geometry',
    title: 'See the geometry',
    minutes: 5,
    todo: [
      'Open Geometry.',
      'Follow the student through the plane of safety and expressiveness, and find the teacher there.',
    ],
    notice: 'Whether the teacher lies in the direction of safety alone, or also of saying less.',
    question: 'Where should a teacher lie so that its student gets safe and stays expressive?',
    guide: { view: 'geometry', target: 'view', needsControls: false },
    done: ({ view }) => view === 'geometry',
  },
  {
    id: 'take-home',
    title: 'Take it home',
    minutes: 3,
    todo: ['Export the run with its receipt.', 'Print your hand-out: it has your notes and your figures.'],
    notice: 'What the receipt names: settings, seed, hashes, adapter.',
    question: 'What would someone need to check your result?',
    guide: { target: 'export', needsControls: false },
    done: ({ learnerActions }) => (learnerActions.exported ?? 0) > 0,
  },
];

export const LESSON_MINUTES = LESSON_STEPS.reduce((sum, { minutes }) => sum + minutes, 0);

export const stepNumber = (id: StepId): number => STEP_IDS.indexOf(id) + 1;
export const isTrainingStep = (id: StepId): id is TrainingStep =>
  TRAINING_STEPS.some(training => training === id);
