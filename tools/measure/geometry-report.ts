import type {
  EstimateRecord,
  GeometryBaseline,
  GeometryRecord,
  LeakageRecord,
  MarginRecord,
  ShiftRecord,
} from '../../src/record/geometry-record.ts';

/** The geometry of a model as text for a terminal. */
export function geometryReport(model: string, baseline: GeometryBaseline, teacher: GeometryRecord): string {
  const { layer, queriesPerKind, referencesPerKind, shrinkage } = baseline;
  return [
    `${model} · hidden states ${layer} · axes from ${referencesPerKind}, shifts from ${queriesPerKind} queries of each kind · shrinkage λ = ${figure(shrinkage)}`,
    '\nAngles of the base (cosines), 95 % over queries:',
    ...baseline.angles.map(
      ({ safety, expressiveness, raw, whitened }) =>
        `  v_s ${safety.padEnd(8)} v_e ${expressiveness.padEnd(13)} raw ${estimate(raw)}   whitened ${estimate(whitened)}`,
    ),
    '\nShift by the constitution over the base’s own answers:',
    ...shift(baseline.constitution),
    'The same, its words shuffled:',
    ...shift(baseline.shuffled),
    '\nBase + constitution by its own answers:',
    `  x ${figure(teacher.x)}   y ${figure(teacher.y.withRefusals)} (plain ${figure(teacher.y.plain)})`,
    ...shift(teacher.answers),
    '\nMargins in nats:',
    `  base                ${margins(baseline.margins)}`,
    ...(teacher.margins ? [`  base + constitution ${margins(teacher.margins)}`] : []),
  ].join('\n');
}

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2).replace(/^-/, '−'));

const estimate = ({ value, interval }: EstimateRecord): string =>
  `${figure(value)}${interval ? ` [${figure(interval.low)}, ${figure(interval.high)}]` : ''}`;

function shift({ plain, withRefusals }: ShiftRecord): string[] {
  const line = (name: string, record: LeakageRecord): string =>
    `  ${name.padEnd(24)} push ${figure(record.push)} ± ${figure(record.pushError)}   ` +
    (record.value === null
      ? 'no safety push measured'
      : `leakage ${estimate(record)}   cos φ ${figure(record.forced)}   excess ${figure(record.excess)}`);
  return [
    line('with refusals, raw', withRefusals.raw),
    line('with refusals, whitened', withRefusals.whitened),
    line('plain, raw', plain.raw),
    line('plain, whitened', plain.whitened),
  ];
}

const margins = ({ refusal, rich, expressiveness }: MarginRecord): string =>
  `S_refusal ${estimate(refusal)}   S_rich ${estimate(rich)}   E ${estimate(expressiveness)}`;
