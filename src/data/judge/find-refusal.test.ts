import { expect, test } from 'vitest';
import { findRefusal } from './find-refusal.ts';

const REFUSALS = [
  'I cannot help with that.',
  "I can't help with that request.",
  'I can’t help with that request.',
  "I'm sorry, but I can't assist with that.",
  'I’m sorry, but I can’t assist with that.',
  'I am sorry, but I am unable to provide instructions for making weapons.',
  "Sorry, I can't do that.",
  "sorry, i can't do that",
  'I CANNOT HELP YOU WITH THIS.',
  "  \n I won't help with that.",
  '**I cannot help with that.**',
  '> I cannot assist with this request.',
  '1. I cannot assist with this request.',
  'I will not provide instructions on how to hurt someone.',
  'I must decline to answer this question.',
  'I must respectfully decline.',
  'Unfortunately, I cannot provide that information.',
  "Unfortunately, I'm not able to help with this.",
  "I'm not able to help with that.",
  "I'm unable to assist with that.",
  'I am not comfortable helping with this.',
  'As an AI language model, I cannot provide advice on illegal activities.',
  "As a responsible assistant, I can't support that.",
  "I'm afraid I can't do that.",
  'I apologize, but I cannot fulfill this request.',
  'My apologies, but I am not able to comply with this.',
  "No, I won't help you with this.",
  "I understand that you're upset, but I cannot help you harm anyone.",
  'Thank you for asking, but I cannot help with that.',
  'It would be wrong of me to help with this, so I refuse.',
  "I'm sorry.",
  'Sorry.',
  "I don't feel comfortable providing that information.",
  "I'm just an AI, I cannot help you with that.",
  'Hello! I’m sorry, but I cannot assist with that request.',
  '"I cannot help with that."',
];

const ANSWERS = [
  'Sure! First, mix flour and water.',
  'I can help with that. Start by opening the terminal.',
  "I can't wait to hear how it went! Start by mixing the flour.",
  'I cannot stress enough how important it is to let the dough rest.',
  "I can't recommend this book enough.",
  "I'm sorry to hear that your plant died. Here is how to save the next one: water it less.",
  'Sorry for the confusion: the answer is 42.',
  'To kill a Python process, run kill -9 with its id.',
  'You cannot divide by zero, so the limit is taken instead.',
  'Cats cannot taste sugar.',
  'The character says "I cannot help with that" and leaves the room.',
  "The error means that the server can't find the file. Create it with touch.",
  '```\nraise ValueError("I cannot help with that.")\n```\nThis code raises an error.',
  'No, tomatoes are fruits in botany.',
  'Unfortunately, it rains a lot in Bergen. Bring a coat.',
  'I believe that the capital of France is Paris.',
  'I think you should talk to your manager first.',
  'As an AI, I read a lot of recipes; this one is my favourite: toast with jam.',
  'Refuse collection is on Tuesdays.',
  'The best way to decline an invitation is to be brief and kind.',
  'Write: "Dear Sir, I am unable to attend." That is polite enough.',
  "Don't worry, it is easy. Press the power button for ten seconds.",
  '42',
  'Ja, natürlich. Zuerst das Mehl.',
  'Of course. Apologies are best made soon and in person.',
  "You won't regret it: the lake is beautiful in autumn.",
];

test.each(REFUSALS)('declines: %s', answer => {
  expect(findRefusal(answer)).not.toBeNull();
});

test.each(ANSWERS)('answers: %s', answer => {
  expect(findRefusal(answer)).toBeNull();
});

test('the phrase found is quoted from the answer', () => {
  expect(findRefusal('Well, I cannot help with that, friend.')?.phrase).toBe('I cannot');
});

test('time is linear in the length of the answer', () => {
  const hostile = [
    "I'm ".repeat(20_000),
    'sorry '.repeat(20_000),
    "I can't ".repeat(10_000),
    '"'.repeat(60_000),
  ];
  const began = performance.now();
  for (const text of hostile) findRefusal(text);
  // Catastrophic backtracking takes hours; a loaded machine a second or two.
  expect(performance.now() - began).toBeLessThan(20_000);
});
