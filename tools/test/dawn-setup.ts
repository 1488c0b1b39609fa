// Set-up of the test project `dawn`: gives Node the `navigator.gpu` that the same tests find in a browser.
import { openDawn } from '../node/dawn.ts';

// One for all files, which share their device.
if (!('gpu' in (globalThis.navigator ?? {})))
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: await openDawn() },
    configurable: true,
  });
