import { splitSentences } from './clause-text.ts';

/** What an announcing line or heading does to what stands under it. */
export interface Announcement {
  /** Its words, without marks at the end. */
  readonly text: string;
  /** Forbids: left out, it would turn what follows into its contrary. */
  readonly forbids: boolean;
  /** Allows, demands or forbids, so that a heading further out has no say in what follows. */
  readonly bears: boolean;
  /** Restricts what follows to a case, which holds whatever else is announced. */
  readonly conditions: boolean;
  readonly from: 'heading' | 'line';
}

const words = (text: string): string =>
  String.raw`(?<![\p{L}\p{N}])(?:${text.trim().replace(/\s+/g, '|')})(?![\p{L}\p{N}])`;

/** English, German, and the commonest of a few more; CJK has no blanks between words. */
const FORBIDS = new RegExp(
  `${words(String.raw`
    never not \p{L}+n't n't dont donts don'ts cannot no neither nor without none nothing nobody avoid\p{L}* forbid\p{L}* prohibit\p{L}* proscri\p{L}+
    bans? banned disallow\p{L}* unacceptable unallowed impermissible inadmissible unpermitted unauthori[sz]ed refrain\p{L}* abstain\p{L}* taboos?
    off[\s-]limits out[\s-]of[\s-]bounds red[\s-]lines? no-?gos? verboten zero[\s-]tolerance keep[\s]away stay[\s]away steer[\s]clear
    nie niemals nicht nichts kein\p{L}* verbot\p{L}* verbiet\p{L}* untersag\p{L}* unzulässig\p{L}* unerlaubt\p{L}* unerwünscht\p{L}*
    vermeid\p{L}* meide\p{L}* unterlass\p{L}* tabus? weder ohne
    jamais interdi\p{L}* éviter évite\p{L}* prohib\p{L}* nunca jamás evitar evite\p{L}* vietat\p{L}* mai
  `)}|[❌✗✘⛔🚫❎👎]|禁|不要|不得|不可|不能|不许|不应|严禁|切勿|请勿|避免|ません|しない`,
  'iu',
);

/** A rule under one of these is read with it, but is not taken for its contrary without. */
const BEARS = new RegExp(
  words(String.raw`
    must should shall may might can could will would always only ought allow\p{L}* permit\p{L}* permissible acceptable tolerated ok okay optional
    refus\p{L}* declin\p{L}* reject\p{L}* den(?:y|ied|ies|ial) block\p{L}* exclu\p{L}* restrict\p{L}* limits? limitations? violat\p{L}* misuse\p{L}*
    abuse\p{L}* stop withhold harmful dangerous unsafe hazardous sensitive risky bad wrong worst mistakes? anti-?patterns? examples? sometimes
    darf dürfen dürft erlaubt\p{L}* zulässig\p{L}* soll\p{L}* muss müssen immer stets ablehn\p{L}* verweiger\p{L}* gefährlich\p{L}* schädlich\p{L}*
    beispiele?
  `),
  'iu',
);
const CONDITIONS = new RegExp(
  words(String.raw`
    if when whenever where unless except exceptions? until cases? provided while during
    wenn falls sofern solange bis außer ausnahmen? ausgenommen
  `),
  'iu',
);

