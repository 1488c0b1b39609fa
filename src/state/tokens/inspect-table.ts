import type { Table } from '../../record/tables.ts';
import { formatNumber } from '../../contract/format.ts';
import { pieceText, type InspectedToken, type NamedNumber } from './inspect-answer.ts';

const digits = (value: number): number => Number(value.toPrecision(4));

const list = (entries: readonly NamedNumber[]): string =>
  entries.map(({ piece, value }) => `${pieceText(piece)} ${formatNumber(value)}`).join('; ');

/** An inspected answer, a token a line: what the strip shows, with its numbers. */
export function inspectionTable(tokens: readonly InspectedToken[]): Table {
  return {
    columns: [
      ...[
        '#',
        'token',
        'divergence',
        'signed',
        'running sum',
        'log π student',
        'log π teacher',
        'log π base',
      ],
      ...['entropy student', 'entropy teacher', 'student’s next', 'teacher’s next', 'base’s next'],
      ...['gradient raises', 'gradient lowers'],
    ],
    rows: tokens.map(token => [
      ...[token.index + 1, pieceText(token.piece), token.divergence, token.signed, digits(token.runningSum)],
      ...[token.student, token.teacher, token.base, token.studentEntropy, token.teacherEntropy],
      ...[list(token.topStudent), list(token.topTeacher), list(token.topBase)],
      ...[list(token.raised), list(token.lowered)],
    ]),
  };
}
