import { expect } from '@playwright/test';

const MOST_ACTIONS = 5;

/** Does one thing after another as a person would (a press, a drop, a number typed) and counts them: five reach any aim. */
export function newcomer() {
  let actions = 0;
  return {
    async act<T>(action: Promise<T>): Promise<T> {
      actions += 1;
      expect(actions, 'actions from the first screen').toBeLessThanOrEqual(MOST_ACTIONS);
      return await action;
    },
  };
}
