import { tokenizerFault } from './faults.ts';

/** What of a parsed `tokenizer.json` decides which token an id means, and in which order pieces are merged. */
interface TokenTable {
  readonly tokens: ReadonlyMap<number, string>;
  readonly merges: readonly string[];
}

/**
 * Makes sure that two parsed `tokenizer.json` give every token the same id, added tokens included, and merge pieces in the
 * same order. Ids are passed from student to teacher and never text, so normalisers, templates and the like may differ.
 * @throws LabError `E_TEACHER_TOKENIZER` naming the first difference, in the order of the ids.
 */
export function requireSameTokenizer(student: unknown, teacher: unknown): void {
  const ours = readTable(student, "the student's");
  const theirs = readTable(teacher, "the teacher's");
  const show = (token: string | undefined): string =>
    token === undefined ? 'nothing' : JSON.stringify(token.slice(0, 80));
  const ids = [...new Set([...ours.tokens.keys(), ...theirs.tokens.keys()])].sort((a, b) => a - b);
  for (const id of ids) {
    const [own, other] = [ours.tokens.get(id), theirs.tokens.get(id)];
    if (own !== other)
      throw tokenizerFault(`the student reads ${show(own)}, the teacher ${show(other)}`, `token id ${id}`);
  }
  const length = Math.max(ours.merges.length, theirs.merges.length);
  for (let rank = 0; rank < length; rank++) {
    const [own, other] = [ours.merges[rank], theirs.merges[rank]];
    if (own !== other)
      throw tokenizerFault(`the student merges ${show(own)}, the teacher ${show(other)}`, `merge ${rank}`);
  }
}

function readTable(json: unknown, whose: string): TokenTable {
  const { model, added_tokens: added } = fieldsOf(json);
  const { vocab, merges } = fieldsOf(model);
  const tokens = new Map<number, string>();
  const put = (token: unknown, id: unknown): void => {
    if (typeof token !== 'string' || !Number.isSafeInteger(id))
      throw tokenizerFault(`${whose} has an entry that is no token with an id`, JSON.stringify([token, id]));
    tokens.set(id as number, token);
  };
  // Unigram models list [piece, score], the others map piece to id.
  if (Array.isArray(vocab))
    for (const [id, entry] of vocab.entries()) put((entry as unknown[] | null)?.[0], id);
  else for (const [token, id] of Object.entries(fieldsOf(vocab))) put(token, id);
  if (Array.isArray(added)) for (const entry of added) put(fieldsOf(entry)['content'], fieldsOf(entry)['id']);
  if (tokens.size === 0) throw tokenizerFault(`${whose} has no vocabulary`, 'model.vocab');
  return { tokens, merges: Array.isArray(merges) ? merges.map(mergeText) : [] };
}

/** Both spellings of a merge, "a b" and ["a", "b"], as one. */
function mergeText(merge: unknown): string {
  return Array.isArray(merge) ? merge.join(' ') : String(merge);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
