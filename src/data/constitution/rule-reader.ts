import {
  announcedWords,
  announcement,
  announcesBare,
  announcesList,
  endsWithColon,
  goesOn,
  hasSay,
  isAmbiguous,
  isFinished,
  isNeutral,
  isWholeRule,
  isWrapped,
  sentencesOf,
  underAnnouncements,
  type Announcement,
} from './announcement.ts';
import { splitSentences } from './clause-text.ts';
import { namedRule, type Draft, type DraftClause, type NamedRule } from './draft.ts';
import { refuse } from './faults.ts';
import { textOf, type Block, type Heading, type ItemLine, type Line, type Scope } from './outline.ts';

/** More announcements within one another are no document's. */
const MOST_SCOPES = 8;
const LONGEST_LABEL = 1000;
/** Below the six levels of Markdown: a line such as “Privacy:” or “**Privacy**”. */
const LINE_LEVEL = 7;

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
/**
 * Makes clauses of headings, items and text, and keeps what each stands under: the category that a heading names, and what a heading or line
 * announces (“The assistant must never:”), which goes before every rule that it reaches. Where that reach cannot be told, the file is
 * refused: no rule may lose what turns its meaning.
 */
export class RuleReader {
  readonly #file: string;
  /** Each line of text is a rule, as in plain text; else lines of a paragraph are joined. */
  readonly #byLine: boolean;
  readonly #headings: Heading[] = [];
  readonly #scopes: Scope[] = [];
  readonly #clauses: DraftClause[] = [];
  readonly #notes: string[] = [];
  #title: string | null = null;
  #open: Block | null = null;
  #blank = true;

  constructor(file: string, byLine: boolean) {
    this.#file = file;
    this.#byLine = byLine;
  }

