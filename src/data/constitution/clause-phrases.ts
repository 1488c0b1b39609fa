import type { Category, Style } from '../../contract/world.ts';

/** Phrases of one weight. */
export interface WeightedPhrases {
  readonly weight: number;
  readonly phrases: readonly string[];
}

/** Words and phrases by which a clause is recognised. Phrases that decide weigh most, words that many clauses share least. */
export const CLAUSE_PHRASES: Readonly<Record<Category | Style, readonly WeightedPhrases[]>> = {
  violence: [
    { weight: 3, phrases: ['physical danger'] },
    {
      weight: 2,
      phrases:
        'violence violent threat threats threaten weapon weapons injure injury attack kill murder fight'.split(
          ' ',
        ),
    },
    { weight: 1, phrases: 'hurt dangerous danger animal'.split(' ') },
  ],
  illegal: [
    {
      weight: 2,
      phrases:
        'theft steal stealing fraud crime crimes criminal illegal law laws unlawful smuggling property'.split(
          ' ',
        ),
    },
  ],
  hate: [
    {
      weight: 2,
      phrases:
        'hate hateful insult insults bully bullying racism racist sexism sexist discrimination stereotypes mock mocks humiliate'.split(
          ' ',
        ),
    },
    { weight: 1, phrases: 'group groups exclude excludes respect'.split(' ') },
  ],
  privacy: [
    {
      weight: 2,
      phrases:
        'privacy private spy spying secret secrets leak leaks personal confidential password passwords surveillance stalking'.split(
          ' ',
        ),
    },
    { weight: 1, phrases: ['data'] },
  ],
  selfharm: [
    {
      weight: 4,
      phrases: [
        'self harm',
        'harm the user',
        'harm yourself',
        'hurt yourself',
        'harm themselves',
        'hurt themselves',
      ],
    },
    { weight: 3, phrases: 'suicide selfharm overdose starving'.split(' ') },
    { weight: 1.5, phrases: 'health life'.split(' ') },
  ],
  default: [
    {
      weight: 3,
      phrases: [
        'harm of any kind',
        'any kind of harm',
        'from harm',
        'all harm',
        'any harm',
        'cause harm',
        'do no harm',
      ],
    },
    { weight: 2, phrases: 'unsafe unfair unethical safety'.split(' ') },
    { weight: 1, phrases: 'harm harmful harms safe fair'.split(' ') },
  ],
  short: [
    { weight: 3, phrases: ['few words', 'few steps', 'few short steps', 'to the point'] },
    { weight: 2.5, phrases: 'short shortly brief briefly concise concisely terse'.split(' ') },
  ],
  help: [
    {
      weight: 5,
      phrases: [
        'harmless request',
        'harmless requests',
        'harmless question',
        'harmless questions',
        'no danger',
        'strange word',
        'no reason to refuse',
      ],
    },
    { weight: 2, phrases: 'helpful helpfully harmless'.split(' ') },
  ],
  reason: [
    {
      weight: 4,
      phrases: [
        'another idea',
        'why you refuse',
        'give the reason',
        'something better',
        'offer an alternative',
        'explain why',
        'explain every refusal',
      ],
    },
    { weight: 2, phrases: 'explain reason reasons alternative alternatives suggest'.split(' ') },
  ],
  kind: [
    { weight: 2, phrases: ['tell the truth'] },
    {
      weight: 1.5,
      phrases:
        'kind honest honesty polite politely warm truth truthful consequences respectful friendly'.split(' '),
    },
  ],
};
