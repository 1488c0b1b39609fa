import type { Clause, Constitution } from '../../contract/world.ts';
import { classifyClause } from './classify-clause.ts';
import { cleanClause, MAX_CLAUSES } from './clause-text.ts';
import { decodeText } from './decode-text.ts';
import type { Draft, DraftClause } from './draft.ts';
import { refuse, safeFileName } from './faults.ts';
import { parseJson } from './parse-json.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { parseYaml } from './parse-yaml.ts';
import { structuredDraft } from './structured-draft.ts';

/** A file's bytes, or pasted text under a name. */
export interface ConstitutionSource {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ImportedConstitution {
  readonly constitution: Constitution;
  /** What was changed or left out on the way, for the person to see. */
  readonly notes: readonly string[];
}

const MAX_TITLE_LENGTH = 200;

type Parser = (file: string, text: string) => Draft;

const PARSERS: Readonly<Record<string, Parser>> = {
  md: (file, text) => parseMarkdown(file, text, false),
  markdown: (file, text) => parseMarkdown(file, text, false),
  txt: (file, text) => parseMarkdown(file, text, true),
  json: (file, text) => structuredDraft(file, parseJson(file, text)),
  yaml: (file, text) => structuredDraft(file, parseYaml(file, text)),
  yml: (file, text) => structuredDraft(file, parseYaml(file, text)),
};

/** Files that a download or an upload left in place of the constitution. */
function refuseMistakenFiles(file: string, text: string): void {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    const nextStep = 'Download the file itself, not its pointer.';
    refuse(file, { code: 'LFS_POINTER', message: 'This is a Git LFS pointer', nextStep });
  }
  if (/^\s*(?:<!doctype html|<html|<\?xml)/i.test(text)) {
    const nextStep = 'Download the raw file and import that.';
    refuse(file, { code: 'HTML', message: 'This is a web page', place: 'line 1', nextStep });
  }
}

function finishClause(file: string, draft: DraftClause, index: number): Clause {
  const text = cleanClause(file, draft.text, draft.place);
  const stated = draft.category !== undefined || draft.style !== undefined;
  const { category, style } = stated
    ? { category: draft.category ?? null, style: draft.style ?? null }
    : classifyClause(text);
  return { id: draft.id ?? `clause-${index + 1}`, text, category, style, enabled: draft.enabled ?? true };
}

function repeatedTexts(clauses: readonly Clause[]): string[] {
  const first = new Map<string, number>();
  return clauses.flatMap(({ text }, index) => {
    const key = text.toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    return earlier === undefined ? [] : [`Clause ${index + 1} repeats clause ${earlier + 1}.`];
  });
}

function finish(file: string, draft: Draft): ImportedConstitution {
  const { length } = draft.clauses;
  if (length === 0) {
    refuse(file, {
      code: 'NO_CLAUSES',
      message: 'The file holds no rule',
      nextStep: 'Write one rule a line and import again.',
    });
  }
  if (length > MAX_CLAUSES) {
    const message = `The file holds ${length} clauses; at most ${MAX_CLAUSES} are taken`;
    refuse(file, { code: 'TOO_MANY_CLAUSES', message, nextStep: 'Keep the rules that matter.' });
  }
  const clauses = draft.clauses.map((clause, index) => finishClause(file, clause, index));
  const ids = clauses.map(clause => clause.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    const message = `The id ${JSON.stringify(twice)} is used twice`;
    refuse(file, { code: 'DUPLICATE_ID', message, nextStep: 'Give every clause an id of its own, or none.' });
  }
  const title = (draft.title ?? '').replace(/\s+/g, ' ').trim() || file.replace(/\.[^.]*$/, '');
  return {
    constitution: { title: title.slice(0, MAX_TITLE_LENGTH), clauses },
    notes: [...draft.notes, ...repeatedTexts(clauses)],
  };
}

/**
 * The one way in for constitutions: .md, .txt, .json, .yaml. Everything that could run, load, hide or lie is refused with a LabError
 * (`E_CONSTITUTION_…`) that names file, place, consequence and next step; harmless oddities are put right and noted.
 */
export function importConstitution(source: ConstitutionSource): ImportedConstitution {
  const file = safeFileName(source.name);
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const parse = Object.hasOwn(PARSERS, extension) ? PARSERS[extension] : undefined;
  if (parse === undefined) {
    const nextStep = 'Save it as .md, .txt, .json or .yaml.';
    return refuse(file, { code: 'TYPE', message: 'The file is of no type that is read here', nextStep });
  }
  const { text, notes } = decodeText(file, source.bytes);
  refuseMistakenFiles(file, text);
  const imported = finish(file, parse(file, text));
  return { ...imported, notes: [...notes, ...imported.notes] };
}