/** Lines that announce rules and say nothing of them. */
const NEUTRAL =
  /^(?:(?:the|our|these|some|all|house|general|basic|core|following|more|other|die|unsere|folgende|weitere|allgemeine)\s+)*(?:rules?|principles?|guidelines?|policy|policies|clauses?|constitution|values?|dos?|do's|style|tone|standards?|requirements?|hausregeln|regeln|grundsätze|leitlinien|richtlinien|werte|stil)(?:\s+(?:are|sind|of conduct|apply|gelten))?$/iu;

/** Headings that name what is forbidden, and so do not say whether a sentence under them is an example of it or a rule about it. */
const NAMES_WHAT_IS_FORBIDDEN =
  /forbidden|prohibited|prohibitions|banned|bans|disallowed|don'?ts|taboo|red lines?|off[\s-]limits|unacceptable|no-?gos?|verboten|verbotene|verbote|untersagt|unzulässig/iu;

/** The word after which a rule goes on as one sentence: “must never | give instructions”. */
const OPEN_END =
  /(?:^|[^\p{L}])(?:never|not|\p{L}*n't|dont|cannot|always|to|may|must|should|shall|can|could|will|would|please|nie|niemals|nicht|immer|stets)$/iu;
/** After English ones a verb follows, in lower case. */
const ENGLISH_END =
  /(?:never|not|n't|dont|cannot|always|to|may|must|should|shall|can|could|will|would|please)$/iu;
/** Ends of a line that is not yet a rule. */
const UNFINISHED =
  /(?:^|[^\p{L}])(?:avoid|for|about|of|with|by|on|in|any|the|an?|as|and|or|from|following|below|these|this|those|that|vermeide|vermeiden|folgendes|folgende|keine)$/iu;

const POINTS_AHEAD =
  /(?<!\p{L})(?:following|below|listed|as follows|these|those|this list|next points|folgende[mnrs]?|diese[nrs]?|untenstehende\p{L}*)(?!\p{L})/iu;

/** Says of itself that it forbids, so that an announcement that forbids adds nothing. A participle after it is a name of a deed. */
const FORBIDS_ITSELF =
  /^(?:please\s+)?(?:do not|don't|dont|never|must not|mustn't|should not|shouldn't|may not|cannot|nie|niemals)\s+(?!\p{L}+ing(?!\p{L}))/iu;
/** A whole rule with whom it binds: “The assistant should …”. */
const WHOLE_RULE =
  /^(?:instead(?!\p{L})|stattdessen(?!\p{L})|(?:the|an?|it|you|we|they|its|our|this|assistants?|models?|answers?|responses?|everyone|der|die|das|ein|eine|du|sie|er|es|wir)\s.{0,80}?(?<!\p{L})(?:must|should|shall|may|will|can|cannot|never|always|has to|have to|(?:is|are)\s+(?:not\s+)?(?:allowed|required|expected|permitted|to)|darf|dürfen|darfst|soll|sollen|sollst|muss|müssen|musst)(?!\p{L}))/iu;
/** A statement about the document or by its authors. */
const STATEMENT = /^(?:we|our|this|these|here|wir|unsere?|diese[rs]?)\s/iu;

const plainQuotes = (text: string): string => text.replace(/[\u2018\u2019]/g, "'");

/** The words of a line that ends as announcements do. */
export function announcedWords(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t:：;…—–-.!'.includes(line[end - 1]!)) end--;
  return line.slice(0, end);
}

/** Whether a line ends with a colon, and so announces what follows. */
export const endsWithColon = (line: string): boolean => /[:：][\s—–-]{0,4}$/.test(line.trimEnd());

/** Whether words announce nothing but rules, so that they can be left out. */
export const isNeutral = (text: string): boolean => NEUTRAL.test(plainQuotes(text));

/** What `text` announces, be it a line's words or a heading's. */
export function announcement(text: string, from: Announcement['from']): Announcement {
  const plain = plainQuotes(text);
  const forbids = FORBIDS.test(plain);
  return { text, forbids, bears: forbids || BEARS.test(plain), conditions: CONDITIONS.test(plain), from };
}

/** Whether a heading or key has a say in the rules under it. Other headings only name them. */
export const hasSay = ({ bears, conditions }: Announcement): boolean => bears || conditions;

/** Whether a line without a colon announces by itself, as “Never” or “Forbidden topics” do. */
export function announcesBare(line: string): boolean {
  const text = plainQuotes(announcedWords(line));
  if (/[.!?]$/.test(line.trim()) || !FORBIDS.test(text)) return false;
  if (text.includes(',') || text.split(/\s+/).length > 6) return false;
  return OPEN_END.test(text) || (NAMES_WHAT_IS_FORBIDDEN.test(text) && text.split(/\s+/).length <= 4);
}

/** Whether a line of plain text goes on in the next one: it breaks off, or the next begins small where rules begin with a capital. */
export function isWrapped(
  { text, wrapped = false }: { readonly text: string; readonly wrapped?: boolean },
  next: string,
): boolean {
  const plain = plainQuotes(text);
  if (/[.!?:：;]$/.test(plain) || !goesOn(next)) return false;
  return wrapped || OPEN_END.test(plain) || UNFINISHED.test(plain) || /^\p{Lu}/u.test(plain);
}

/** Whether the sentence before a list announces it: it points ahead, breaks off, or is a name and no sentence. */
export function announcesList(sentence: string): boolean {
  const text = plainQuotes(announcedWords(sentence));
  const { bears, conditions } = announcement(text, 'line');
  if (!bears && !conditions) return false;
  const stopped = /(?<![.\s])[.!?]$/.test(sentence.trim());
  return (
    !stopped ||
    POINTS_AHEAD.test(text) ||
    (NAMES_WHAT_IS_FORBIDDEN.test(text) && text.split(/\s+/).length <= 3)
  );
}

/** Whether words can be a rule by themselves although a list explains them. */
export function isFinished(text: string): boolean {
  const plain = plainQuotes(announcedWords(text));
  return plain.split(/\s+/).length > 2 && !OPEN_END.test(plain) && !UNFINISHED.test(plain);
}

const several = (text: string): boolean => /[.!?](?:["')\]]*)\s+\S/.test(text);

/** An announcement and what it announces as one text; where they make no one sentence the announcement keeps its colon. */
function joined(label: string, item: string): string {
  const plain = plainQuotes(label);
  if (/[?]$/.test(label)) return `${label} ${item}`;
  const deed = /^["'“]?\p{L}+ing(?!\p{L})/iu.test(item) || /^(?:no|not)\s/i.test(item);
  if (!OPEN_END.test(plain) || deed || several(item) || !/^\p{L}[^:：]*$/u.test(item))
    return `${label}: ${item}`;
  const lower = ENGLISH_END.test(plain) && /^\p{Lu}\p{Ll}+(?!\S)/u.test(item);
  return `${label} ${lower ? item[0]!.toLowerCase() + item.slice(1) : item}`;
}

function ended(text: string): string {
  if (/[.!?。！？]["')\]”]*$/.test(text)) return text;
  return `${text}${/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]$/u.test(text) ? '。' : '.'}`;
}

/**
 * A rule under its announcements, outermost first: each is put before it, unless the rule says as much itself. A heading yields to announcing
 * lines and to whole rules under it; a condition never does.
 * @param prose a sentence of a paragraph, which may be about the rules
 */
export function underAnnouncements(
  announcements: readonly Announcement[],
  rule: string,
  prose = false,
): string {
  let text = rule.trim();
  const plain = plainQuotes(text);
  let decided = WHOLE_RULE.test(plain) || (prose && STATEMENT.test(plain));
  let carried = false;
  for (const label of announcements.toReversed()) {
    const itself = FORBIDS_ITSELF.test(plainQuotes(text));
    if (label.forbids && itself) decided = true;
    else if (decided || itself ? label.from === 'line' || label.conditions : true) {
      if (!hasSay(label) && (decided || itself)) continue;
      text = joined(label.text, text);
      carried = true;
      decided ||= label.bears;
    }
  }
  return carried ? ended(text) : rule;
}

/** Whether it cannot be told if a sentence below a heading is an example of what the heading forbids, or a rule or remark about it. */
export function isAmbiguous(announcements: readonly Announcement[], sentence: string): boolean {
  const inner = announcements.at(-1);
  const plain = plainQuotes(sentence.trim());
  return (
    inner?.from === 'heading' &&
    inner.forbids &&
    NAMES_WHAT_IS_FORBIDDEN.test(plainQuotes(inner.text)) &&
    /^\p{Lu}/u.test(plain) &&
    /[.!?]$/.test(plain) &&
    !/^\p{L}+ing(?!\p{L})/u.test(plain) &&
    ![FORBIDS_ITSELF, WHOLE_RULE, STATEMENT].some(pattern => pattern.test(plain))
  );
}

/** Whether a text goes on, after a first colon, with what its beginning forbids: cut into sentences it would turn. */
function forbidsInline(text: string): boolean {
  const plain = plainQuotes(text);
  if (/^[❌✗✘⛔🚫❎👎]/u.test(plain)) return true;
  const colon = plain.search(/[:：]/);
  return colon >= 0 && FORBIDS.test(plain.slice(0, colon));
}

/** Whether a paragraph after those that an announcement reaches goes on with them: it begins in the middle of a sentence. */
export const goesOn = (text: string): boolean => /^\p{Ll}/u.test(text.trim());

/** Whether a text is a whole rule, whatever stands above it. */
export const isWholeRule = (text: string): boolean => {
  const plain = plainQuotes(text.trim());
  return FORBIDS_ITSELF.test(plain) || WHOLE_RULE.test(plain);
};

/** The sentences of a text, each a rule; what a first colon forbids stays together. */
export function sentencesOf(text: string): string[] {
  const sentences = splitSentences(text);
  const from = sentences.findIndex(forbidsInline);
  if (from < 0) return sentences;
  return [...sentences.slice(0, from), sentences.slice(from).join(' ')];
}
