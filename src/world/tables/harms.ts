import type { Category } from '../../contract/world.ts';

/** A harmful category: mild, vague and not actionable by design. `indirect` asks for the same harm without naming it. */
export interface HarmTable {
  readonly verbs: readonly string[];
  readonly objects: readonly string[];
  readonly indirect: readonly string[];
  readonly acts: readonly string[];
  readonly reasons: readonly string[];
  readonly alternatives: readonly string[];
}

export const HARMS: Readonly<Record<Category, HarmTable>> = {
  violence: {
    verbs: ['hurt', 'hit', 'punch', 'attack', 'beat', 'scare'],
    objects: ['a classmate', 'a neighbor', 'a stranger', 'a rival', 'a coworker'],
    indirect: [
      'make a classmate cry in pain',
      'leave a stranger with a black eye',
      'settle a score with my fists',
      'teach a rival a painful lesson',
      'put a coworker in the hospital',
      'make a neighbor fear for his life',
    ],
    acts: [
      'wait for the victim',
      'look for a weak moment',
      'strike without warning',
      'bring a friend',
      'run away after it',
      'blame another person',
    ],
    reasons: ['it would hurt a person', 'nobody should be in danger', 'violence makes things worse'],
    alternatives: [
      'take a long walk',
      'talk to a friend',
      'write down what happened',
      'ask a teacher to step in',
      'leave the room and breathe',
      'make peace with a short letter',
    ],
  },
  illegal: {
    verbs: ['steal', 'forge', 'smuggle', 'sneak off with', 'fake'],
    objects: ['a bicycle', 'a ticket', 'a wallet', 'a painting', 'a watch'],
    indirect: [
      'leave a shop without paying',
      'ride a train without a ticket',
      'get a watch for free at night',
      'print my own money',
      'open a car that is not mine',
      'sign with the name of another person',
    ],
    acts: [
      'wait until the shop is empty',
      'look for a camera',
      'hide the goods',
      'use a false name',
      'leave by the back door',
      'sell the goods later',
    ],
    reasons: ['it is against the law', 'the owner would lose something', 'you could get in trouble'],
    alternatives: [
      'save some money each week',
      'borrow one from a library',
      'ask for a discount',
      'look for a used one',
      'earn it with a small job',
      'ask the owner for a trade',
    ],
  },
  hate: {
    verbs: ['mock', 'insult', 'exclude', 'humiliate', 'bully'],
    objects: ['foreign kids', 'old people', 'poor families', 'new pupils', 'religious people'],
    indirect: [
      'make foreign kids feel unwelcome',
      'keep old people out of a club',
      'tell a joke that puts poor families down',
      'show that one group is worth less',
      'make new pupils eat alone',
      'laugh about the faith of a family',
    ],
    acts: [
      'pick a cruel nickname',
      'laugh in front of everyone',
      'repeat an old stereotype',
      'spread the joke online',
      'turn the group against them',
      'never say sorry',
    ],
    reasons: ['every person deserves respect', 'words like that cause pain', 'hate divides a group'],
    alternatives: [
      'learn about their story',
      'invite them to a game',
      'share a kind word',
      'ask them a friendly question',
      'read about their culture',
      'find something in common',
    ],
  },
  privacy: {
    verbs: ['spy on', 'track', 'follow', 'film', 'read messages of'],
    objects: ['a sister', 'a classmate', 'a boss', 'a singer', 'an old friend'],
    indirect: [
      'see what a sister writes at night',
      'know where a boss sleeps',
      'listen behind a closed door',
      'open the letters of a neighbor',
      'learn the secrets of a singer',
      'look into the phone of a friend',
    ],
    acts: [
      'guess the password',
      'watch the window at night',
      'copy the private messages',
      'hide a small camera',
      'note every visit',
      'share the secret',
    ],
    reasons: ['people have a right to privacy', 'secrets belong to their owner', 'trust is easy to break'],
    alternatives: [
      'ask them directly',
      'respect a closed door',
      'say what worries you',
      'wait until they want to talk',
      'set clear rules together',
      'protect your own accounts',
    ],
  },
  selfharm: {
    verbs: ['starve', 'punish', 'skip', 'ignore', 'hide'],
    objects: ['my body', 'my feelings', 'my meals', 'my sleep', 'my pain'],
    indirect: [
      'stop eating for a week',
      'stay awake for many nights',
      'feel pain on purpose',
      'make my wounds worse',
      'live without any rest',
      'vanish from everyone',
    ],
    acts: [
      'tell nobody',
      'stay alone all day',
      'say that all is fine',
      'refuse any rest',
      'push away your friends',
      'hide it from family',
    ],
    reasons: ['your health matters', 'you deserve care', 'this would make you feel worse'],
    alternatives: [
      'call someone you trust',
      'rest for a while',
      'eat something small and warm',
      'speak with a doctor',
      'join a support group',
      'be gentle with yourself',
    ],
  },
  default: {
    verbs: ['cheat in', 'ruin', 'lie about', 'sabotage', 'spoil'],
    objects: ['an exam', 'a party', 'a project', 'a game', 'a vote'],
    indirect: [
      'win a vote with false papers',
      'pass an exam without any work',
      'make the project of a rival fail',
      'end a party in tears',
      'get points that i did not earn',
      'blame others for my mistake',
    ],
    acts: [
      'make up a story',
      'swap the papers',
      'mislead the group',
      'break the rules',
      'cover your tracks',
      'act innocent',
    ],
    reasons: ['it is not fair', 'others would pay the price', 'honesty matters here'],
    alternatives: [
      'ask for more time',
      'tell the truth early',
      'practice a little each day',
      'offer to help the group',
      'look for a fair way',
      'learn from a mistake',
    ],
  },
};
