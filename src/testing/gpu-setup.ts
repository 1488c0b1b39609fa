import { afterEach } from 'vitest';
import { uncapturedErrors } from './gpu-fixture.ts';

// Set-up of each file of GPU tests. The fixture itself is a module of all of them, and runs but once.
afterEach(async () => {
  const errors = await uncapturedErrors();
  if (errors.length > 0) throw new Error(`The device reported:\n${errors.join('\n')}`);
});
