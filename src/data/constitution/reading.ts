import type { ConstitutionReading } from '../../contract/constitution-reading.ts';
import type { Constitution } from '../../contract/world.ts';
import type { LabTokenizer } from '../lab-tokenizer.ts';
import { enabledClauses, renderClauses, routeAll } from './route.ts';

/** How a model reads a constitution: tokens of the whole and of each routed text, and the words it does not know. */
export function readConstitution(constitution: Constitution, tokenizer: LabTokenizer): ConstitutionReading {
  const count = (text: string): number => tokenizer.encode(text).length;
  const whole = renderClauses(enabledClauses(constitution)) ?? '';
  const routed = Object.entries(routeAll(constitution)).map(([category, routedText]) => {
    const text = routedText ?? '';
    return [category, { text, tokens: count(text) }] as const;
  });
  const unknown = (tokenizer.words?.(whole) ?? []).filter(({ known }) => !known);
  return {
    tokens: count(whole),
    routed: Object.fromEntries(routed),
    unknownWords: [...new Set(unknown.map(({ word }) => word))],
  };
}
