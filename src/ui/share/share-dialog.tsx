import { useId, useMemo, useRef, useState } from 'react';
import { LabError, type Fault } from '../../contract/errors.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { linkNeeds } from '../../state/share/link-needs.ts';
import { MAX_LINK, writeLink } from '../../state/share/link-payload.ts';
import type { View } from '../../state/page/page-store.ts';
import { problemsOf } from '../../settings/problems.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { useConfig, useLab, usePage, useShownRun } from '../shared/lab-context.ts';
import './share.css';

type Made = { readonly link: string } | { readonly fault: Fault };

function make(config: RunConfig, constitution: boolean, view: View | null): Made {
  const [problem] = problemsOf(config);
  if (problem)
    return {
      fault: {
        code: 'E_LINK_SETTING',
        message: problem.message,
        file: 'the link',
        place: problem.path,
        consequence: 'No link was made; your settings are unchanged.',
        nextStep: 'Put the setting right in the setup panel.',
      },
    };
  const { constitution: document, ...settings } = config;
  try {
    const address = location.origin + location.pathname;
    return { link: writeLink(address, { settings, constitution: constitution ? document : null, view }) };
  } catch (error) {
    if (error instanceof LabError) return { fault: error.fault };
    throw error;
  }
}

/** A link that sets the page up as it is here, for whoever opens it. */
export function ShareDialog({ onClose }: { onClose(): void }) {
  const { page } = useLab();
  const draft = useConfig(state => state.draft);
  const run = useShownRun();
  const shownView = usePage(state => state.view);
  const [ofRun, setOfRun] = useState(false);
  const [constitution, setConstitution] = useState(true);
  const [view, setView] = useState(false);
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const label = useId();

  const config = ofRun && run ? run.config : draft;
  const made = useMemo(
    () => make(config, constitution, view ? shownView : null),
    [config, constitution, view, shownView],
  );
  const needs = linkNeeds(config);

  const copy = async (link: string): Promise<void> => {
    page.note('shared');
    try {
      await navigator.clipboard.writeText(link);
      setCopied('yes');
    } catch {
      field.current?.select();
      setCopied('no');
    }
  };
  const change = <T,>(set: (value: T) => void) => {
    return (value: T): void => {
      setCopied(null);
      set(value);
    };
  };

  return (
    <Dialog title="Share" onClose={onClose}>
      <div className="share">
        <p>
          A link that sets the page up like this, for whoever opens it. It holds everything itself: nothing is
          sent anywhere, and nothing runs until they press Run.
        </p>
        <fieldset className="share-choice">
          <legend>Settings of</legend>
          <label>
            <input
              type="radio"
              name="share-settings"
              checked={!ofRun}
              onChange={() => change(setOfRun)(false)}
            />
            the setup panel
          </label>
          {run && (
            <label>
              <input
                type="radio"
                name="share-settings"
                checked={ofRun}
                onChange={() => change(setOfRun)(true)}
              />
              {run.label.toLowerCase()}, seed {run.config.seed}
            </label>
          )}
        </fieldset>
        <fieldset className="share-choice">
          <legend>With</legend>
          <label>
            <input
              type="checkbox"
              checked={constitution}
              onChange={event => change(setConstitution)(event.target.checked)}
            />
            the constitution “{config.constitution.title || 'Untitled'}”
          </label>
          <label>
            <input type="checkbox" checked={view} onChange={event => change(setView)(event.target.checked)} />
            the view that is shown
          </label>
        </fieldset>
        {'fault' in made ? (
          <FaultCard fault={made.fault} />
        ) : (
          <>
            <label htmlFor={label} className="share-label">
              Link
            </label>
            <textarea
              id={label}
              ref={field}
              className="textarea share-link"
              rows={4}
              readOnly
              spellCheck={false}
              value={made.link}
              onFocus={event => event.target.select()}
            />
            <div className="share-copy">
              <button type="button" className="button button-primary" onClick={() => void copy(made.link)}>
                Copy link
              </button>
              <p role="status">
                {copied === 'yes' && 'Copied.'}
                {copied === 'no' && 'The browser did not let it be copied: press Ctrl+C, or ⌘C.'}
              </p>
              <p className="share-size">
                {made.link.length.toLocaleString('en-US')} of {MAX_LINK.toLocaleString('en-US')} characters
              </p>
            </div>
          </>
        )}
        {needs.length > 0 && (
          <p className="share-needs">
            The link names and does not bring: {needs.join(', ')}. Whoever opens it has to choose{' '}
            {needs.length === 1 ? 'it' : 'them'}.
          </p>
        )}
        <p className="share-note">
          Figures are not in it: for these take the run bundle under Export. A seed repeats a run to the bit
          on the same GPU and build.
        </p>
      </div>
    </Dialog>
  );
}
