/** A word of a text as the model sees it. */
export interface WordInfo {
  /** The word after normalisation. */
  readonly word: string;
  /** False where the model sees letters or bytes instead of a word. */
  readonly known: boolean;
  /** Its number of tokens. */
  readonly tokens: number;
}

/** A model's tokenizer as the lab uses it. Text given to it never becomes a control token, whatever it spells. */
export interface LabTokenizer {
  /** Number of entries, control tokens included: every id is below it. */
  readonly vocabularySize: number;
  /** Ids that no text contains: turns, padding, begin and end, tools and the like. */
  readonly controlIds: ReadonlySet<number>;
  /** Ids of a text, without control ids and without begin or end tokens. */
  encode(text: string): number[];
  /** The text of the ids up to the first end of turn; control tokens are left out. */
  decode(ids: readonly number[]): string;
  /** The text of each id by itself, control tokens by name: for inspection, not for joining. */
  pieces(ids: readonly number[]): string[];
  /** Ids that end an answer; the first one is appended to written answers. Never empty. */
  readonly endOfTurn: readonly number[];
  /** The words of a text, in order; absent for subword vocabularies, where no word is unknown. */
  readonly words?: (text: string) => WordInfo[];
}
