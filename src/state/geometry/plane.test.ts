import { describe, expect, it } from 'vitest';
import { beginModes, MODE_STEPS, modesOutcome, trainModes } from './plane-modes.ts';
import {
  angleOf,
  PLANE_PRESETS,
  planeField,
  presetOf,
  snapped,
  type PlaneSettings,
} from './plane-settings.ts';
import { planeOutcome } from './plane.ts';
import { planeLesson, planeTable } from './plane-words.ts';

const FORWARD = PLANE_PRESETS['Forward KL'];
const REVERSE = PLANE_PRESETS['Reverse KL'];
const trainedModes = (settings: PlaneSettings) =>
  modesOutcome(settings, trainModes(beginModes(settings), settings, MODE_STEPS));

describe('the model with one mode', () => {
  it('gives the printed shifts, entropies and P(safe) for the presets', () => {
    const rows: [PlaneSettings, number[]][] = [
      [FORWARD, [1.516, -0.909, 1.825, 0.872]],
      [REVERSE, [1.492, -0.895, 1.502, 0.933]],
      [PLANE_PRESETS['Frozen covariance'], [2.225, -1.335, 2.615, 0.89]],
    ];
    for (const [settings, printed] of rows) {
      const { base, shift, student, correlation } = planeOutcome(settings);
      expect(base.entropy).toBeCloseTo(2.615, 3);
      expect(correlation).toBeCloseTo(-0.6, 12);
      const found = [shift!.safety, shift!.expressiveness, student!.entropy, student!.safe];
      found.forEach((value, i) => expect(Math.abs(value - printed[i]!)).toBeLessThan(6e-4));
      expect(shift!.leakage).toBeCloseTo(-0.6, 9);
    }
    const hard = planeOutcome({ ...FORWARD, hard: true }).shift!;
    expect(Math.abs(hard.safety - 1.525)).toBeLessThan(6e-4);
    expect(Math.abs(hard.expressiveness + 0.915)).toBeLessThan(6e-4);
  });

  it('says why reverse KL to a hard boundary has no student, and still has a teacher', () => {
    const outcome = planeOutcome({ ...REVERSE, hard: true });
    expect(outcome).toMatchObject({ student: null, shift: null });
    expect(outcome.problem).toContain('infinite for every Gaussian');
    expect(outcome.teacherMean[0]).toBeCloseTo(1.525, 2);
    expect(planeLesson({ ...REVERSE, hard: true }, outcome)).toContain('infinite');
  });

  it('has a student for every place of its sliders', () => {
    for (const angle of [20, 90, 160])
      for (const boundary of [-1, 2])
        for (const hardness of [1, 40])
          for (const calibration of [0, 0.9])
            for (const divergence of ['forward-kl', 'reverse-kl', 'frozen'] as const) {
              const { student, problem } = planeOutcome({
                angle,
                boundary,
                hardness,
                calibration,
                divergence,
                hard: false,
                modes: 1,
              });
              expect(problem).toBeNull();
              expect(Number.isFinite(student!.entropy)).toBe(true);
            }
  });

  it('calibration brings entropy back and gives safety up', () => {
    const [plain, mixed] = [planeOutcome(REVERSE).student!, planeOutcome(PLANE_PRESETS.Calibrated).student!];
    expect(mixed.entropy).toBeGreaterThan(plain.entropy + 0.5);
    expect(mixed.safe).toBeLessThan(plain.safe);
  });
});

describe('the model with two modes', () => {
  const settings = PLANE_PRESETS['Two modes: a mode is dropped'];

  it('reverse KL drops the rich mode, which the base hardly has; forward KL keeps both', () => {
    const reverse = trainedModes(settings).modes!;
    expect(reverse.rich.teacher).toBeGreaterThan(0.4);
    expect(reverse.rich.base).toBeLessThan(0.03);
    expect(reverse.rich.student).toBeLessThan(0.01);
    expect(reverse.short.student).toBeGreaterThan(0.85);
    expect(trainedModes({ ...settings, divergence: 'forward-kl' }).modes!.rich.student).toBeGreaterThan(0.35);
  });

  it('the angle decides which one is dropped', () => {
    const { short, rich } = trainedModes({ ...settings, angle: 65 }).modes!;
    expect(rich.student).toBeGreaterThan(short.student);
  });

  it('is the same in parts as in one go', () => {
    let training = beginModes(settings);
    for (let part = 0; part < 7; part++) training = trainModes(training, settings, 50);
    expect(training.step).toBe(MODE_STEPS);
    const whole = trainModes(beginModes(settings), settings, MODE_STEPS);
    training.student.forEach((mass, cell) => expect(mass).toBeCloseTo(whole.student[cell]!, 9));
  });

  it('has the entropy of its Gaussian at the base, and a cloud of two outlines as teacher', () => {
    const { base, clouds } = modesOutcome(settings, beginModes(settings));
    expect(base.entropy).toBeCloseTo(2.615, 1);
    expect(base.safe).toBeCloseTo(0.159, 1);
    expect(clouds.teacher.core).toHaveLength(2);
  });
});

describe('settings and words', () => {
  it('know their preset, and stay on the grid and in the range of their field', () => {
    expect(presetOf(FORWARD)).toBe('Forward KL');
    expect(presetOf({ ...FORWARD, boundary: 0.5 })).toBeNull();
    expect(snapped(planeField('boundary'), 1.0300001)).toBe(1.05);
    expect(snapped(planeField('calibration'), 3)).toBe(0.9);
    expect([angleOf(0), angleOf(-1)]).toEqual([90, 160]);
  });

  it('tell what the divergence adds, by numbers of the model', () => {
    expect(planeLesson(FORWARD, planeOutcome(FORWARD))).toContain('−0.60');
    expect(planeLesson(REVERSE, planeOutcome(REVERSE))).toContain('0.32 nats');
    const frozen = PLANE_PRESETS['Frozen covariance'];
    expect(planeLesson(frozen, planeOutcome(frozen))).toContain('0.71 σ');
    expect(planeLesson(PLANE_PRESETS.Calibrated, planeOutcome(PLANE_PRESETS.Calibrated))).toContain('nats');
    const modes = PLANE_PRESETS['Two modes: a mode is dropped'];
    expect(planeLesson(modes, trainedModes(modes))).toMatch(/drops the rich mode/);
    const table = planeTable(FORWARD, planeOutcome(FORWARD));
    expect(table.rows.map(([policy]) => policy)).toEqual(['base', 'teacher', 'student']);
  });
});
