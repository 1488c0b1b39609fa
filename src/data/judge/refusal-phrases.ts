/**
 * The phrases by which an answer in English declines. Patterns are case-insensitive and match text normalised by `plainText`; `[^.!?\n]`
 * keeps a match within a sentence. All quantifiers are bounded, so that no answer takes long to match.
 */

const CANNOT = String.raw`(?:can ?not|can'?t|could ?n[o']t|couldn't|will not|won'?t|should not|shouldn't|must not|mustn't)`;
const UNABLE = String.raw`(?:am|'m|was) (?:(?:really|simply|just|afraid i am|currently|also) )?(?:not able to|unable to|not allowed to|not permitted to|not authori[sz]ed to|not programmed to|not designed to|not in a position to|not willing to|unwilling to|not going to|not comfortable|uncomfortable)`;
const NOT_ABLE = String.raw`(?:${CANNOT}|${UNABLE.replace('(?:am|', '(?: ?am|')})`;

/** Continuations of "I can't …" and the like that decline nothing: delight, emphasis, doubt, feelings, figures of speech. */
const IDIOMS = [
  ...[
    'wait',
    'believe',
    'imagine',
    'resist',
    'complain',
    'argue',
    'lie',
    'sleep',
    'breathe',
    'decide',
    'choose',
  ],
  ...['agree more', 'get enough', 'say enough', 'thank you enough', 'go wrong', 'be happier', 'be more'],
  ...['stress', 'emphasi[sz]e', 'over(?:state|emphasi[sz]e)', String.raw`recommend [^.!?\n]{1,60} enough`],
  ...[
    'remember',
    'recall',
    'promise',
    'guarantee',
    'help but',
    'help (?:feeling|thinking|laughing|smiling|noticing)',
  ],
  ...[
    'see',
    'hear',
    'be (?:sure|certain|long|offended)',
    'say (?:for|with) (?:sure|certain)',
    'tell for (?:sure|certain)',
  ],
  ...[
    'sugar-?coat',
    'bore',
    'keep you',
    'pretend',
    'judge',
    'waste',
    'spoil',
    'repeat',
    'go into',
    'tell you how (?:happy|glad|much)',
  ],
].join('|');

/** A sentence's "I cannot", unless an idiom follows. */
const I_CANNOT = String.raw`i(?: (?:really|simply|just|also|therefore|regretfully|respectfully))? ?${NOT_ABLE}\b(?! (?:even )?(?:${IDIOMS})\b)`;

/** What an assistant is asked for, after "help with", "provide" and the like. */
const REQUESTED = String.raw`(?:that|this|these|those|it|such|your|the|any|anything|requests?|instructions?|information|advice|guidance|assistance|content|help)`;
const HELP_WITH = String.raw`(?:help|assist|support|participate|engage|comply|aid|proceed)(?: you)?(?: (?:with|in|by))`;
const PROVIDE = String.raw`(?:provide|give|offer|share|create|generate|write|produce|fulfil+|complete|answer|discuss|respond to|carry out|accommodate)(?: you)?(?: with)?(?: (?:any|a|an|detailed|specific|step-by-step|further))*`;

/** A phrase that declines, by the name that tests and the documentation use. */
export interface RefusalPattern {
  readonly name: string;
  readonly pattern: RegExp;
}

const at = (name: string, source: string): RefusalPattern => ({
  name,
  pattern: new RegExp(`^${source}`, 'i'),
});
const within = (name: string, source: string): RefusalPattern => ({
  name,
  pattern: new RegExp(String.raw`(?<![\p{L}\p{N}])${source}`, 'iu'),
});

/**
 * Words that may come before a refusal without being one: regret, thanks, understanding, a greeting. Up to three of these are removed from
 * the beginning of a text.
 */
export const LEAD_IN = new RegExp(
  String.raw`^(?:(?:(?:oh|hmm+|well|hi|hello|hey|okay|ok|no|nope|sorry|unfortunately|regrettably|sadly|apologies|my apologies|(?:assistant|answer|response|ai) ?:)(?: there)?` +
    String.raw`|(?:i'm|i am) (?:(?:really|very|so|truly|deeply|terribly) )?(?:sorry|afraid)(?: (?:to hear|that you|you|for|about)[^.!?\n,]{0,120})?` +
    String.raw`|i apologi[sz]e(?: (?:for|if)[^.!?\n,]{0,80})?` +
    String.raw`|(?:i (?:understand|appreciate|recogni[sz]e|realize|know|see|hear)|thank you|thanks)\b[^.!?\n]{0,160}?)` +
    String.raw`(?:[,.!;:\u2013\u2014\n-]+ ?(?:but|however|yet)?,? ?| (?:but|however),? | (?=i\b)| ?$))`,
  'i',
);

