import { isNeutral } from './announcement.ts';
import { refuseActiveContent } from './clause-text.ts';
import { namedRule, type Draft } from './draft.ts';
import { refuse } from './faults.ts';
import { isDelimiterRow, readTable } from './markdown-table.ts';
import { RuleReader } from './rule-reader.ts';

/** Marks of lists as people write them: Markdown's, other bullets, numbers in several levels, letters. */
const ITEM =
  /^([-*+•◦▪‣⁃–—·●○■]|[①-⑳]|\(?\d{1,4}[.)、]|\d{1,3}(?:\.\d{1,3}){1,3}[.)]?|\(?[a-zA-Z]\)|[a-zA-Z]\.|\(?[ivx]{2,5}[.)])\s+(.*)$/u;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const FENCE = /^\s*(?:```|~~~)/;
const UNDERLINE = /^ {0,3}(=+|-+)$/;
const TAB = 4;

/** Takes Markdown's marks away: links keep their words, emphasis and code their text. */
function stripMarks(text: string): string {
  return text
    .replace(/\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)/g, '$1')
    .replace(/<https?:[^>\s]{0,500}>|https?:\/\/\S+/g, '')
    .replace(/(?<![\p{L}\p{N}])(\*\*|__|\*|_|`)(?=\S)(.{0,300}?\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/^\[[ xX]\]\s+/, '')
    .trim();
}

/** Level and words of a line that begins with number signs; those at its end are marks too. */
function headingOf(text: string): { readonly level: number; readonly text: string } | null {
  const level = /^#{1,6}(?=\s)/.exec(text)?.[0].length;
  if (level === undefined) return null;
  let end = text.trimEnd().length;
  while (text[end - 1] === '#') end--;
  return { level, text: stripMarks(text.slice(level, end).trim()) };
}

/** A line without the marks of quotation, and the columns before its text. */
function measured(raw: string): { readonly indent: number; readonly text: string } {
  const line = raw.replace(/^(?:\s{0,3}>\s?)+/, '');
  const text = line.trimStart();
  let indent = 0;
  for (const blank of line.slice(0, line.length - text.length)) indent += blank === '\t' ? TAB : 1;
  return { indent, text: text.trimEnd() };
}

/** What tells a list from another: the sign of its bullets, or what it counts with. */
const markOf = (mark: string): string => (/\d|[①-⑳]/u.test(mark) ? '1' : /[a-z]/i.test(mark) ? 'a' : mark);

/**
 * Reads a constitution from Markdown or plain text: a first heading is the title, headings that name a category or style apply to
 * what follows, announcing lines and headings go before what they announce, and every sentence or item is a clause. Plain text (`lines`) has
 * one rule a line. HTML, active links and images are refused. Takes time linear in the text.
 */
export function parseMarkdown(file: string, text: string, lines: boolean): Draft {
  refuseActiveContent(file, text);
  if (text.startsWith('---\n')) {
    const nextStep = 'Delete the block between the --- lines and import again.';
    refuse(file, {
      code: 'FRONT_MATTER',
      message: 'The file begins with front matter',
      place: 'line 1',
      nextStep,
    });
  }
  const reader = new RuleReader(file, lines);
  const rows = text.split('\n').map(measured);
  for (let index = 0; index < rows.length; index++) {
    const { text: row, indent } = rows[index]!;
    const line = index + 1;
    if (row === '') {
      reader.blank();
      continue;
    }
    if (FENCE.test(row)) {
      const nextStep = 'Write the rules as ordinary text or as a list.';
      refuse(file, {
        code: 'CODE_BLOCK',
        message: 'The text holds a code block',
        place: `line ${line}`,
        nextStep,
      });
    }
    if (UNDERLINE.test(row) && reader.underline(row.startsWith('=') ? 1 : 2, line)) continue;
    if (RULE.test(row) || UNDERLINE.test(row)) {
      reader.break();
      continue;
    }
    const heading = headingOf(row);
    const bold = /^(\*\*|__)(.{1,60})\1:?$/.exec(row)?.[2];
    if (heading) reader.heading(heading.text, line, heading.level);
    else if (bold !== undefined && (namedRule(bold) !== null || isNeutral(bold)))
      reader.heading(bold, line, isNeutral(bold) ? 1 : 7);
    else if (row.includes('|') && isDelimiterRow(rows[index + 1]?.text ?? '')) {
      const table: string[] = [];
      for (; rows[index]?.text.includes('|'); index++) table.push(stripMarks(rows[index]!.text));
      for (const { texts, named, at } of readTable(table)) reader.row(texts, named, line + at);
      index--;
    } else {
      const [, mark = '', content = ''] = ITEM.exec(row) ?? [];
      if (mark === '') reader.text(stripMarks(row), indent, line);
      else {
        const depth = indent + TAB * (/^\d+(?:\.\d+)+/.exec(mark)?.[0].split('.').length ?? 1) - TAB;
        reader.item({ text: stripMarks(content), indent: depth, mark: markOf(mark), line });
      }
    }
  }
  return reader.finish();
}
