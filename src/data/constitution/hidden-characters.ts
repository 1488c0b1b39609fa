import { codePoint, lineOf, refuse } from './faults.ts';

const LONE_SURROGATE = /\p{Cs}/u;
const CONTROL = /(?![\t\n])\p{Cc}/u;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const INVISIBLE =
  /[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e0fff}]/u;
/** Joiners are letters' business in some scripts and in emoji, and hide nothing there; next to ASCII they split words. */
const JOINER_IN_ASCII = /(?:^|\p{ASCII})[\u200c\u200d]|[\u200c\u200d](?:$|\p{ASCII})/u;

const CHECKS: readonly (readonly [code: string, pattern: RegExp, what: string])[] = [
  ['ENCODING', LONE_SURROGATE, 'half of a character'],
  ['CONTROL_CHARACTER', CONTROL, 'a control character'],
  ['BIDI', BIDI, 'a character that changes the direction of the text'],
  ['HIDDEN', INVISIBLE, 'an invisible character'],
  ['HIDDEN', JOINER_IN_ASCII, 'an invisible joiner inside ordinary letters'],
];

/**
 * Refuses characters by which a text would read differently to a person and to the model. Also for single values of JSON and YAML,
 * whose escapes can spell what the file itself does not hold.
 */
export function refuseHiddenCharacters(file: string, text: string, place?: string): void {
  for (const [code, pattern, what] of CHECKS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const character = [...match[0]].find(c => !/[\x20-\x7e\n]/.test(c)) ?? match[0];
    refuse(file, {
      code,
      message: `The text holds ${what} (${codePoint(character)})`,
      place: place ?? lineOf(text, match.index),
      nextStep: 'Delete that character and import again.',
    });
  }
}
