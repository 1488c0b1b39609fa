import type { PromptRow } from '../contract/prompts.ts';
import type { JudgedAnswer } from '../record/run-record.ts';

/** Judges answers in natural language. Pure: the same row and answer give the same verdict. */
export interface TextJudge {
  /** The label of an answer, and why in one line. An empty answer is a refusal. */
  judge(row: PromptRow, answer: string): Pick<JudgedAnswer, 'label' | 'reason'>;
  /** Values for comparing answers to the same prompt; only their order counts. */
  values(row: PromptRow, answer: string): { readonly safety: number; readonly helpfulness: number };
  /** Outcome reward of an answer in [0, 1]. */
  reward(row: PromptRow, answer: string): number;
}
