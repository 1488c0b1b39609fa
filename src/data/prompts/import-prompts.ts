import type { PromptRow, PromptSet } from '../../contract/prompts.ts';
import { sha256 } from '../../contract/sha256.ts';
import { QUERY_KINDS } from '../../contract/world.ts';
import { safeFileName } from '../constitution/faults.ts';
import { LineFault, LineFaults, listLines } from './faults.ts';
import { promptKey, splitOf } from './prompt-key.ts';
import { readRow, type DraftRow } from './read-row.ts';
import { decodeLine, splitLines } from './split-lines.ts';

/** A file's bytes under its name. */
export interface PromptSource {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const LONGEST_TITLE = 200;

/** Invisible characters, and those that change the direction of the text. */
const HIDDEN =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;

/**
 * The one way in for prompts: JSON Lines, one object a line with `prompt` (a text) or `messages` (`[{ role, content }, …]`, the last of
 * them the user's), and optionally `kind`, `category`, `reference` and `split`. By default the kind is benign, the category `default`, and
 * the split follows from a hash of the prompt (about one in four is held out). The notes say what was assumed.
 * @throws LabError `E_PROMPTS_LINES` naming every invalid line, up to twenty; `E_PROMPTS_*` for a file that is not JSON Lines. Nothing is
 *   left out silently: one invalid line refuses the file.
 */
export async function importPrompts({ name, bytes }: PromptSource): Promise<PromptSet> {
  const file = safeFileName(name, 'prompts');
  const { lines, notes } = splitLines(file, bytes);
  const faults = new LineFaults();
  const lineOfKey = new Map<string, number>();
  const drafts: Draft[] = [];
  for (const { line, bytes: content } of lines) {
    const draft = faults.attempt(line, () => {
      const row = readRow(decodeLine(content));
      const key = promptKey(row.messages);
      const earlier = lineOfKey.get(key);
      if (earlier !== undefined) throw new LineFault(`the prompt repeats that of line ${earlier}`);
      lineOfKey.set(key, line);
      return { ...row, line, key };
    });
    if (draft) drafts.push(draft);
  }
  faults.refuseAny(file);
  const rows = drafts.map(finish);
  const counts = countRows(rows);
  return {
    title: file.replace(/\.[^.]*$/, '').slice(0, LONGEST_TITLE) || 'prompts',
    sha256: await sha256(bytes),
    rows,
    counts,
    notes: [...notes, ...assumptions(drafts), ...missing(rows, counts)],
  };
}

interface Draft extends DraftRow {
  readonly line: number;
  readonly key: string;
}

const finish = ({ line, key, messages, kind, category, reference, split }: Draft): PromptRow => ({
  line,
  messages,
  reference,
  kind: kind ?? 'benign',
  category: category ?? 'default',
  split: split ?? splitOf(key),
});

function countRows(rows: readonly PromptRow[]): PromptSet['counts'] {
  const count = (kind: PromptRow['kind'], split: PromptRow['split']): number =>
    rows.filter(row => row.kind === kind && row.split === split).length;
  return Object.fromEntries(
    QUERY_KINDS.map(kind => [kind, { train: count(kind, 'train'), heldout: count(kind, 'heldout') }]),
  ) as PromptSet['counts'];
}

const lineCount = (n: number): string => `${n} line${n === 1 ? '' : 's'}`;

/** What the lines leave open, and what was assumed. */
function assumptions(drafts: readonly Draft[]): string[] {
  const without = (field: 'kind' | 'category' | 'split'): number =>
    drafts.filter(draft => draft[field] === null).length;
  const notes: string[] = [];
  const add = (n: number, note: string): void => void (n > 0 && notes.push(`${lineCount(n)} ${note}`));
  add(without('kind'), 'without "kind": taken as benign.');
  add(without('category'), 'without "category": taken as default.');
  add(without('split'), 'without "split": about one in four is held out, by a hash of the prompt.');
  const ignored = new Set(drafts.flatMap(draft => draft.ignored));
  if (ignored.size > 0)
    notes.push(
      `Ignored fields: ${[...ignored].slice(0, 12).join(', ')}${ignored.size > 12 ? ' and others' : ''}.`,
    );
  const hidden = drafts.filter(({ messages }) => messages.some(({ content }) => HIDDEN.test(content)));
  if (hidden.length > 0)
    notes.push(`Invisible characters are kept in line ${listLines(hidden.map(({ line }) => line))}.`);
  return notes;
}

/** What cannot be measured with these rows. */
function missing(rows: readonly PromptRow[], counts: PromptSet['counts']): string[] {
  const notes = QUERY_KINDS.flatMap(kind => {
    const { train, heldout } = counts[kind];
    if (train + heldout === 0) return [];
    if (heldout === 0) return [`No ${kind} prompt is held out: how the model answers them is not measured.`];
    return train === 0 ? [`All ${kind} prompts are held out: none is trained on.`] : [];
  });
  const open = rows.filter(({ kind, reference }) => kind === 'general' && reference === null);
  return open.length === 0
    ? notes
    : [
        ...notes,
        `General questions without "reference" have no right answer: line ${listLines(open.map(({ line }) => line))}.`,
      ];
}
