import { expect } from '@playwright/test';

const MOST_ACTIONS = 5;

/** Does one action after another as a user would (a press, a drop, a typed number) and counts them: five are enough for any goal. */
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