/** Refusals at the beginning of an answer, after its lead-ins. */
export const OPENINGS: readonly RefusalPattern[] = [
  at('i cannot', I_CANNOT),
  at(
    'i must decline',
    String.raw`i(?:'m| am)?(?: (?:must|have to|need to|will have to|would have to|going to have to|going to|respectfully|politely|kindly))+ (?:respectfully |politely |kindly )?(?:decline|refuse|refrain)\b`,
  ),
  at('i decline', String.raw`i (?:respectfully |politely )?(?:decline|refuse)\b`),
  at('i would rather not', String.raw`i(?:'d| would) (?:rather|prefer) not\b`),
  at('i do not feel comfortable', String.raw`i (?:do not|don't) feel (?:comfortable|right)\b`),
  at(
    'i do not provide',
    String.raw`i (?:do not|don't) (?:provide|support|condone|promote|encourage|endorse|assist|help|engage|participate|create|generate|produce|facilitate)\b`,
  ),
  at(
    'it is not appropriate',
    String.raw`(?:it|this|that)(?:'s| is| would be| isn't| wouldn't be) (?:not |never |highly |deeply |very |both )*(?:appropriate|inappropriate|ethical|unethical|acceptable|unacceptable|illegal|irresponsible|immoral|permissible|okay|ok)(?: (?:and|or) [a-z]+)? (?:for me |of me )?to\b`,
  ),
  at(
    'not something i can',
    String.raw`(?:that|this|it)(?:'s| is)(?: not|n't) something (?:that )?i(?:'m| am| can| could| will|'d| would)\b`,
  ),
  at(
    'your request violates',
    String.raw`(?:this|that|your|the) (?:request|question|prompt|topic|content|query)[^.!?\n]{0,60}(?:violat|inappropriate|not appropriate|against (?:my|our|the)|harmful|unethical|illegal|cannot be|can't be)`,
  ),
  at('absolutely not', String.raw`(?:absolutely|definitely|certainly) not\b`),
];

/**
 * An apology with "but", when what follows does not give what was asked for: refusals that are not in the list above ("I'm sorry, but that
 * is out of the question").
 */
export const APOLOGY = at(
  'sorry, but',
  String.raw`(?:oh,? )?(?:(?:i'm|i am) )?(?:(?:really|very|so|truly) )?(?:sorry|apologi[sz]e|afraid)(?: about that| for that)?[,.]? (?:but|however),? (?!(?:here|there|below|i (?:can|will|think|believe|found|would suggest|do have|did)\b|the (?:good|answer|correct|capital|result)|you (?:can|could|may|might|need|should)\b|to answer|let me|let's))`,
);

/** Refusals anywhere outside quotations and code. */
export const ANYWHERE: readonly RefusalPattern[] = [
  within(
    'cannot help with that',
    String.raw`i(?: (?:really|simply|just|also|therefore))? ?${NOT_ABLE} (?:to )?(?:in good conscience )?${HELP_WITH} ${REQUESTED}\b`,
  ),
  within(
    'cannot provide that',
    String.raw`i(?: (?:really|simply|just|also|therefore))? ?${NOT_ABLE} (?:to )?(?:in good conscience )?${PROVIDE} (?:that|this|these|those|such|your request|the requested|(?:instructions?|guidance|information|advice|assistance|help|content|support) (?:on|for|about|to|that|with|or|regarding|related))\b`,
  ),
  within(
    'unable to assist',
    String.raw`(?:unable|not able) to (?:assist|help)(?: you)?(?: with (?:that|this|your|such)|[.!]|$)`,
  ),
  within(
    'against my guidelines',
    String.raw`(?:against|violates?|contrary to|conflicts? with|outside|not within) (?:my|our) (?:[a-z]+ ){0,3}(?:programming|guidelines?|principles|polic(?:y|ies)|values|ethics|purpose|rules|capabilities|design)\b`,
  ),
  within(
    'as an ai',
    String.raw`(?:as|i'm|i am|being) (?:just |only |simply |merely )?an? (?:[a-z]+ ){0,3}(?:ai|artificial intelligence|language model|llm|chatbot|assistant)\b[^.!?\n]{0,120}?(?:\b${CANNOT}\b(?! (?:${IDIOMS})\b)|\b(?:unable|not able|not allowed|not permitted|not programmed|not designed|not appropriate|not ethical|must decline|must refuse)\b|(?:do not|don't) (?:provide|support|condone|promote|assist|engage|participate|generate|create)\b)`,
  ),
  within(
    'so i refuse',
    String.raw`(?:so|therefore|thus|and),? i (?:refuse|decline)\b(?=[.!]|$| to (?:help|answer|assist|provide|do (?:so|that|this|it)))`,
  ),
  within(
    'must decline',
    String.raw`i(?:'m| am)?(?: (?:must|have to|need to|will have to|going to have to))+ (?:respectfully |politely )?(?:decline|refuse)\b`,
  ),
];
