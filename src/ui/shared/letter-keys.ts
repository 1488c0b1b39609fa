import { create } from 'zustand';
import { storedChoice } from './stored-choice.ts';

const stored = storedChoice('copsd-letter-keys', ['on', 'off'], 'on');

/** Whether single letters are shortcuts. Who speaks to the computer needs a way to switch them off (WCAG 2.1.4). */
export const useLetterKeys = create<{ readonly on: boolean }>(() => ({ on: stored.read() === 'on' }));

export function setLetterKeys(on: boolean): void {
  useLetterKeys.setState({ on });
  stored.write(on ? 'on' : 'off');
}
