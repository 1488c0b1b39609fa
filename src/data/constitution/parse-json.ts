import { parseStrictJson, type JsonProblem } from '../../contract/strict-json.ts';
import { refuse } from './faults.ts';

/** Deepest nesting of a structured constitution; the format itself needs four. */
export const MAX_DEPTH = 16;

const REFUSALS: Readonly<Record<JsonProblem, readonly [code: string, nextStep: string]>> = {
  ENCODING: ['ENCODING', 'Save it as plain UTF-8 text and import it again.'],
  SYNTAX: ['JSON', 'Correct that place and import again.'],
  DEPTH: ['DEPTH', 'Use a list of clauses.'],
  DUPLICATE: ['DUPLICATE_KEY', 'Keep one of them.'],
  KEY: ['FIELD', 'Delete that key.'],
};

/** Parses JSON strictly; the value is not yet checked against the format. */
export const parseJson = (file: string, text: string): unknown =>
  // Keys are checked by whoever reads the value.
  parseStrictJson(
    new TextEncoder().encode(text),
    { maxDepth: MAX_DEPTH, prototypeKeys: true },
    (problem, message, place) => {
      const [code, nextStep] = REFUSALS[problem];
      const [line = place] = place?.split(',') ?? [];
      return refuse(file, {
        code,
        message: message[0]!.toUpperCase() + message.slice(1),
        place: line,
        nextStep,
      });
    },
  );
