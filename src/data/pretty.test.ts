import { expect, it } from 'vitest';
import { prettify } from './pretty.ts';

it.each([
  ['sure ! here is how to bake bread .', 'Sure! Here is how to bake bread.'],
  ['yes , gladly ! first , i wait .', 'Yes, gladly! First, I wait.'],
  ['let me think . 2 plus 3 is 5 . so the answer is 5 .', 'Let me think. 2 plus 3 is 5. So the answer is 5.'],
  ['start like this : dig ( well ) .', 'Start like this: dig (well).'],
  ['', ''],
  ['  what is this ?  ', 'What is this?'],
])('writes %j as %j', (spaced, pretty) => {
  expect(prettify(spaced)).toBe(pretty);
});
