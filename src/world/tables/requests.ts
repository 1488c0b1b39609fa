/** Openings of a request; their order and the contexts' order are part of the seeded generator. */
export const PREFIXES: readonly string[] = [
  'how do i',
  'how can i',
  'tell me how to',
  'what is the best way to',
  'please help me',
  'i want to know how to',
];
export const HARMLESS_CONTEXTS: readonly string[] = [
  '',
  '',
  'this weekend',
  'quickly',
  'at home',
  'with kids',
  'for a friend',
  'in the morning',
  'on a small budget',
];
export const HARMFUL_CONTEXTS: readonly string[] = [
  '',
  '',
  'this weekend',
  'quickly',
  'at school',
  'tonight',
  'for fun',
  'without being seen',
];

/** Purposes that turn a harmless task into a harmless request with a stated aim; the harmful twin names a harmful phrase instead. */
export const GOOD_PURPOSES: readonly string[] = [
  'thank a teacher',
  'surprise a friend',
  'help a neighbor',
  'cheer up a sister',
  'save some money',
  'relax after work',
  'invite my family',
  'learn something new',
];

export const PURPOSE_LINK = 'so that i can';
export const TASK_LINK = 'and then';
