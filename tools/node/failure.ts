import { describeFault } from '../../src/contract/errors.ts';
import { describeFailure } from '../../src/service/failures.ts';

/** An error of a tool in one line: unlike the page, a tool has no run that goes on. */
export const failureLine = (error: unknown): string =>
  describeFault(
    describeFailure(error, {
      consequence: 'It went no further; files that it had written before are whole.',
      afterLoss: 'Start it again. If it happens again, close other programs that use the GPU.',
      nextStep: 'Start it again; if it fails in the same way, please report it with this message.',
    }),
  );
