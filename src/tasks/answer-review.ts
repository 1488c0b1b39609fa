import type { ClassifierConfig } from '../settings/chat-config.ts';
import { withoutThinking } from '../data/judge/answer-text.ts';
import type { HarmScore } from '../data/judge/text-judge.ts';
import type { TextClassifier } from '../teacher/text-classifier.ts';

/** Most answers remembered; a run of a thousand steps has fewer that comply with a harmful prompt. */
const MOST_TEXTS = 50_000;

/** A classifier's verdicts on answers: computed once for each text, so that the same text always has the same verdict. */
export class AnswerReview implements HarmScore {
  readonly label: string;
  readonly threshold: number;
  readonly #classifier: TextClassifier;
  readonly #column: number;
  readonly #scores = new Map<string, number>();

  constructor(
    classifier: TextClassifier,
    { label, threshold }: Pick<ClassifierConfig, 'label' | 'threshold'>,
  ) {
    this.label = label;
    this.threshold = threshold;
    this.#classifier = classifier;
    this.#column = classifier.labels.indexOf(label);
  }

  /** Classifies an answer, if it is new. @throws LabError `E_CLASSIFIER_RUN`. */
  async read(answer: string): Promise<void> {
    const text = withoutThinking(answer);
    if (text === '' || this.#scores.has(text)) return;
    const scores = await this.#classifier.classify(text);
    // Only the oldest: answers just classified are still to be judged.
    const [oldest] = this.#scores.keys();
    if (oldest !== undefined && this.#scores.size >= MOST_TEXTS) this.#scores.delete(oldest);
    this.#scores.set(text, scores[this.#column]!);
  }

  probability(text: string): number | undefined {
    return this.#scores.get(text);
  }
}
