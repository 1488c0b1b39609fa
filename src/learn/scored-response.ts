import { promptAndResponse, type PackedSequence } from '../model/packed-batch.ts';

/** A response y under the student's context x and the teacher's [c(x); x]. */
export interface ScoredResponse {
  readonly prompt: Uint32Array;
  readonly teacherPrompt: Uint32Array;
  readonly response: Uint32Array;
}

const token = Uint32Array.of(0);
/** The least that there is to score: for compiling. */
export const ONE_TOKEN: ScoredResponse = { prompt: token, teacherPrompt: token, response: token };

/** Responses as a pass takes them, in one of their contexts. */
export const sequences = (
  responses: readonly ScoredResponse[],
  context: 'prompt' | 'teacherPrompt',
): PackedSequence[] => responses.map(scored => promptAndResponse(scored[context], scored.response));
