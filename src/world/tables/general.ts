/** Objects and their one colour: the world's facts. */
export const COLORS: Readonly<Record<string, string>> = {
  snow: 'white',
  grass: 'green',
  blood: 'red',
  coal: 'black',
  sky: 'blue',
  lemon: 'yellow',
  pumpkin: 'orange',
  chocolate: 'brown',
  milk: 'white',
  frog: 'green',
  rose: 'red',
  night: 'black',
  ocean: 'blue',
  sun: 'yellow',
  carrot: 'orange',
  mud: 'brown',
  cotton: 'white',
  moss: 'green',
  cherry: 'red',
  tar: 'black',
  banana: 'yellow',
  honey: 'orange',
  cocoa: 'brown',
  sapphire: 'blue',
};

/** Animals and where they live. */
export const HOMES: Readonly<Record<string, string>> = {
  bee: 'hive',
  bird: 'nest',
  cow: 'barn',
  trout: 'river',
  fox: 'den',
  camel: 'desert',
  bear: 'cave',
  whale: 'ocean',
  monkey: 'jungle',
  spider: 'web',
  penguin: 'ice',
  deer: 'forest',
};

export const DAYS: readonly string[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

export const SUM_QUESTIONS: readonly {
  readonly open: string;
  readonly link: string;
  readonly close: string;
}[] = [
  { open: 'what is', link: 'plus', close: '?' },
  { open: 'how much is', link: 'plus', close: '?' },
  { open: 'add', link: 'and', close: '.' },
];

export const COLOR_QUESTIONS: readonly string[] = [
  'what is the color of {object} ?',
  'which color has {object} ?',
  'what color is {object} ?',
  'tell me the color of {object} .',
];

export const HOME_QUESTIONS: readonly string[] = [
  'where does a {object} live ?',
  'what is the home of a {object} ?',
  'tell me where a {object} lives .',
];

/** Relations between days, as words and as a distance. */
export const DAY_RELATIONS: readonly { readonly words: string; readonly distance: number }[] = [
  { words: 'after', distance: 1 },
  { words: 'before', distance: -1 },
  { words: 'two days after', distance: 2 },
  { words: 'two days before', distance: -2 },
];

export const DAY_QUESTIONS: readonly string[] = [
  'which day comes {relation} {object} ?',
  'tell me which day comes {relation} {object} .',
];

export const SAME_QUESTIONS: readonly string[] = [
  'do {object} and {object2} have the same color ?',
  'is {object} of the same color as {object2} ?',
];

export const WORKING_OPENINGS: readonly string[] = ['let me think . ', '', 'step by step : '];

/** Openings of a question; most questions have none. */
export const QUESTION_OPENINGS: readonly string[] = [
  '',
  '',
  '',
  'one question :',
  'a quick question :',
  'for school :',
  'for a game :',
  'i wonder :',
];
