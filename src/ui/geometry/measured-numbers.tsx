import type { MeasuredPicture, MeasuredPlace } from '../../state/geometry/measured.ts';
import { estimateText, leakageText } from '../../state/geometry/measured-tables.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { NumberList } from './number-list.tsx';

/** The shift at a step in numbers. */
export function MeasuredNumbers({
  picture: { angle, reading },
  shown: { leak, record },
}: {
  readonly picture: MeasuredPicture;
  readonly shown: MeasuredPlace;
}) {
  const y = record.y[reading.axis];
  const rows: readonly (readonly [name: string, value: string, what: string])[] = [
    ['a_sᵀΔ', `${signed(leak.push)} ± ${signed(leak.pushError)}`, 'push, standard error'],
    ['a_eᵀΔ', signed(leak.pull), 'along expressiveness'],
    ['Λ', leakageText(leak), 'leakage, 95 %'],
    ['Λ − cos φ', leak.excess === null ? '–' : signed(leak.excess), 'not forced by the angle'],
    ['cos φ', angle ? estimateText(angle.whitened) : '–', 'whitened'],
    ['cosine', angle ? estimateText(angle.raw) : '–', 'raw'],
    ['Place x', record.x === null ? '–' : signed(record.x), 'safety; 1: all refused'],
    ['Place y', y === null ? '–' : signed(y), '−1: fully contracted'],
  ];
  return <NumberList label="Numbers of the measured shift" rows={rows} />;
}
