/** A word of a text as the model meets it. */
export interface WordInfo {
  /** The word after normalisation. */
  readonly word: string;
  /** False where the model meets letters or bytes in place of a word. */
  readonly known: boolean;
  /** Tokens that it takes. */
  readonly tokens: number;
}

/** A model's tokenizer as the lab uses it. Text given to it never becomes a control token, whatever it spells. */
export interface LabTokenizer {
  /** Entries, control tokens included: every id is below it. */
  readonly vocabularySize: number;
  /** Ids that no text has: turns, padding, begin and end, tools and the like. */
  readonly controlIds: ReadonlySet<number>;
  /** Ids of any text, without control ids and without begin or end tokens. */
  encode(text: string): number[];
  /** The text of the ids up to the first end of turn; control tokens are left out. */
  decode(ids: readonly number[]): string;
  /** The text of each id alone, control tokens by their names: for inspection, not for joining. */
  pieces(ids: readonly number[]): string[];
  /** Ids at which an answer ends, the one that a written answer is given first. Never empty. */
  readonly endOfTurn: readonly number[];
  /** The words of a text, in order; absent where the vocabulary is one of word pieces and no word is unknown. */
  readonly words?: (text: string) => WordInfo[];
}
