import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../record/run-record.ts';
import { leakageLines, measuredPicture, type Reading } from './measured.ts';
import {
  anglesTable,
  answersTable,
  companions,
  controlTells,
  estimateText,
  leakageTable,
  leakageText,
  NO_PUSH,
  pathTable,
} from './measured-tables.ts';

const record = JSON.parse(readFileSync('public/runs/copsd-1.json', 'utf8')) as RunRecord;
const WHITENED: Reading = { axis: 'withRefusals', scale: 'whitened' };

describe('the measured picture of a recorded run', () => {
  const picture = measuredPicture(record, WHITENED)!;
  const last = picture.places.at(-1)!;

  it('has a place a measured step, whose slope is Λ, and the angle of its axes', () => {
    expect(picture.places.map(({ step }) => step)).toEqual(record.geometry.map(({ step }) => step));
    expect(last.leak.pull / last.leak.push).toBeCloseTo(last.leak.value!, 9);
    expect(picture.angle!.whitened.value).toBeCloseTo(last.leak.forced!, 9);
    const raw = measuredPicture(record, { axis: 'plain', scale: 'raw' })!;
    expect(raw.angle!.raw.value).toBeCloseTo(raw.places.at(-1)!.leak.forced!, 9);
    expect(raw.places.at(-1)!.leak).not.toEqual(last.leak);
  });

  it('says where no safety push was measured: at the base', () => {
    expect(leakageText(picture.places[0]!.leak)).toBe(NO_PUSH);
    expect(leakageText(last.leak)).toMatch(/^−?\d\.\d\d \[/);
    expect(estimateText({ value: null, interval: null })).toBe('–');
  });

  it('ends every list of leakages with the shuffled control', () => {
    const lines = leakageLines(picture, last);
    expect(lines.at(-1)).toMatchObject({ who: 'control', leak: picture.shuffled });
    expect(leakageTable(lines).rows).toHaveLength(lines.length);
    expect(pathTable(picture).rows.map(([policy]) => policy)).toContain('base');
  });

  it('has margins since the base, and the behavioural twin', () => {
    const found = companions(picture, last);
    expect(found.map(({ name }) => name.slice(0, 3))).toEqual(['ΔS_', 'ΔS_', 'ΔE:', 'ent', 'ent']);
    expect(found[1]!.text).toMatch(/^\+/);
  });

  it('has the angles of all axes, and says whether the control tells the constitution apart', () => {
    expect(anglesTable(picture).rows).toHaveLength(6);
    expect(controlTells(picture)).toContain('does not tell them apart');
    const still = { ...picture.shuffled, push: 0, pushError: 0 };
    expect(controlTells({ ...picture, shuffled: still })).toContain('left behind');
  });

  it('takes single answers where the run has them', () => {
    const places = [[1, 2, 3]] as const;
    const cloud = { harmful: places, benign: places };
    const geometry = record.geometry.map(place => ({ ...place, cloud: { whitened: cloud, raw: cloud } }));
    const made = measuredPicture({ ...record, geometry }, WHITENED)!;
    expect(made.places[1]!.answers).toEqual([
      { kind: 'harmful', safety: 1, expressiveness: 3 },
      { kind: 'benign', safety: 1, expressiveness: 3 },
    ]);
    const policies = answersTable(made, made.places[1]!).rows.map(([policy]) => policy);
    expect(policies).toEqual(['base', 'base', 'student', 'student']);
  });
});

it('a run without geometry has no picture', () => {
  expect(measuredPicture({ geometry: [], geometryBaseline: null }, WHITENED)).toBeNull();
});
