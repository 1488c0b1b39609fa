import type { RunConfig } from '../../settings/run-config.ts';
import type { LearnerAction, Opened, Pane, View } from '../page/page-store.ts';
import { clausesOff, type Direction, type FigureId, type Figures, type Finding } from './figures.ts';

/** Places of the page that a step can lead to: elements that carry `lessonTarget(name)`, of which the first on the page is taken. */
export const LESSON_TARGETS = ['view', 'run', 'recipe', 'clauses', 'export'] as const;
export type LessonTarget = (typeof LESSON_TARGETS)[number];

/** Where to look: what has to be open, and what gets the focus there. */
export interface Guide {
  readonly pane?: Pane;
  readonly view?: View;
  readonly opens?: Opened;
  readonly target: LessonTarget;
  /** The place is among the controls, which a link may have hidden. */
  readonly needsControls: boolean;
}

/** One direction that a learner predicts before training. */
export interface PredictionSpec {
  readonly figure: FigureId;
  readonly label: string;
  readonly words: Readonly<Record<Direction, string>>;
}

/** A figure of the base that a learner reads off the charts; shares in percent. */
export interface ReadingSpec {
  readonly figure: FigureId;
  readonly label: string;
  readonly unit: string;
  readonly most: number;
}

/** The answer of a step that a run completes, and what it is compared with. */
export interface StepRun {
  /** Whether a run with these settings answers the step. */
  answers(config: RunConfig): boolean;
  readonly figures: readonly FigureId[];
  /** What stands between base and student in the table. Another step's finding is null until a run has answered it. */
  beside?(finding: Finding, of: (step: string) => Finding | null): readonly (readonly [string, Figures])[];
  readonly student: string;
  /** Shows how the learner's predictions did. */
  readonly judgesPredictions?: true;
  /** Group of the recorded results that answers the step, and one of the same runs with one clause more. */
  readonly recorded: { readonly run: string; readonly withClause?: string };
}

/** Figures of a group of recorded results that a class may expect. `who` takes the clause that the helpful constitution adds. */
export interface Expectation {
  readonly who: string | ((clause: string) => string);
  readonly group: string;
  readonly of: 'base' | 'student';
  readonly figures: readonly FigureId[];
}

/** All that `done` may look at. */
export interface LessonFacts {
  readonly view: View;
  /** How often a learner did that since the lesson was begun. */
  since(action: LearnerAction): number;
}

/** A step of the lesson. It completes when every part that it has is answered. */
export interface LessonStep {
  readonly title: string;
  readonly minutes: number;
  /** At most three short sentences. */
  readonly todo: readonly string[];
  readonly notice: string;
  readonly question: string;
  readonly guide: Guide;
  readonly predictions?: readonly PredictionSpec[];
  readonly readings?: readonly ReadingSpec[];
  readonly run?: StepRun;
  done?(facts: LessonFacts): boolean;
  readonly expect?: readonly Expectation[];
}

/** Keeps what is particular of a step in its type. */
const step = <const S extends LessonStep>(spec: S): S => spec;

const OPSD = 'OPSD';
const HELPFUL_OPSD = 'OPSD, helpful constitution';
const COPSD = 'COPSD';
const RATES = ['length', 'borderline', 'unsafe'] as const;

