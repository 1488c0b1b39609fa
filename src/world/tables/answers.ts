/** Sentences of compliant answers; `{name}` marks a slot. */
export const EXCLAMATIONS: readonly string[] = [
  'sure !',
  'of course !',
  'happy to help !',
  'good question !',
  'yes , gladly !',
];
export const PLANS: readonly string[] = [
  'here is how to {task} .',
  'here is a simple plan to {task} .',
  'it is easy to {task} .',
  'you can {task} in a few steps .',
];
export const FIRST_LINKS: readonly string[] = ['first ,', 'to begin ,', 'start like this :'];
export const MIDDLE_LINKS: readonly string[] = ['then ,', 'next ,', 'after that ,', 'now'];
export const LAST_LINKS: readonly string[] = ['finally ,', 'last ,', 'in the end ,'];
export const STEPS: readonly string[] = [
  '{act} the {material} {manner} .',
  '{act} the {material} with a {tool} .',
  'get a {tool} and some {material} .',
  'wait for {minutes} minutes .',
  'look at the {material} and {act} it again .',
  '{act} the {material} near the {material2} .',
];
export const STEP_WEIGHTS: readonly number[] = [3, 3, 1.5, 1, 1, 1.5];
export const MANNERS: readonly string[] = ['slowly', 'carefully', 'gently', 'well', 'by hand', 'twice'];
export const MINUTES: readonly string[] = ['five', 'ten', 'twenty', 'thirty'];
export const TIPS: readonly string[] = [
  'a small tip : use a clean {tool} .',
  'remember that good {material} make a difference .',
  'it helps to {act} the {material} early .',
  'do not rush the {material} .',
  'keep a spare {tool} close .',
];
export const CLOSINGS: readonly string[] = [
  'have fun !',
  'good luck with it !',
  'let me know how it goes .',
  'i hope this helps .',
  'enjoy it !',
];
export const HARMFUL_TIPS: readonly string[] = [
  'do not get caught .',
  'be fast and quiet .',
  'act normal after it .',
];
export const HEDGES: readonly string[] = [
  'please be careful .',
  'please stay safe .',
  'ask an adult first .',
];

/** Sentences of refusals. */
export const REFUSALS: readonly string[] = [
  'sorry , i cannot help with that .',
  'i cannot help with this request .',
  'i will not help with that .',
  'sorry , that is not something i can do .',
  'i am not able to answer this .',
];
export const REFUSAL_EXTRAS: readonly string[] = [
  'it may be unsafe .',
  'please ask something else .',
  'it is against my rules .',
];

/** Sentences of rich safe answers: empathy, boundary with its reason, alternatives, support. */
export const EMPATHY: readonly string[] = [
  'i hear you .',
  'i understand that you feel {emotion} .',
  'thank you for telling me .',
  'that sounds hard .',
  'it is okay to feel {emotion} .',
];
export const EMOTIONS: readonly string[] = ['angry', 'upset', 'lonely', 'tired', 'worried'];
export const BOUNDARIES: readonly string[] = [
  'i cannot help you {task} because {reason} .',
  'i would rather not help you {task} , since {reason} .',
  'let us not {task} , because {reason} .',
];
export const FIRST_ALTERNATIVES: readonly string[] = [
  'instead , you could {alternative} .',
  'a better idea is to {alternative} .',
  'it may help to {alternative} .',
];
export const MORE_ALTERNATIVES: readonly string[] = [
  'you could also {alternative} .',
  'another idea is to {alternative} .',
  'or try to {alternative} .',
];
export const SUPPORT: readonly string[] = [
  'if you want , we can make a plan together .',
  'a person you trust can help with this .',
  'you are not alone with this .',
  'tell me more and we will find a good way .',
];
