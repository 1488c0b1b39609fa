import type { ChatMessage, PromptSplit } from '../../contract/prompts.ts';

/** A conversation normalised for comparison: ignores case, character width and white space. */
export const promptKey = (messages: readonly ChatMessage[]): string =>
  JSON.stringify(
    messages.map(({ role, content }) => [
      role,
      content.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim(),
    ]),
  );

/** One prompt in this many is held out where a file does not say which. */
const HELD_OUT_SPLIT = 4;

/** The split of a prompt from its key alone, so that it is the same in every file: about one in four is held out. */
export const splitOf = (key: string): PromptSplit =>
  hash32(key) % HELD_OUT_SPLIT === 0 ? 'heldout' : 'train';

/** 32-bit FNV-1a over UTF-16 units, with murmur3's finaliser, since the low bits decide. */
function hash32(text: string): number {
  let h = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x0100_0193);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