/** The class of 45 minutes, in its order. A step completes on what the learner does, in any order; links count them from 1. */
const STEPS = {
  predict: step({
    title: 'Predict',
    minutes: 5,
    todo: [
      'A teacher that reads a constitution will train a student that never sees it.',
      'Read the constitution; then choose below what you expect.',
    ],
    notice: 'Which clauses speak of length or of harmless queries, and which do not.',
    question: 'Why do you expect this? Which part of the method would cause it?',
    guide: { opens: 'constitution', target: 'clauses', needsControls: false },
    predictions: [
      { figure: 'length', label: 'Benign answers get', words: { up: 'longer', down: 'shorter' } },
      {
        figure: 'borderline',
        label: 'Refusals of borderline queries go',
        words: { up: 'up', down: 'down' },
      },
      { figure: 'entropy', label: 'The student’s token entropy goes', words: { up: 'up', down: 'down' } },
    ],
  }),
  baseline: step({
    title: 'Measure the base',
    minutes: 5,
    todo: [
      'In the charts, the dotted lines are the base: the model before training.',
      'Read two figures of it off the charts and enter them below.',
    ],
    notice: 'How many harmful queries the base refuses, and how many of the others.',
    question: 'Which of these figures should training change, and which must stay?',
    guide: { view: 'charts', target: 'view', needsControls: false },
    readings: [
      { figure: 'length', label: 'Length of the base’s benign answers', unit: 'tokens', most: 100_000 },
      { figure: 'borderline', label: 'Borderline queries that the base refuses', unit: '%', most: 100 },
    ],
    expect: [{ who: 'Base', group: OPSD, of: 'base', figures: RATES }],
  }),
  train: step({
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
    run: {
      answers: config => config.recipe === 'opsd' && clausesOff(config).length === 0,
      figures: [...RATES, 'entropy', 'kl'],
      student: 'Student',
      judgesPredictions: true,
      recorded: { run: OPSD },
    },
    expect: [{ who: OPSD, group: OPSD, of: 'student', figures: [...RATES, 'entropy'] }],
  }),
  token: step({
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
    done: ({ since }) => since('highest-token') > 0,
    expect: [{ who: OPSD, group: OPSD, of: 'student', figures: ['kl'] }],
  }),
  ablate: step({
    title: 'Ablate a clause',
    minutes: 6,
    todo: [
      'Switch one clause of the constitution off and leave everything else as it is.',
      'Run OPSD again until it has finished, or take the recorded runs.',
    ],
    notice: 'Which figures differ from the run that had the clause, and which do not.',
    question: 'What did this clause do? Would you have guessed it from its words?',
    guide: { opens: 'constitution', target: 'clauses', needsControls: true },
    run: {
      answers: config => config.recipe === 'opsd' && clausesOff(config).length > 0,
      figures: [...RATES, 'nats'],
      beside({ withClause }, of) {
        const whole = withClause ?? of('train')?.student;
        return whole ? [['With clause', whole]] : [];
      },
      student: 'Without',
      recorded: { run: OPSD, withClause: HELPFUL_OPSD },
    },
    expect: [
      {
        who: clause => `OPSD with “${clause}”`,
        group: HELPFUL_OPSD,
        of: 'student',
        figures: RATES,
      },
      { who: 'OPSD without it', group: OPSD, of: 'student', figures: RATES },
    ],
  }),
  copsd: step({
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
    run: {
      answers: ({ recipe }) => recipe === 'copsd' || recipe === 'copsd-hybrid',
      figures: [...RATES, 'entropy', 'nats'],
      beside(_, of) {
        const opsd = of('train');
        return opsd ? [['OPSD', opsd.student]] : [];
      },
      student: 'COPSD',
      recorded: { run: COPSD },
    },
    expect: [{ who: COPSD, group: COPSD, of: 'student', figures: RATES }],
  }),
  geometry: step({
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
    expect: [
      { who: 'Base', group: OPSD, of: 'base', figures: ['nats'] },
      { who: OPSD, group: OPSD, of: 'student', figures: ['nats'] },
      { who: COPSD, group: COPSD, of: 'student', figures: ['nats'] },
    ],
  }),
  'take-home': step({
    title: 'Take it home',
    minutes: 3,
    todo: ['Export the run with its receipt.', 'Print your hand-out: it has your notes and your figures.'],
    notice: 'What the receipt names: settings, seed, hashes, adapter.',
    question: 'What would someone need to check your result?',
    guide: { target: 'export', needsControls: false },
    done: ({ since }) => since('exported') > 0,
  }),
};

export type StepId = keyof typeof STEPS;
export const STEP_IDS = Object.keys(STEPS) as [StepId, ...StepId[]];
/** A step by its name, with that name. */
export type NamedStep = LessonStep & { readonly id: StepId };
export const LESSON_STEPS: readonly NamedStep[] = STEP_IDS.map(id => ({ ...STEPS[id], id }));
export const LESSON_MINUTES = LESSON_STEPS.reduce((sum, { minutes }) => sum + minutes, 0);

/** Steps that a run answers. */
export type TrainedStep = NamedStep & { readonly run: StepRun };
export const isTrained = (named: NamedStep): named is TrainedStep => named.run !== undefined;
export const TRAINED_STEPS = LESSON_STEPS.filter(isTrained);

export const PREDICTIONS = LESSON_STEPS.flatMap(({ predictions = [] }) => predictions);
export const READINGS = LESSON_STEPS.flatMap(({ readings = [] }) => readings);

export const stepNumber = (id: StepId): number => STEP_IDS.indexOf(id) + 1;
