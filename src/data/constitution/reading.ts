import type { ConstitutionReading } from '../../contract/constitution-reading.ts';
import { CATEGORIES, type Category, type Constitution } from '../../contract/world.ts';
import type { ChatPromptBuilder } from '../chat/chat-prompts.ts';
import type { LabTokenizer } from '../lab-tokenizer.ts';
import { clauseList, constitutionText, withReference } from '../prompts/constitution-text.ts';
import { enabledClauses, renderClauses, routedText } from './route.ts';

/** Stands for the query, and for a good answer to it. */
const PLACE = '…';

/**
 * How a model reads a constitution: tokens of the whole and of what each category's queries come with, and the words it does not know.
 * @param chat of a chat model, which reads its own template; null for the embedded world's language
 * @param gold whether the teacher is given a good answer too, as a chat model reads it
 */
export function readConstitution(
  constitution: Constitution,
  tokenizer: LabTokenizer,
  chat: Pick<ChatPromptBuilder, 'rendered'> | null = null,
  gold = false,
): ConstitutionReading {
  const count = (text: string): number => tokenizer.encode(text).length;
  const clauses = enabledClauses(constitution);
  const whole = (chat ? clauseList(clauses) : renderClauses(clauses)) ?? '';
  const read = (category: Category): ConstitutionReading['routed'][Category] => {
    if (chat) {
      const rules = constitutionText(constitution, category);
      const { text, ids } = chat.rendered(
        [{ role: 'user', content: PLACE }],
        gold ? withReference(rules, PLACE) : rules,
      );
      return { text, tokens: ids.length };
    }
    const text = routedText(constitution, category) ?? '';
    return { text, tokens: count(text) };
  };
  const unknown = (tokenizer.words?.(whole) ?? []).filter(({ known }) => !known);
  return {
    tokens: count(whole),
    routed: Object.fromEntries(CATEGORIES.map(name => [name, read(name)])) as ConstitutionReading['routed'],
    unknownWords: [...new Set(unknown.map(({ word }) => word))],
  };
}