  finish(): Draft {
    this.#flush();
    return { title: this.#title, clauses: this.#clauses, notes: this.#notes };
  }

  /** The text that stands open where a line of = or - below makes it a heading. */
  underline(level: 1 | 2, line: number): boolean {
    const open = this.#open;
    if (open?.kind !== 'text' || this.#blank) return false;
    const rules = this.#rulesOf(open);
    const { text } = rules.pop()!;
    // In plain text a row of dashes also parts rules.
    if (this.#byLine && level === 2 && namedRule(text) === null && !announcesBare(text) && !isNeutral(text))
      return false;
    this.#open = rules.length > 0 ? { ...open, lines: rules } : null;
    this.heading(text, line - 1, level);
    return true;
  }

  blank(): void {
    this.#blank = true;
  }

  /** Ends what stands open, as a rule across the page does. */
  break(): void {
    this.#flush();
    const idle = this.#scopes.findLast(({ label, reach }) => reach === 'nothing' && label && hasSay(label));
    if (idle?.label) this.#unclear(idle.label, idle.line);
    this.#blank = true;
    this.#scopes.length = 0;
  }

  heading(text: string, line: number, level: number): void {
    this.break();
    while (this.#headings.length > 0 && this.#headings.at(-1)!.level >= level) this.#headings.pop();
    const named = namedRule(text);
    const isTitle = this.#title === null && level === 1 && this.#clauses.length === 0 && named === null;
    if (isTitle) this.#title = text;
    const words = announcedWords(text);
    const said = announcement(words, 'heading');
    const below = this.#headings.some(({ label }) => label?.forbids);
    const asks = isTitle && !said.forbids && /^(?:how|what|why|wie|was|warum)(?!\p{L})/iu.test(words);
    const label = named === null && (hasSay(said) || (below && !isNeutral(words))) && !asks ? said : null;
    this.#headings.push({ level, named, label });
    if (label) this.#noteCarried(line, `the heading ${quoted(text)}`);
    else if (named === null && !isTitle)
      this.#notes.push(`Line ${line}: the heading ${quoted(text)} is no rule and was left out.`);
  }

  item({ text, indent: found, mark, line }: ItemLine): void {
    const open = this.#open;
    const parent = this.#parentOf(found, mark);
    // A list of another kind under an item belongs to it, even without indentation.
    const indent = parent !== null && parent.indent === found && parent.mark !== mark ? found + 1 : found;
    if (open?.kind === 'item' && indent > open.indent) this.#openScope(open);
    else if (open?.kind === 'text' && announcesList(this.#lastSentence(open))) this.#announce(open);
    else this.#flush();
    while (this.#scopes.length > 0 && this.#endsAtItem(this.#scopes.at(-1)!, indent)) this.#scopes.pop();
    const scope = this.#scopes.at(-1);
    if (scope?.reach === 'block' && this.#blank && scope.label?.forbids)
      this.#unclear(scope.label, scope.line);
    if (scope) scope.reach = 'list';
    this.#begin('item', text, { indent, mark, line });
    if (endsWithColon(text)) this.#announceItem(line);
  }

  text(text: string, indent: number, line: number): void {
    const open = this.#open;
    if (open && this.#goesOnIn(open, text, indent)) open.lines.push({ text, line, wrapped: true });
    else {
      if (open?.kind !== 'text' || this.#blank || !this.#isSameBlock(text, indent)) this.#flush();
      if (this.#open) this.#open.lines.push({ text, line });
      else {
        this.#leaveScopes(text, indent);
        const scope = this.#scopes.at(-1);
        this.#begin('text', text, { indent, mark: '', line }, scope?.reach === 'nothing' ? scope : undefined);
        if (scope) {
          scope.reach = 'block';
          scope.childIndent ??= indent;
        }
      }
    }
    this.#blank = false;
    const now = this.#open!;
    if (now.kind === 'text' && (endsWithColon(text) || (this.#byLine && announcesBare(text))))
      this.#announce(now);
    else if (now.kind === 'item' && endsWithColon(text)) this.#announceItem(line);
  }

  /** A row of a table: texts that each stand as they are, under a category where the row names one. */
  row(texts: readonly string[], named: NamedRule | null, line: number): void {
    this.#flush();
    this.#blank = true;
    const scope = this.#scopes.at(-1);
    if (scope) scope.reach = 'list';
    for (const text of texts) this.#emit(text, line, 'whole', named);
  }

  #begin(
    kind: Block['kind'],
    text: string,
    { indent, mark, line }: Omit<ItemLine, 'text'>,
    first?: Scope,
  ): void {
    this.#open = { kind, indent, mark, lines: [{ text, line }], first };
    this.#blank = false;
  }

  /** The open item, or the one around it, beside which another one at `indent` would lie. */
  #parentOf(indent: number, mark: string): { readonly indent: number; readonly mark: string } | null {
    const open = this.#open;
    const around = this.#scopes.findLast(scope => scope.item && scope.indent <= indent);
    if (around?.item && around.indent === indent && around.item.mark !== mark)
      return { indent, mark: around.item.mark };
    return open?.kind === 'item' && announcesList(textOf(open)) ? open : null;
  }

  #endsAtItem(scope: Scope, indent: number): boolean {
    if (scope.item) {
      if (indent > scope.indent) return false;
      if (scope.reach === 'nothing' && scope.label && hasSay(scope.label))
        this.#unclear(scope.label, scope.line);
      if (scope.reach === 'nothing' && scope.named) this.#name(scope.named);
      return true;
    }
    if (indent < scope.indent) return true;
    return scope.reach === 'block' && this.#blank && !scope.label?.forbids;
  }

  /** Whether a line goes on with the last one of what stands open. */
  #goesOnIn(open: Block, text: string, indent: number): boolean {
    if (open.kind === 'text') {
      if (this.#blank) return false;
      if (this.#byLine) return isWrapped(open.lines.at(-1)!, text);
      // Indented below their announcement, lines are as items are.
      const scope = this.#scopes.at(-1);
      return (scope?.childIndent ?? 0) <= (scope?.indent ?? 0);
    }
    if (indent > open.indent) return true;
    if (this.#blank) return false;
    const forbidden = this.#labels().find(label => label.forbids);
    if (forbidden && this.#byLine === goesOn(text)) this.#unclear(forbidden, open.lines[0]!.line);
    return !this.#byLine;
  }

  /** Whether a line of plain text stands under the same announcements as the one before it. */
  #isSameBlock(text: string, indent: number): boolean {
    const scope = this.#scopes.at(-1);
    return this.#byLine && (!scope || !this.#endsAtText(scope, text, indent));
  }

  /** Ends announcements that do not reach a text which begins here. */
  #leaveScopes(text: string, indent: number): void {
    for (let scope = this.#scopes.at(-1); scope; scope = this.#scopes.at(-1)) {
      if (scope.item ? indent > scope.indent : !this.#endsAtText(scope, text, indent)) return;
      this.#scopes.pop();
    }
  }

  #endsAtText(
    { reach, indent: outer, childIndent, label, line }: Scope,
    text: string,
    indent: number,
  ): boolean {
    if (reach === 'nothing') return indent < outer;
    if (reach === 'list') return indent <= outer;
    if (indent <= outer && childIndent !== null && childIndent > outer) return true;
    if (!this.#blank) return false;
    if (!label?.forbids || isWholeRule(text)) return true;
    if (!goesOn(text)) this.#unclear(label, line);
    return false;
  }

  #lastSentence(block: Block): string {
    const { text } = this.#rulesOf(block).at(-1)!;
    return this.#byLine ? text : (splitSentences(text).at(-1) ?? '');
  }

  /** What of a block stands by itself: a paragraph, or each line that no other goes on with. */
  #rulesOf(block: Block): Line[] {
    const scope = this.#scopes.at(-1);
    const byLine = this.#byLine || (scope?.childIndent ?? 0) > (scope?.indent ?? 0);
    if (block.kind === 'item' || !byLine) return [{ text: textOf(block), line: block.lines[0]!.line }];
    const starts = block.lines.flatMap(({ wrapped }, at) => (wrapped ? [] : [at]));
    return starts.map((start, at) => {
      const lines = block.lines.slice(start, starts[at + 1]);
      return { text: lines.map(({ text }) => text).join(' '), line: lines[0]!.line };
    });
  }

  /** Takes the end of a block for an announcement and what stands before it for rules. */
  #announce(block: Block): void {
    const rules = this.#rulesOf(block);
    const last = rules.pop()!;
    this.#open = null;
    let words = last.text;
    if (this.#byLine) {
      // The beginning of a sentence that is wrapped may lie on the lines before.
      while (rules.length > 0 && goesOn(words) && !hasSay(announcement(words, 'line'))) {
        if (/[.!?:;]$/.test(rules.at(-1)!.text)) break;
        words = `${rules.pop()!.text} ${words}`;
      }
    }
    const sentences = splitSentences(words);
    const said = sentences.findLastIndex(text => hasSay(announcement(text, 'line')));
    words = sentences.slice(said < 0 ? -1 : said).join(' ') || words;
    for (const text of sentences.slice(0, -1)) rules.push({ text, line: last.line });
    if (rules.length === 0 && block.first) [block.first.reach, block.first.childIndent] = ['nothing', null];
    for (const { text, line } of rules) this.#emit(text, line, 'text');
    this.#label(words, block.lines.at(-1)!.line, block.indent, null);
  }

  /** An item that ends with a colon announces the items below it. */
  #announceItem(line: number): void {
    const open = this.#open!;
    this.#open = null;
    this.#label(textOf(open), line, open.indent, { mark: open.mark });
  }

  /** An item with others below it: they are read with it where it has a say in them. */
  #openScope(open: Block): void {
    this.#open = null;
    const text = textOf(open);
    const said = announcement(announcedWords(text), 'line');
    if (!hasSay(said) || isFinished(text)) this.#emit(text, open.lines[0]!.line, 'item');
    this.#push({
      label: hasSay(said) ? said : null,
      named: null,
      line: open.lines[0]!.line,
      indent: open.indent,
      item: { mark: open.mark },
    });
  }

  #label(words: string, line: number, indent: number, item: Scope['item']): void {
    const text = announcedWords(words);
    const named = namedRule(text);
    if (item === null && (named !== null || isNeutral(text))) {
      this.heading(text, line, named === null && this.#title === null ? 1 : LINE_LEVEL);
      return;
    }
    const label = named !== null || isNeutral(text) ? null : announcement(text, 'line');
    if (!item) this.#endScopes(indent, label);
    if (label) {
      this.#noteCarried(line, quoted(`${text}:`));
      // A label that says nothing of its rules takes the place of one that named a category.
      if (!hasSay(label)) this.#name(null);
    }
    this.#push({ label, named, line, indent, item });
  }

  /** Ends the announcements before one at `indent`, but for one that has announced nothing yet and is only made more precise by it. */
  #endScopes(indent: number, next: Announcement | null): void {
    for (let scope = this.#scopes.at(-1); scope && scope.indent >= indent; scope = this.#scopes.at(-1)) {
      if (scope.reach === 'nothing' && scope.label && hasSay(scope.label) && !next?.bears) return;
      this.#scopes.pop();
    }
  }

  /** Names the category of what follows up to the next heading, as a line such as “Privacy:” does. */
  #name(named: NamedRule | null): void {
    if (this.#headings.at(-1)?.level === LINE_LEVEL) this.#headings.pop();
    if (named) this.#headings.push({ level: LINE_LEVEL, named, label: null });
  }

  #push(scope: Omit<Scope, 'reach' | 'childIndent'>): void {
    if (this.#scopes.length >= MOST_SCOPES || (scope.label?.text.length ?? 0) > LONGEST_LABEL)
      refuse(this.#file, {
        code: 'DEPTH',
        message: `Lists lie more than ${MOST_SCOPES} deep, or a line that announces one is longer than ${LONGEST_LABEL} characters`,
        place: `line ${scope.line}`,
        nextStep: 'Write the rules as plain sentences and import again.',
      });
    this.#scopes.push({ ...scope, reach: 'nothing', childIndent: null });
  }

  #labels(): Announcement[] {
    return [...this.#headings, ...this.#scopes].flatMap(({ label }) => label ?? []);
  }

  #flush(): void {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    const rules = this.#rulesOf(open);
    const { text, line } = rules[0]!;
    if (open.kind === 'text' && rules.length === 1 && announcesBare(text))
      this.#label(text, line, open.indent, null);
    else for (const rule of rules) this.#emit(rule.text, rule.line, open.kind);
  }

  /** Adds the rules of a text: one where announcements reach it as a whole, else its sentences. */
  #emit(text: string, line: number, kind: 'text' | 'item' | 'whole', own: NamedRule | null = null): void {
    const labels = this.#labels();
    const named = own ?? [...this.#headings, ...this.#scopes].findLast(around => around.named)?.named;
    const announced = kind === 'item' ? labels.length > 0 : this.#scopes.some(({ label }) => label);
    for (const part of kind === 'whole' || announced ? [text] : sentencesOf(text)) {
      if (kind === 'text' && isAmbiguous(labels, part)) this.#unclear(labels.at(-1)!, line);
      this.#clauses.push({
        ...named,
        text: underAnnouncements(labels, part, kind === 'text'),
        place: `line ${line}`,
      });
    }
  }

  #noteCarried(line: number, what: string): void {
    this.#notes.push(`Line ${line}: ${what} was put before each rule under it.`);
  }

  #unclear(label: Announcement, line: number): never {
    return refuse(this.#file, {
      code: 'ANNOUNCEMENT',
      message: `It cannot be told how far ${quoted(label.text)} reaches, and what it forbids must not become a rule`,
      place: `line ${line}`,
      nextStep:
        'Write what it forbids as a list with a - before each line and an empty line after it, or write each rule out, as in “Never …”.',
    });
  }
}
