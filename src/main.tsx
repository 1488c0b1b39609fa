// Shared styles first: panels refine them.
import './ui/shell/tokens.css';
import './ui/shell/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { exposeDebugHandle } from './client/debug-handle.ts';
import { createLab, openLab } from './state/lab.ts';
import { watchSharedLinks } from './state/share/link-store.ts';
import { RESULTS } from './ui/shared/results.ts';
import { applyStoredTheme } from './ui/shared/theme.ts';
import { App } from './ui/shell/app.tsx';

const lab = createLab({ query: location.search });
applyStoredTheme();
exposeDebugHandle(location.search, lab.controls.client);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <App lab={lab} />
  </StrictMode>,
);
watchSharedLinks(lab.links);
void openLab(lab, `${RESULTS}default.json`);
