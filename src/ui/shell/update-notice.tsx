import { useStore } from 'zustand';
import { isActive } from '../../state/run/run-store.ts';
import { watchSite } from '../../state/page/site-update.ts';
import { useCurrentRun } from '../shared/lab-context.ts';
import './update-notice.css';

const site = watchSite();

/** Offers a newer version of the page once it has been fetched. Nothing reloads by itself: a run may be going on. */
export function UpdateNotice() {
  const stage = useStore(site.store, state => state.stage);
  const running = isActive(useCurrentRun());
  const shown = stage === 'ready' || stage === 'open-elsewhere';
  return (
    <div role="status">
      {shown && (
        <aside className="update" aria-label="New version">
          <p className="update-what">A new version of this page is ready.</p>
          {stage === 'ready' && running && <p>Reloading ends the run that is going on.</p>}
          {stage === 'open-elsewhere' && (
            <p>The lab is open in another tab as well. Close it there, then reload.</p>
          )}
          <div className="update-actions">
            <button type="button" className="button button-primary" onClick={() => void site.change()}>
              Reload
            </button>
            <button type="button" className="button" onClick={site.putOff}>
              Later
            </button>
          </div>
        </aside>
      )}
    </div>
  );
}
