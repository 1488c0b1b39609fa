import { refuseActiveContent, splitSentences } from './clause-text.ts';
import { namedRule, type Draft, type DraftClause, type NamedRule } from './draft.ts';
import { refuse } from './faults.ts';

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|\d{1,4}[.)])\s+(.*)$/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const FENCE = /^\s*(?:```|~~~)/;
/** A line such as "Rules:" or "Privacy:" that only announces what follows. */
const ANNOUNCEMENT = /^([^.!?]{1,60}):$/;

/** Takes Markdown's marks away: links keep their words, emphasis and code their text. */
function stripMarks(text: string): string {
  return text
    .replace(/\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)/g, '$1')
    .replace(/<https?:[^>\s]{0,500}>|https?:\/\/\S+/g, '')
    .replace(/(\*\*|__|\*|_|`)(?=\S)(.{0,300}?\S)\1/g, '$2')
    .replace(/^>\s?/, '')
    .replace(/^\[[ xX]\]\s+/, '');
}

/** Reads Markdown and plain text line by line; paragraphs are joined before they are cut into sentences. */
class MarkdownReader {
  title: string | null = null;
  readonly clauses: DraftClause[] = [];
  readonly notes: string[] = [];
  #named: NamedRule | null = null;
  #paragraph: string[] = [];
  #start = 0;

  flush(): void {
    const text = this.#paragraph.join(' ');
    const place = `line ${this.#start}`;
    this.#paragraph = [];
    for (const sentence of splitSentences(stripMarks(text))) {
      this.clauses.push({ text: sentence, place, ...this.#named });
    }
  }

  add(text: string, line: number, begins: boolean): void {
    if (begins) this.flush();
    if (this.#paragraph.length === 0) this.#start = line;
    this.#paragraph.push(text.trim());
  }

  heading(text: string, line: number, level: number): void {
    this.flush();
    this.#named = namedRule(text);
    if (this.#named !== null) return;
    if (this.title === null && level === 1 && this.clauses.length === 0) this.title = stripMarks(text);
    else
      this.notes.push(
        `Line ${line}: the heading ${JSON.stringify(text.slice(0, 60))} is no rule and was left out.`,
      );
  }
}

/**
 * Reads a constitution from Markdown or plain text: a first heading is the title, headings that name a category or style apply to
 * what follows, and every sentence is a clause. Plain text (`lines`) has one rule a line. HTML, active links and images are refused.
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
  const reader = new MarkdownReader();
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    if (raw.trim() === '' || RULE.test(raw)) return reader.flush();
    if (FENCE.test(raw)) {
      const nextStep = 'Write the rules as ordinary text or as a list.';
      return refuse(file, {
        code: 'CODE_BLOCK',
        message: 'The text holds a code block',
        place: `line ${line}`,
        nextStep,
      });
    }
    const heading = HEADING.exec(raw);
    if (heading) return reader.heading(heading[2] as string, line, (heading[1] as string).length);
    const announcement = ANNOUNCEMENT.exec(stripMarks(raw.trim()));
    if (announcement) return reader.heading(announcement[1] as string, line, 1);
    const item = ITEM.exec(raw);
    return reader.add(item ? (item[1] as string) : raw, line, item !== null || lines);
  });
  reader.flush();
  return { title: reader.title, clauses: reader.clauses, notes: reader.notes };
}
